"""The applicant's answer to the one-time correction notice: only what it names is open, everything goes at once.

Corrected parts of the form wait in ``Correction.typed``, corrected files are materials of round 1; both leave together
with the request to supplement.
"""

from datetime import datetime
from typing import Any

from django.db import transaction

from applications import requests, sync_facts, uploads
from applications.actors import Actor
from applications.counter import papers
from applications.errors import DataMissing, NotPossible
from applications.models import Application, Correction, Request
from applications.notices_again import items_of
from applications.states import State
from matters.formdef import FormAnswers
from matters.forms import clean_answers


def is_open(case: Application) -> bool:
    """Whether the applicant can correct now: asked, and nothing sent yet."""
    return case.state == State.CORRECTION and uploads.open_round(case) is not None


def part(case: Application, key: str) -> Correction | None:
    """The item of the notice that opens this part of the form."""
    return next((item for item in items_of(case) if item.target == f"section:{key}"), None)


def corrected_answers(case: Application) -> FormAnswers:
    """The whole form as it will be after the supplement."""
    changed = {item.key: item.typed for item in items_of(case) if item.kind == "section" and item.typed}
    return case.answers | changed


def save_part(case: Application, key: str, answers: Any) -> None:
    """Keep what was typed into a part of the notice; NotPossible for any other part, or after sending."""
    with transaction.atomic():
        locked = Application.objects.select_for_update().get(pk=case.pk)
        if not is_open(locked) or part(locked, key) is None:
            raise NotPossible("这一部分现在不能修改。只有补正通知里列出的内容可以修改，提交补正之后也不能再改。")
        locked.corrections.filter(target=f"section:{key}").update(typed=answers)


def problem_of(case: Application, item: Correction) -> str:
    """What this item of the notice still lacks; empty when it is ready to be sent."""
    if item.kind == "section":
        if not item.typed:
            return f"“{item.label}”还没有修改。"
        _, errors = clean_answers(case.guide_version.form, corrected_answers(case))
        wrong = any(path.partition(".")[0] == item.key for path in errors)
        return f"“{item.label}”还没有填写完。" if wrong else ""
    takes_files = any(one.key == item.key for one in uploads.open_materials(case))
    if item.kind == "material" and takes_files and item.key not in uploads.handed_in(case):
        noted = papers.presented(case).get(item.key)
        return "" if noted and noted.is_paper else f"还没有上传新的“{item.label}”。"
    return ""


def missing(case: Application) -> dict[str, str]:
    """Item of the notice → what it lacks; empty when the supplement can be sent."""
    problems = {item.target: problem_of(case, item) for item in items_of(case)}
    return {target: sentence for target, sentence in problems.items() if sentence}


def changes(case: Application) -> dict[str, Any]:
    """What the supplement brings, as it travels; the caller has locked the case. DataMissing when an item lacks something."""
    problems = missing(case) if is_open(case) else {}
    if problems:
        raise DataMissing(problems)
    answers, _ = clean_answers(case.guide_version.form, corrected_answers(case))
    sections = {item.key for item in items_of(case) if item.kind == "section"}
    turn = uploads.open_round(case) or uploads.CORRECTION  # where nothing is open, the move is refused
    return {
        "answers": {key: answers[key] for key in sorted(sections) if key in answers},
        "materials": [sync_facts.material_row(row) for row in case.materials.filter(round=turn)],
        "round": turn,
    }


def send(case: Application, *, actor: Actor, reason: str = "", at: datetime | None = None) -> Request:
    """Send everything to the office at once. DataMissing when an item lacks something, NotPossible when it cannot be now."""
    with transaction.atomic():
        locked = Application.objects.select_for_update().get(pk=case.pk)
        return requests.ask(locked, "supplement", actor=actor, reason=reason, changes=changes(locked), at=at)
