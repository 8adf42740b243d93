"""Judging an upload: everything that is wrong at once, and what would be new, changed and unchanged. Saves no guide.

The result is kept, bound to the person, the file and the revision of every draft, until ``applying`` saves it.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import IO, Any

from django.db.models import Q
from django.utils import timezone, translation

from identity.models import Department, Role, User
from matters import editors, queries
from matters.checks import types
from matters.checks.problem import Problem, texts
from matters.guide import GuideContent
from matters.guide_checks import check_parsed
from matters.models import GuideImport, GuideImportItem, GuideVersion, Matter
from matters.workbook import document, entries, reading, rows
from matters.workbook.content import changed_fields, normal, parse, readable
from matters.workbook.entries import Entry, OnFault, is_storable
from matters.workbook.findings import AT_ONCE, Findings
from matters.workbook.package import Refused
from matters.workbook.rows import Fault

OPEN = (GuideVersion.State.DRAFT, GuideVersion.State.PUBLISHED, GuideVersion.State.WITHDRAWN)


@dataclass(frozen=True)
class Keeper:
    """Who imports: ``departments`` by code are those whose guides this person writes; ``user`` None is the command line."""

    user: User | None
    name: str
    departments: dict[str, Department]

    @classmethod
    def of(cls, user: User) -> "Keeper":
        """An editor, with the departments of the post."""
        return cls(user, str(user), _by_code(editors.departments_for(user, Role.EDITOR)))

    @classmethod
    def everybody(cls, name: str) -> "Keeper":
        """Who may write for every department, as the command line does."""
        return cls(None, name, _by_code(Department.objects.all()))


def _by_code(departments: Any) -> dict[str, Department]:
    return {department.code: department for department in departments}


def run(file: IO[bytes], name: str, keeper: Keeper) -> GuideImport:
    """Judge a workbook or a JSON document; Refused, with nothing kept, when it is neither or may do harm."""
    _forget_unused(keeper)
    batch = GuideImport.objects.create(
        by=keeper.user, by_name=keeper.name, file_name=name[:200], digest=digest_of(file), at=timezone.now()
    )
    try:
        with translation.override("zh-hans"):  # labels in cells are Chinese, whatever language the page is read in
            _judge_all(file, batch, keeper)
    except Refused:
        batch.delete()
        raise
    batch.ready = True
    batch.save()
    return batch


def digest_of(file: IO[bytes]) -> str:
    """SHA-256 of a file, hex."""
    file.seek(0)
    return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]


def _forget_unused(keeper: Keeper) -> None:
    """Only a person's last dry run is of use; one that is still running is left alone."""
    broken_off = Q(at__lt=timezone.now() - timedelta(hours=1))
    GuideImport.objects.filter(Q(ready=True) | broken_off, by=keeper.user, applied_at=None).delete()


def _judge_all(file: IO[bytes], batch: GuideImport, keeper: Keeper) -> None:
    findings = Findings(batch)
    judge = Judge(batch, keeper, findings)
    with _source(file, findings.error) as source:
        while block := list(islice(source, AT_ONCE)):
            judge.block(block)
    findings.flush()
    if not (batch.created or batch.changed or batch.unchanged or batch.errors):
        raise Refused("文件里没有事项。请先下载一份，在它上面修改或者添加。")


@contextmanager
def _source(file: IO[bytes], on_fault: OnFault) -> Iterator[Iterator[Entry]]:
    if document.is_document(file):
        yield document.entries(file, on_fault)
        return
    with reading.opened(file) as book:
        if not reading.is_ours(book):
            raise Refused("工作簿里没有工作表“事项”。请先下载一份，在它上面修改；工作表的名字不要改。")
        yield entries.of_workbook(book, on_fault)


class Judge:
    """Compares the entries with what is there."""

    def __init__(self, batch: GuideImport, keeper: Keeper, findings: Findings) -> None:
        self.batch = batch
        self.keeper = keeper
        self.findings = findings
        self.all_departments = set(Department.objects.values_list("code", flat=True))

    def block(self, block: Sequence[Entry]) -> None:
        """Judge some entries; two queries, however many they are."""
        matters = Matter.objects.filter(code__in=[entry.code for entry in block]).select_related("department")
        known = {matter.code: matter for matter in matters}
        newest = {version.matter_id: version for version in queries.newest_versions(matters)}
        before = queries.starting_points(newest.values())
        for entry in block:
            matter = known.get(entry.code)
            key = matter.pk if matter else 0
            self._entry(entry, matter, newest.get(key), before.get(key))

    def _entry(
        self, entry: Entry, matter: Matter | None, version: GuideVersion | None, base: GuideVersion | None
    ) -> None:
        department = self._department(entry, matter)
        locked = self._is_locked(entry, version)
        for fault in entry.faults:
            self.findings.error(fault, entry.code)
        parsed = parse(entry.content)
        wrong = types.read(entry.content)[1] if parsed is None else []
        unstorable = _unstorable(entry.content)
        for problem in [*unstorable, *wrong]:
            place = entry.place_of(problem.path)
            if place:
                self._error(entry, place, _shown(entry.content, problem.path), problem.message)
        lacks = self._lacks(entry, parsed or readable(entry.content))
        if department is None or locked or unstorable:  # PostgreSQL would refuse the row, and with it the whole report
            return
        content, before = normal(entry.content, parsed), normal(base.content) if base else {}
        if before == content:
            self.batch.unchanged += 1
            return
        self._count(is_new=matter is None)
        self.findings.item(
            GuideImportItem(
                batch=self.batch,
                code=entry.code,
                name=str((content.get("guide") or {}).get("matter_name", ""))[:200],
                department=department,
                is_new=matter is None,
                seen=version.uid if version else None,
                seen_revision=version.revision if version else 0,
                seen_state=version.state if version else "",
                fields=changed_fields(before, content),
                lacks=lacks,
                content=content,
            )
        )

    def _count(self, *, is_new: bool) -> None:
        if is_new:
            self.batch.created += 1
        else:
            self.batch.changed += 1

    def _is_locked(self, entry: Entry, version: GuideVersion | None) -> bool:
        """Whether the matter is in review or waits for its release, with an error that says so."""
        if version is None or version.state in OPEN:
            return False
        said = f"这个事项的新版本正在办理（{version.get_state_display()}），现在不能改，请等它结束。"
        self._error(entry, entry.code_place, entry.code, said)
        return True

    def _error(self, entry: Entry, place: Any, value: str, message: str) -> None:
        self.findings.error(Fault(place, value, message), entry.code)

    def _department(self, entry: Entry, matter: Matter | None) -> Department | None:
        """Whose matter it is; None, with an error, when this person may not write it."""
        if matter is None:
            return self._department_of_new(entry)
        if matter.department.code not in self.keeper.departments:
            said = f"这个事项由{matter.department.name}维护，不由您的部门维护，不能导入。"
            self._error(entry, entry.code_place, entry.code, said)
            return None
        if entry.owner and entry.owner != matter.department.code:
            said = f"这个事项属于{matter.department.name}（{matter.department.code}），导入不能把它改到别的部门。"
            self._error(entry, entry.owner_place, entry.owner, said)
            return None
        return matter.department

    def _department_of_new(self, entry: Entry) -> Department | None:
        mine = self.keeper.departments
        code = entry.owner or _department_code(entry.content) or (next(iter(mine)) if len(mine) == 1 else "")
        if code in mine:
            return mine[code]
        if not code:
            said = "新事项要写明主管部门编码。"
        elif code in self.all_departments:
            said = f"部门 {code} 的事项不由您维护，不能导入。"
        else:
            said = f"没有编码为“{code}”的部门，请核对。"
        self._error(entry, entry.owner_place, entry.owner or code, said)
        return None

    def _lacks(self, entry: Entry, content: GuideContent) -> int:
        """Tell what keeps the matter from being published; how many such things there are."""
        count = 0
        for problem in check_parsed(content):
            place = entry.place_of(problem.path)
            if place is not None and not self.findings.is_faulty(place):
                self.findings.lack(place, entry.code, problem.message)
                count += 1
        return count


def _department_code(content: dict[str, Any]) -> str:
    guide = content.get("guide")
    department = guide.get("department") if isinstance(guide, dict) else None
    code = department.get("code") if isinstance(department, dict) else None
    return code if isinstance(code, str) else ""


def _unstorable(content: dict[str, Any]) -> list[Problem]:
    """Characters that no database takes: NUL, and halves of surrogate pairs."""
    try:
        text = json.dumps(content, ensure_ascii=False)
        if "\\u0000" not in text and text.encode():
            return []
    except UnicodeEncodeError:
        pass
    return [
        Problem("", path, "这里有不能保存的控制字符，请删去后重新填写。")
        for path, text in texts(content)
        if not is_storable(text)
    ]


def _shown(content: dict[str, Any], path: str) -> str:
    """The plain value at a path as the checks give it; empty for lists and objects."""
    value: Any = content
    for part in rows.full_path(path).split("."):
        if isinstance(value, list) and part.isdecimal() and int(part) < len(value):
            value = value[int(part)]
        else:
            value = value.get(part) if isinstance(value, dict) else None
    return str(value) if isinstance(value, str | int | float) else ""
