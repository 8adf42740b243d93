"""Gather what a case's documents must know (documents.facts) from its rows."""

from django.conf import settings
from django.utils import timezone

from applications.clocks import Limit
from applications.documents.facts import ApplicantFacts, CaseFacts, MaterialFacts, OrganFacts, RemedyFacts
from applications.models import Application
from applications.models.application import ApplicantKind
from identity import numbers
from matters.guide import Guide
from sync import statements

# Files that count now, and paper of the last time each material was brought: one statement.
_HANDED_IN = """
    SELECT key, COUNT(*), 0, 0 FROM applications_material WHERE application_id = %s AND NOT replaced GROUP BY key
    UNION ALL
    SELECT key, 0, originals, copies FROM applications_presentedmaterial p
    WHERE application_id = %s AND round = (
        SELECT MAX(round) FROM applications_presentedmaterial q WHERE q.application_id = p.application_id AND q.key = p.key
    )
"""


def gather(case: Application) -> CaseFacts:
    """Everything a document says about its case. Personal numbers are masked here and nowhere later."""
    guide = case.guide
    header = case.guide_version.header
    return CaseFacts(
        number=case.number or "",
        query_code=case.query_code,
        applicant=_applicant(case),
        matter_name=case.title,
        matter_code=case.matter.code,
        type_code=header.type_code,
        organ=_organ(case, guide),
        legal_basis=tuple(f"《{basis.title}》{basis.article}" for basis in guide.legal_basis),
        submitted_at=case.submitted_at or timezone.now(),
        hall_name=guide.service_address.hall_name or settings.HALL_NAME,
        hall_url=settings.HALL_OUTER_URL,
        materials=_materials(case, guide),
        remedies=RemedyFacts(
            review_organ=settings.HALL_REVIEW_ORGAN,
            court=settings.HALL_COURT,
            review_url=f"{settings.HALL_OUTER_URL}/help/#remedies",
        ),
        law_limit=Limit(guide.feedback_limit.value, guide.feedback_limit.unit).words(),
        promise_limit=Limit(guide.promised_limit.value, guide.promised_limit.unit).words(),
        accepted_on=case.accepted_on,
        intake_due=case.intake_due,
        promise_due=case.promise_due,
        law_due=case.law_due,
        fee=fee_words(guide),
        channel=case.get_channel_display(),
        situation=tuple(case.situation_words()),
        # A real seal needs the national seal system (国令716 art. 9): without the demo the place stays free for a stamp.
        seal="演示章" if settings.HALL_DEMO else "",
    )


def fee_words(guide: Guide) -> str:
    """The fee in one line."""
    if not guide.fee_standard.is_fee:
        return "不收费"
    return "；".join(f"{item.name}：{item.standard}" for item in guide.fee_standard.items)


def _applicant(case: Application) -> ApplicantFacts:
    is_enterprise = case.applicant_kind == ApplicantKind.ENTERPRISE
    return ApplicantFacts(
        name=case.applicant_name,
        is_enterprise=is_enterprise,
        id_number=case.applicant_id if is_enterprise else numbers.mask_id_number(case.applicant_id),
        contact_name=case.contact_name,
        phone=numbers.mask_phone(case.contact_phone),
        address=case.address,
    )


def _organ(case: Application, guide: Guide) -> OrganFacts:
    return OrganFacts(
        name=case.department.name,
        phone=guide.contact.phone or case.department.phone,
        address=guide.service_address.address or case.department.address,
        complaint_phone=guide.contact.complaint_phone,
        office=guide.responsible_office.name,
        email=guide.contact.email,
    )


def _materials(case: Application, guide: Guide) -> tuple[MaterialFacts, ...]:
    handed_in: dict[str, list[int]] = {}
    for key, *numbers_of in statements.ask(_HANDED_IN, [case.pk, case.pk]):
        known = handed_in.setdefault(key, [0, 0, 0])
        handed_in[key] = [before + more for before, more in zip(known, numbers_of, strict=True)]
    return tuple(
        MaterialFacts(name=material.name, originals=originals, copies=copies, electronic=electronic)
        for material in guide.materials
        for electronic, originals, copies in [handed_in.get(material.key, [0, 0, 0])]
        if electronic or originals or copies
    )
