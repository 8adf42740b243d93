"""Lists of matters as drafts: names, codes and departments are there, the twenty fields still to be written.

Two kinds are understood, each as CSV or as the first sheet of a workbook: the catalogue of a county (``COLUMNS``) and the lists that governments
publish (``matters.listfile``).
"""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from typing import Any

from django.db import transaction
from pypinyin import lazy_pinyin

from identity import services as identity_services
from identity.models import Department
from matters import codes, listfile, record
from matters.guide import GUIDE_FIELDS
from matters.guide_checks import check_guide
from matters.models import GuideVersion, Matter
from matters.services import MAX_CODE

COLUMNS = (
    "department",
    "main_item",
    "name",
    "type_code",
    "type_label",
    "local_item_code",
    "region_code",
    "org_uscc",
)
REQUIRED = {"department": "部门", "name": "事项名称", "type_code": "事项类型代码", "local_item_code": "实施编码"}
ROWS_AT_ONCE = 500
MOST_FAULTS_SHOWN = 20
Row = dict[str, str]


class CannotImport(ValueError):
    """The file cannot be imported; ``str()`` says why in Chinese. Nothing was written."""


@dataclass
class Lack:
    """A draft and the guide fields (or header) that keep it from being published."""

    code: str
    name: str
    department: str
    fields: list[str]


@dataclass
class Report:
    """What an import did, and what is still to be written."""

    rows: int = 0
    created: int = 0
    existing: int = 0
    departments: int = 0
    departments_created: int = 0
    lacking: dict[str, int] = field(default_factory=dict)
    matters: list[Lack] = field(default_factory=list)


def read_rows(path: Path) -> list[Row]:
    """The rows of a CSV file; CannotImport for a file that is none. UTF-8 or the GB18030 that Excel writes."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise CannotImport(f"读不到文件 {path}：{error.strerror}。") from error
    try:
        lines = [line for line in csv.reader(io.StringIO(_decoded(data, path), newline=""), strict=True) if line]
    except csv.Error as error:
        raise CannotImport(f"文件 {path} 不是有效的 CSV：{error}。") from error
    return rows_of(lines, path)


def rows_of(lines: Sequence[Sequence[str]], path: Path) -> list[Row]:
    """The rows of a list, whichever kind it is, from its lines with the headings; CannotImport when it is neither, or faulty."""
    start = listfile.headings_in(lines)
    rows = _county_rows(lines, path) if start is None else listfile.rows_of(lines[start:])
    if not rows:
        raise CannotImport(f"文件 {path} 里没有事项。")
    _refuse_faulty(rows, 2 + (start or 0))
    return rows


def _county_rows(lines: Sequence[Sequence[str]], path: Path) -> list[Row]:
    names = [name.strip() for name in lines[0]] if lines else []
    missing = [name for name in COLUMNS if name not in names]
    if missing:
        raise CannotImport(
            f"文件 {path} 缺少列：{'、'.join(missing)}。第一行应是列名：{','.join(COLUMNS)}，"
            f"或者 {'、'.join(listfile.HEADINGS)}。"
        )
    found = (dict(zip_longest(names, line[: len(names)], fillvalue="")) for line in lines[1:])
    return [{name: row[name].strip() for name in COLUMNS} for row in found]


def _decoded(data: bytes, path: Path) -> str:
    if b"\x00" in data:
        raise CannotImport(f"文件 {path} 不是文字文件；Excel 文件请另存为 CSV 后再导入。")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise CannotImport(f"文件 {path} 的文字编码无法识别，请另存为 UTF-8 编码的 CSV。")


def _refuse_faulty(rows: list[Row], first_line: int) -> None:
    """All faults at once, with their lines."""
    faults: list[str] = []
    times = Counter(code_of(row) for row in rows)
    for line, row in enumerate(rows, start=first_line):
        faults += [f"第 {line} 行没有填写{label}" for name, label in REQUIRED.items() if not row[name]]
        if row["type_code"] and row["type_code"] not in codes.MATTER_TYPES:
            faults.append(f"第 {line} 行的事项类型代码“{row['type_code']}”不存在")
        if len(row["name"]) > 200 or len(row["department"]) > 100:
            faults.append(f"第 {line} 行的名称太长")
        if len(code_of(row)) > MAX_CODE:
            faults.append(f"第 {line} 行的实施编码超过 {MAX_CODE} 位")
        if row["local_item_code"] and times[code_of(row)] > 1:
            faults.append(f"第 {line} 行的实施编码 {row['local_item_code']} 在文件里出现了 {times[code_of(row)]} 次")
    if faults:
        more = f"；还有 {len(faults) - MOST_FAULTS_SHOWN} 处" if len(faults) > MOST_FAULTS_SHOWN else ""
        raise CannotImport(
            f"文件有 {len(faults)} 处错误，没有导入任何事项：{'；'.join(faults[:MOST_FAULTS_SHOWN])}{more}。"
        )


def code_of(row: Row) -> str:
    """The implementation code; provinces write up to 50 characters and then group them with hyphens, which are dropped."""
    code = row["local_item_code"]
    return code if len(code) <= MAX_CODE else code.replace("-", "")


@transaction.atomic
def import_rows(rows: list[Row]) -> Report:
    """Make departments and drafts that are not there yet; what exists already is left as staff made it."""
    report = Report(rows=len(rows))
    departments = _departments(rows, report)
    known = set(Matter.objects.values_list("code", flat=True))
    fresh = [row for row in rows if code_of(row) not in known]
    for start in range(0, len(fresh), ROWS_AT_ONCE):
        _create(fresh[start : start + ROWS_AT_ONCE], departments)
    report.created, report.existing = len(fresh), len(rows) - len(fresh)
    _describe_lacks(rows, report)
    return report


def _departments(rows: list[Row], report: Report) -> dict[str, Department]:
    found = {department.name: department for department in Department.objects.all()}
    names = list(dict.fromkeys(row["department"] for row in rows))
    for name in names:
        if name not in found:
            found[name] = _create_department(name, [row for row in rows if row["department"] == name])
            report.departments_created += 1
    report.departments = len(names)
    return found


def _create_department(name: str, rows: list[Row]) -> Department:
    """The file names no department codes: region and pinyin make one that is the same at every import."""
    stem = f"{rows[0]['region_code']}-{''.join(lazy_pinyin(name))}".strip("-")[:36]
    code, number = stem, 1
    while Department.objects.filter(code=code).exists():
        number += 1
        code = f"{stem}-{number}"
    numbers = Counter(row["org_uscc"].upper() for row in rows if len(row["org_uscc"]) == 18)
    uscc = numbers.most_common(1)[0][0] if numbers else ""
    department = identity_services.save_department(code, name, uscc=uscc)
    identity_services.publish_department(department)
    return department


def _create(rows: list[Row], departments: dict[str, Department]) -> None:
    matters = Matter.objects.bulk_create(
        Matter(
            code=code_of(row),
            name=row["name"],
            type_code=row["type_code"],
            department=departments[row["department"]],
            active=False,
        )
        for row in rows
    )
    drafts = GuideVersion.objects.bulk_create(
        GuideVersion(matter=matter, number=1, content=_content(row, matter.department))
        for matter, row in zip(matters, rows, strict=True)
    )
    for remark in dict.fromkeys(row.get("remark", "") for row in rows):
        pairs = [
            (draft, ["matter_name"]) for draft, row in zip(drafts, rows, strict=True) if row.get("remark", "") == remark
        ]
        record.note_imports(pairs, None, "导入清单", remark)


def _content(row: Row, department: Department) -> dict[str, Any]:
    guide: dict[str, Any] = {
        "matter_name": row["name"],
        "department": {"code": department.code, "name": department.name, "uscc": row["org_uscc"].upper()},
        "acceptance_level_place": {"region": row["region_code"], "org": row.get("organ") or department.name},
    }
    if row.get("bases"):
        guide["legal_basis"] = listfile.bases(row["bases"])
    return {"header": {"code": code_of(row), "type_code": row["type_code"]}, "guide": guide, "form": {}}


def _describe_lacks(rows: Iterable[Row], report: Report) -> None:
    """Judge the drafts as they stand now, in the file's order; published matters lack nothing."""
    drafts = {
        draft.matter.code: draft
        for draft in GuideVersion.objects.filter(state=GuideVersion.State.DRAFT).select_related("matter__department")
    }
    counts: Counter[str] = Counter()
    for row in rows:
        draft = drafts.get(code_of(row))
        if draft is None:
            continue
        fields = list(dict.fromkeys(problem.field for problem in check_guide({"header": {}, **draft.content})))
        counts.update(fields)
        report.matters.append(Lack(code_of(row), draft.matter.name, draft.matter.department.name, fields))
    report.lacking = {name: counts[name] for name in (*GUIDE_FIELDS, "header", "form") if counts[name]}
