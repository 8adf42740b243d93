"""The status query of anybody who has a number and its query code: what is told, and how what was typed is understood.

Nothing personal is told: natural persons appear as 张*, and only the kinds of acts, never their texts.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import get_language, gettext

from applications import queries
from applications.models import Application
from applications.models.progress import ClockKind
from applications.states import SpecialProcedure
from identity.numbers import mask_name

TOLD_CLOCKS = (
    ClockKind.INTAKE,
    ClockKind.PROMISE,
    ClockKind.LAW,
    ClockKind.DELIVERY,
    ClockKind.CORRECTION,
    ClockKind.OWED,
)
# Acts that everybody would understand as bad news, for the mark in the timeline.
BAD = ("refuse", "refuse_intake", "terminate", "void", "lapse", "lapse_owed", "find_pledge_false")
# Acts whose reason the law wants public (优化营商环境条例 36).
REASON_TOLD = ("publish_overrun",)


@dataclass(frozen=True)
class Told:
    """One act of the timeline."""

    action: str
    title: str
    at: datetime
    kind: str
    note: str = ""


@dataclass(frozen=True)
class Limit:
    """One running limit."""

    kind: str
    label: str
    due: date
    provisional: bool


@dataclass(frozen=True)
class Status:
    """What the public may know of a case."""

    number: str
    matter: str
    department: str
    phone: str
    applicant: str
    state: str
    state_label: str
    submitted_at: datetime | None
    ended_at: datetime | None
    limits: list[Limit]
    timeline: list[Told]


def understood(number: str, code: str) -> tuple[str, str]:
    """Number and code as people type them, brought to their one form: full width, spaces, hyphens, small letters."""
    return _plain(number), _plain(code)


def _plain(text: str) -> str:
    kept = unicodedata.normalize("NFKC", text[:200])
    return "".join(char for char in kept if char.isalnum()).upper()


def find(number: str, code: str) -> Status | None:
    """The case's public status by its number or that of a paper; None alike for a wrong number and a wrong code."""
    case = case_of(number, code)
    return tell(case) if case else None


def case_of(number: str, code: str) -> Application | None:
    """The case with this number, or with a paper of this number (文号); None when number or code is wrong."""
    plain, plain_code = understood(number, code)
    return queries.by_number_and_code(plain, plain_code) or queries.by_document_and_code(
        paper_number(number), plain_code
    )


def paper_number(text: str) -> str:
    """A 文号 as it is printed, however its brackets were typed: ``云市监许〔2026〕12号``."""
    kept = "".join(unicodedata.normalize("NFKC", text[:200]).split())
    return re.sub(r"[\[（(【〔［]", "〔", re.sub(r"[\]）)】〕］]", "〕", kept))


def tell(case: Application) -> Status:
    """What the public may know of this case."""
    guide = case.guide
    is_person = case.applicant_kind == "person"
    return Status(
        number=case.number or "",
        matter=_matter_name(case),
        department=case.department.name,
        phone=guide.contact.phone or case.department.phone,
        applicant=mask_name(case.applicant_name) if is_person else case.applicant_name,
        state=case.state,
        state_label=gettext(case.state_label),
        submitted_at=case.submitted_at,
        ended_at=case.ended_at,
        limits=[
            Limit(clock.kind, gettext(ClockKind(clock.kind).label), clock.due, clock.provisional)
            for clock in case.clocks.filter(stopped_on=None, kind__in=TOLD_CLOCKS)
        ],
        timeline=_timeline(case),
    )


def _matter_name(case: Application) -> str:
    """In English where the guide has an English name."""
    in_english = (get_language() or "").startswith("en")
    return (in_english and case.guide_version.header.name_en) or case.guide_version.guide.matter_name


def _timeline(case: Application) -> list[Told]:
    """Newest first. Of a pause the procedure is told, since it explains why nothing seems to happen."""
    pauses = iter(case.pauses.order_by("id"))
    told = []
    for event in case.events.for_applicant():
        note = ""
        if event.action == "pause" and (pause := next(pauses, None)):
            note = gettext(SpecialProcedure(pause.procedure).label)
        elif event.action in REASON_TOLD:
            note = event.note
        kind = "bad" if event.action in BAD else "paused" if event.action == "pause" else "done"
        told.append(Told(event.action, gettext(event.label), event.at, kind, note))
    return told[::-1]
