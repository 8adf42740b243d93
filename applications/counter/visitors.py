"""Who came to the window, in whose name, and which papers proved it (行政许可法 29: an application may be filed by an agent)."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from applications.models import Application, CounterFiling
from applications.models.application import ApplicantKind
from applications.models.counter import Capacity, ShownDocument
from identity.models import User
from identity.numbers import mask_id_number, mask_uscc

PERSON_DOCUMENTS = (
    *(ShownDocument.ID_CARD, ShownDocument.TEMPORARY_ID, ShownDocument.HOUSEHOLD),
    *(ShownDocument.RESIDENCE, ShownDocument.ELECTRONIC_ID),
)
ENTERPRISE_DOCUMENTS = (
    *(ShownDocument.LICENCE, ShownDocument.ELECTRONIC_LICENCE),
    *(ShownDocument.INSTITUTION, ShownDocument.SOCIETY),
)


@dataclass(frozen=True)
class Visitor:
    """What the clerk checked; ``forms.counter.IdentityForm`` makes it, numbers have their right check digits.

    ``number`` is the applicant's (citizen number or credit code), ``presenter_*`` are of who stands at the window: the
    applicant, its head, or an agent with written authority.
    """

    kind: ApplicantKind
    name: str
    number: str
    document: str
    phone: str
    address: str
    capacity: Capacity
    presenter_name: str
    presenter_id: str
    presenter_document: str
    has_authority: bool
    window: str


def columns(visitor: Visitor) -> dict[str, Any]:
    """The columns of the application that say who applies; its hash is the caller's."""
    return {
        "applicant_kind": visitor.kind,
        "applicant_name": visitor.name,
        "applicant_id": visitor.number,
        "contact_name": visitor.presenter_name,
        "contact_phone": visitor.phone,
        "address": visitor.address,
    }


def keep(case: Application, visitor: Visitor, clerk: User) -> CounterFiling:
    """Write down what was seen, over what was written before while it is a draft."""
    filing, _created = CounterFiling.objects.update_or_create(
        application=case,
        defaults={
            "window": visitor.window,
            "clerk": clerk,
            "clerk_name": clerk.display_name or clerk.username,
            "document": visitor.document,
            "capacity": visitor.capacity,
            "presenter_name": visitor.presenter_name,
            "presenter_id": visitor.presenter_id,
            "presenter_document": visitor.presenter_document,
            "has_authority": visitor.has_authority,
            "checked_at": timezone.now(),
        },
    )
    return filing


def on_record(case: Application, filing: CounterFiling) -> dict[str, Any]:
    """What the record of the case says of the check: numbers masked, the papers by name."""
    is_person = case.applicant_kind == ApplicantKind.PERSON
    return {
        "window": filing.window,
        "applicant": case.applicant_name,
        "applicant_number": (mask_id_number if is_person else mask_uscc)(case.applicant_id),
        "document": filing.get_document_display(),
        "capacity": filing.get_capacity_display(),
        "presenter": filing.presenter_name,
        "presenter_number": mask_id_number(filing.presenter_id),
        "presenter_document": filing.get_presenter_document_display(),
        "has_authority": filing.has_authority,
        "checked_at": filing.checked_at.isoformat(),
    }


def known_facts(case: Application) -> dict[str, str]:
    """Facts to fill in beforehand, by the names that form definitions use (``prefilled_from``)."""
    is_person = case.applicant_kind == ApplicantKind.PERSON
    person = {"person.name": case.contact_name, "person.phone": case.contact_phone}
    if is_person:
        return person | {"person.name": case.applicant_name, "person.id_number": case.applicant_id}
    filing: CounterFiling = case.counter
    head = filing.presenter_name if filing.capacity == Capacity.HEAD else ""
    return person | {
        "person.id_number": filing.presenter_id,
        "enterprise.name": case.applicant_name,
        "enterprise.uscc": case.applicant_id,
        "enterprise.legal_representative": head,
        "enterprise.address": case.address,
    }
