"""The status query by the joint number and its code: the package in one word, and a line for every member."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import get_language, gettext

from applications.joint import dates, papers, queries, standing
from applications.models import Application, JointCase
from applications.public_status import understood
from identity.numbers import mask_name
from matters import calendar


@dataclass(frozen=True)
class Member:
    """One matter of the package; ``due`` is its next limit."""

    matter: str
    department: str
    state: str
    state_label: str
    due: date | None


@dataclass(frozen=True)
class JointStatus:
    """What the public may know of a joint case; natural persons appear as 张*. ``due`` is the joint promise."""

    number: str
    name: str
    lead: str
    phone: str
    applicant: str
    state_label: str
    submitted_at: datetime | None
    due: date | None
    members: list[Member]


def find(number: str, code: str) -> JointStatus | None:
    """None alike for a wrong number and a wrong code."""
    joint = queries.by_number_and_code(*understood(number, code))
    return tell(joint) if joint else None


def tell(joint: JointCase) -> JointStatus:
    """What the public may know of this joint case."""
    children = papers.children_of(joint)
    found = dates.dates_of(joint, children, timezone.localdate(), calendar.current())
    content, is_person = joint.version.parsed, joint.applicant_kind == "person"
    return JointStatus(
        number=joint.number or "",
        name=(_in_english() and content.name_en) or content.name,
        lead=joint.version.joint.lead.name,
        phone=content.contact.phone or joint.version.joint.lead.phone,
        applicant=mask_name(joint.applicant_name) if is_person else joint.applicant_name,
        state_label=gettext(standing.words(children)),
        submitted_at=joint.submitted_at,
        due=found.promise.on if found.promise and found.is_running else None,
        members=[_member(joint, child) for child in children],
    )


def _member(joint: JointCase, child: Application) -> Member:
    facts = joint.facts_of(child.matter.code)
    return Member(
        matter=(_in_english() and facts.name_en) or facts.name,
        department=child.department.name,
        state=child.state,
        state_label=gettext(child.state_label),
        due=None if child.is_ended else child.next_due,
    )


def _in_english() -> bool:
    return (get_language() or "").startswith("en")
