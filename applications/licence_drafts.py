"""Beginning a renewal or a change of a licence on the outer side: a draft under the same guide, filled in as far as known."""

from django.db import transaction
from django.utils import timezone

from applications import drafts, licence_faces, licence_filing
from applications.drafts import Applicant
from applications.errors import DataMissing, NotPossible
from applications.models import Application, Licence
from applications.models.application import Purpose
from applications.states import State

Change = dict[str, str]


def renew(applicant: Applicant, licence: Licence) -> Application:
    """The draft of the licence's renewal, the one begun before if there is one. NotPossible when it cannot be renewed now."""
    said = licence_filing.renewal_refusal(licence, timezone.localdate())
    if said:
        raise NotPossible(said)
    return _begin_once(applicant, licence, Purpose.RENEWAL, [])


def change(applicant: Applicant, licence: Licence, wanted: dict[str, str]) -> Application:
    """The draft of a change to ``wanted`` (field of licence_faces.CHANGEABLE → new words).

    NotPossible when it cannot be changed now, DataMissing when nothing differs from what the licence says.
    """
    said = licence_filing.change_refusal(licence, timezone.localdate())
    if said:
        raise NotPossible(said)
    changes = differences(licence, wanted)
    if not changes:
        raise DataMissing({"__all__": "请至少改一项；现在填的和证照上写的一样。"})
    return _begin_once(applicant, licence, Purpose.CHANGE, changes)


def differences(licence: Licence, wanted: dict[str, str]) -> list[Change]:
    """What of ``wanted`` is filled in and differs from the present face, with the old words."""
    present = licence_faces.values(licence)
    return [
        {"field": field, "old": present[field], "new": wanted[field].strip()}
        for field in licence_faces.CHANGEABLE
        if wanted.get(field, "").strip() not in ("", present[field])
    ]


def existing(licence: Licence, purpose: Purpose) -> Application | None:
    """The draft begun for this licence."""
    return licence.later_applications.filter(purpose=purpose, state=State.DRAFT).first()


def _begin_once(applicant: Applicant, licence: Licence, purpose: Purpose, changes: list[Change]) -> Application:
    """A double click makes one draft; another change replaces what the draft asked for."""
    with transaction.atomic():
        locked = (
            Licence.objects.select_for_update(of=("self",)).select_related("application__matter").get(pk=licence.pk)
        )
        draft = existing(locked, purpose) or _begin(applicant, locked)
        draft.purpose, draft.about_licence, draft.change_asked = purpose, locked, changes
        draft.save(update_fields=["purpose", "about_licence", "change_asked"])
    return draft


def _begin(applicant: Applicant, licence: Licence) -> Application:
    """A draft with the answers of the application that the licence came from; its parts are looked over once more."""
    before = licence.application
    draft = drafts.begin(applicant, before.matter, before.situation)
    known = {section.key for section in draft.guide_version.form.sections}
    draft.answers = draft.answers | {key: value for key, value in before.answers.items() if key in known}
    draft.save(update_fields=["answers"])
    return draft
