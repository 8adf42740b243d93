"""What anybody who holds a paper may learn from its check code: is it ours, does it still stand, for whom was it made."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.db.models import Q

from applications.models import Document, Licence
from applications.models.document import DocumentState
from applications.models.licence import LicenceState
from applications.states import State
from identity import numbers

Standing = Literal["valid", "expired", "revoked", "withdrawn", "cancelled", "replaced", "voided"]
# The papers that fall with the licence they speak of.
BOUND_TO_LICENCE = ("grant", "renewal", "licence_change", "licence")


ENDS: dict[LicenceState, Standing] = {
    LicenceState.REVOKED: "revoked",
    LicenceState.WITHDRAWN: "withdrawn",
    LicenceState.CANCELLED: "cancelled",
}


@dataclass(frozen=True)
class Verdict:
    """Masked facts: natural persons appear as ``张*``, numbers of persons not at all."""

    standing: Standing
    title: str
    number: str
    organ: str
    issued_on: date
    holder: str
    matter: str
    file_sha256: str
    valid_from: date | None = None
    valid_to: date | None = None
    changed_on: date | None = None
    reason: str = ""


def clean_code(typed: str) -> str:
    """The code as stored: capitals, without the hyphens and blanks that people type."""
    return "".join(letter for letter in typed.upper() if letter.isascii() and letter.isalnum())[:32]


def verdict(code: str, today: date) -> Verdict | None:
    """What the public check page says about a code; None when no issued paper carries it."""
    document = (
        Document.objects.filter(check_code=code, state=DocumentState.READY)
        .select_related("application")
        .exclude(check_code="")
        .first()
    )
    if document is None:
        return None
    is_bound = document.kind in BOUND_TO_LICENCE
    licence = _licence_of(document) if is_bound else None
    case, is_licence = document.content["case"], document.kind == "licence"
    name, is_enterprise = case["applicant"]["name"], case["applicant"]["is_enterprise"]
    return Verdict(
        standing=_standing(document, licence, today),
        title=document.title,
        number=licence.number if licence and is_licence else document.number,
        organ=case["organ"]["name"],
        issued_on=date.fromisoformat(document.content["issued_on"]),
        holder=name if is_enterprise else numbers.mask_name(name),
        matter=case["matter_name"],
        file_sha256=document.blob,
        valid_from=licence.valid_from if licence else None,
        valid_to=licence.valid_to if licence else None,
        changed_on=licence.changed_on if licence else None,
        reason=licence.reason if licence else "",
    )


def _licence_of(document: Document) -> Licence | None:
    """The licence a paper speaks of: of its case, or the one that its case was about."""
    case = document.application
    return Licence.objects.filter(Q(application=case) | Q(pk=case.about_licence_id)).first()


def _standing(document: Document, licence: Licence | None, today: date) -> Standing:
    if document.application.state == State.VOIDED:
        return "voided"
    if document.application.state == State.REVOKED and document.kind in BOUND_TO_LICENCE:
        return "revoked"
    if licence is None:
        return "valid"
    if licence.standing in ENDS:
        return ENDS[LicenceState(licence.standing)]
    if document.kind == "licence" and licence.document_id != document.pk:
        return "replaced"
    return "expired" if licence.valid_to is not None and licence.valid_to < today else "valid"
