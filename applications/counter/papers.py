"""Materials at the window: scanned, or kept as paper, each with how far it may be trusted (国办函〔2016〕108号)."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from applications import uploads
from applications.actors import Actor
from applications.errors import DataMissing, NotPossible
from applications.models import Application, PresentedMaterial
from applications.states import State
from matters import codes, guide

MOST_SHEETS = 99


def wanted(case: Application) -> list[guide.Material]:
    """The materials that can be handed in at the window now: of a draft all that are not shared data, afterwards those
    of the notice or those that are owed."""
    everything = [one for one in case.guide.materials if not one.shared_data]
    if case.state == State.DRAFT:
        return everything
    asked = uploads.asked_keys(case) if uploads.open_round(case) is not None else set()
    return [one for one in everything if one.key in asked]


def is_required(case: Application, material: guide.Material) -> bool:
    """Whether the application is not complete without it; a form that is filled in on the screen needs no paper."""
    made_here = material.kind == "form" and bool(case.guide_version.form.sections)
    return material.is_required and not made_here


def presented(case: Application) -> dict[str, PresentedMaterial]:
    """What was noted in the open round (the first when none is open), by material."""
    turn = uploads.open_round(case) or uploads.FIRST
    return {row.key: row for row in case.presented.filter(round=turn)}


def note(case: Application, key: str, *, originals: int, copies: int, trust: str, actor: Actor) -> None:
    """Note what lay on the counter of one material; no paper and no level takes the note back.

    NotPossible when the material is not wanted now, DataMissing for a number or a level that cannot be.
    """
    _check(originals, copies, trust)
    with transaction.atomic():
        locked = Application.objects.select_for_update().get(pk=case.pk)
        turn = uploads.open_round(locked)
        if turn is None or key not in {one.key for one in wanted(locked)}:
            raise NotPossible("现在不能登记这项材料，请刷新页面查看最新情况。")
        if not (originals or copies or trust):
            locked.presented.filter(key=key, round=turn).delete()
            return
        PresentedMaterial.objects.update_or_create(
            application=locked,
            key=key,
            round=turn,
            defaults={
                "originals": originals,
                "copies": copies,
                "trust": trust,
                "noted_by": actor.name,
                "noted_at": timezone.now(),
            },
        )


def _check(originals: int, copies: int, trust: str) -> None:
    wrong = {}
    for name, number in (("originals", originals), ("copies", copies)):
        if not 0 <= number <= MOST_SHEETS:
            wrong[name] = f"份数请填 0 到 {MOST_SHEETS}。"
    if trust and trust not in codes.TRUST_LEVELS:
        wrong["trust"] = "可信等级请选 A、B、C、D 之一。"
    elif not trust and (originals or copies):
        wrong["trust"] = "请选择可信等级。"
    if wrong:
        raise DataMissing(wrong)


def problem_of(case: Application, material: guide.Material, row: PresentedMaterial | None, has_file: bool) -> str:
    """What this material still lacks before the application can be filed; empty when nothing."""
    if not has_file and not (row and row.is_paper):
        missing = f"“{material.name}”还没有扫描，也没有登记纸质材料。"
        return missing if row or is_required(case, material) else ""
    return "" if row else f"“{material.name}”还没有选择可信等级。"


def missing(case: Application) -> dict[str, str]:
    """``material:<key>`` → what is lacking, of a draft at the window."""
    held, noted = uploads.handed_in(case), presented(case)
    problems = {
        f"material:{one.key}": problem_of(case, one, noted.get(one.key), one.key in held) for one in wanted(case)
    }
    return {name: sentence for name, sentence in problems.items() if sentence}


def drop_unneeded(case: Application) -> None:
    """Leave out the notes on materials that the applicant's situation does not ask for, inside the submission."""
    case.presented.exclude(key__in=[one.key for one in case.guide.materials]).delete()


def rows(case: Application, turn: int | None = None) -> list[dict[str, Any]]:
    """What was presented (of one round, or of all), as it travels."""
    found = case.presented.all() if turn is None else case.presented.filter(round=turn)
    return [
        {
            "key": row.key,
            "round": row.round,
            "originals": row.originals,
            "copies": row.copies,
            "trust": row.trust,
            "noted_at": row.noted_at.isoformat(),
        }
        for row in found
    ]
