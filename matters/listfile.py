"""Lists of matters that local governments publish, read as rows of ``importing``: 序号, 主管部门, 事项名称, 实施机关, 设定依据, 实施依据, 备注.

Such a list (行政许可事项清单, law.md §6) names no codes. Each matter gets a local one made of what names it, the same at every import.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence

from pypinyin import Style, lazy_pinyin

Row = dict[str, str]
DEPARTMENT, NAME, ORGAN, SET_BY, CARRIED_BY, REMARK = "主管部门", "事项名称", "实施机关", "设定依据", "实施依据", "备注"
HEADINGS = ("序号", DEPARTMENT, NAME, ORGAN, SET_BY, CARRIED_BY, REMARK)
NEEDED = (DEPARTMENT, NAME)
LICENCE = "01"
MAX_HEAD_ROWS = 5  # titles stand above the headings


def headings_in(rows: Iterable[Sequence[str]]) -> int | None:
    """At which of the first rows (from 0) the headings of a list stand; None when it is no such list."""
    for number, row in enumerate(rows):
        if number >= MAX_HEAD_ROWS:
            return None
        if set(NEEDED) <= {heading(cell) for cell in row}:
            return number
    return None


def heading(cell: str) -> str:
    """A heading without the spaces and line breaks that make it fit."""
    return re.sub(r"\s", "", cell)


def rows_of(lines: Sequence[Sequence[str]]) -> list[Row]:
    """The rows of a list whose first line has the headings; lines without department and name are left out.

    A department that is written once for several lines (merged cells) counts for the lines below it.
    """
    names = [heading(cell) for cell in lines[0]]
    rows: list[Row] = []
    department = ""
    for line in lines[1:]:
        found = dict(zip(names, (cell.strip() for cell in line), strict=False))
        if not any(found.get(name) for name in HEADINGS[1:]):
            continue
        department = found.get(DEPARTMENT) or department
        rows.append(_row(found | {DEPARTMENT: department}))
    return rows


def _row(found: Row) -> Row:
    return {
        "department": found[DEPARTMENT],
        "main_item": "",
        "name": re.sub(r"\s+", "", found.get(NAME, "")),
        "type_code": LICENCE,
        "type_label": "",
        "local_item_code": local_code(found[DEPARTMENT], found.get(NAME, ""), found.get(ORGAN, "")),
        "region_code": "",
        "org_uscc": "",
        "organ": found.get(ORGAN, ""),
        "bases": "\n".join(filter(None, (found.get(SET_BY, ""), found.get(CARRIED_BY, "")))),
        "remark": found.get(REMARK, ""),
    }


def local_code(department: str, name: str, organ: str) -> str:
    """A code of our own for a matter without one: initials of the department and twelve hex digits of what names the matter."""
    initials = "".join(lazy_pinyin(department, style=Style.FIRST_LETTER, errors="ignore")).upper()[:8]
    named = "\x1f".join(re.sub(r"\s", "", part) for part in (department, name, organ))
    return f"L-{initials or 'X'}-{hashlib.sha256(named.encode()).hexdigest()[:12].upper()}" if name else ""


def bases(text: str) -> list[dict[str, str]]:
    """The legal bases in a cell, one for each 《…》 with what follows it, else one for each line."""
    parts = re.findall(r"《[^》]+》[^《\n]*", text) or [line for line in text.splitlines() if line.strip()]
    found = [re.fullmatch(r"《([^》]+)》(.*)", part.strip(" ；;，,、。\t")) for part in parts]
    return [
        {"title": match[1], "article": match[2].strip(" ；;，,、。")} if match else {"title": part.strip()}
        for match, part in zip(found, parts, strict=True)
    ]
