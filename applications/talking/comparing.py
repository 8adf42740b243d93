"""What an applicant supplied after the notice of correction, beside what was there before: for the officer who looks again."""

from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from applications.models import Application, Correction, Material, Request
from applications.models.request import RequestState
from applications.states import State
from matters.formview import AnswerRow, answer_rows


@dataclass(frozen=True)
class Line:
    """One answer before and after; empty where there was or is none."""

    label: str
    old: str
    new: str

    @property
    def is_changed(self) -> bool:
        return self.old != self.new


@dataclass(frozen=True)
class Supplied:
    """One item of the notice with what came for it: lines of the form, or files beside those they replace."""

    item: Correction
    lines: list[Line] = field(default_factory=list)
    old_files: list[Material] = field(default_factory=list)
    new_files: list[Material] = field(default_factory=list)
    knows_before: bool = True

    @property
    def is_unchanged(self) -> bool:
        """Whether something came that says the same as before: the officer should know at once."""
        if self.item.kind == "section":
            return self.knows_before and bool(self.lines) and not any(line.is_changed for line in self.lines)
        same = {file.sha256 for file in self.old_files} >= {file.sha256 for file in self.new_files}
        return bool(self.new_files) and same


def supplied(case: Application) -> list[Supplied]:
    """Each item of the last notice that was answered; empty unless the case waits for somebody to look at the answer."""
    if case.state != State.RESUBMITTED:
        return []
    done = case.requests.filter(action="supplement", standing=RequestState.DONE)
    request = done.order_by("-answered_at", "-pk").first()
    items = list(case.corrections.all())
    if request is None or not items:
        return []
    last = max(item.round for item in items)
    files = list(case.materials.all())
    return [_supplied(case, request, item, files) for item in items if item.round == last]


def _supplied(case: Application, request: Request, item: Correction, files: list[Material]) -> Supplied:
    if item.kind == "section":
        return _section(case, request, item)
    turn = request.changes.get("round", 1)
    own = [file for file in files if file.key == item.key]
    new = [file for file in own if file.round == turn]
    before = max((file.round for file in own if file.round < turn), default=None)
    return Supplied(item, old_files=[file for file in own if file.round == before], new_files=new)


def _section(case: Application, request: Request, item: Correction) -> Supplied:
    given = request.changes.get("answers", {})
    if item.key not in given:
        return Supplied(item)
    before: dict[str, Any] = request.before.get("answers", {})
    knows_before = item.key in before
    # Both whole forms: whether a question is asked at all may hang on another part.
    old = _rows(case, case.answers | before, item.key) if knows_before else []
    return Supplied(item, lines=_lines(old, _rows(case, case.answers, item.key)), knows_before=knows_before)


def _rows(case: Application, answers: dict[str, Any], key: str) -> list[AnswerRow]:
    shown = answer_rows(case.guide_version.form, answers, masked=True)
    return next((rows for section, rows in shown if section.key == key), [])


def _lines(old: list[AnswerRow], new: list[AnswerRow]) -> list[Line]:
    """Side by side by label, in the order of what is there now; what is asked no more comes last."""
    before: dict[str, list[str]] = {}
    for label, value in old:
        before.setdefault(label, []).append(value)
    after: dict[str, list[str]] = {}
    for label, value in new:
        after.setdefault(label, []).append(value)
    return [
        Line(label, was or "", now or "")
        for label in dict.fromkeys([*after, *before])
        for was, now in zip_longest(before.get(label, []), after.get(label, []))
    ]
