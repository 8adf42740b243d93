"""A licence after it was issued: revocation (行政许可法 69) on the inner side, told to the public check page."""

from django.db import transaction
from django.utils import timezone

from applications import evidence, register, sync_facts
from applications.actors import Actor
from applications.errors import DataMissing, NotAllowed, NotPossible
from applications.models import Application, Licence
from applications.models.licence import LicenceState


def check_revocable(licence: Licence, actor: Actor) -> None:
    """NotAllowed or NotPossible when this person cannot revoke this licence now."""
    if not actor.holds("approver", licence.application.responsible_departments()):
        raise NotAllowed("只有作出决定的部门负责人可以撤销证照。")
    if licence.standing != LicenceState.VALID:
        raise NotPossible(f"这份证照{licence.get_standing_display()}，不能再撤销。")


def revoke(pk: int, *, actor: Actor, reason: str) -> Licence:
    """Revoke a valid licence. Only an approver of the organ that granted it may; a reason is required."""
    with transaction.atomic():
        # The document too: its worker tells the other side of the licence, and one of us must see what the other did.
        rows = Licence.objects.select_related("document").select_for_update(of=("self", "document"))
        licence = rows.get(pk=pk)
        check_revocable(licence, actor)
        if not reason.strip():
            raise DataMissing({"reason": "请填写撤销的理由和依据。"})
        licence.standing, licence.reason = LicenceState.REVOKED, reason.strip()
        licence.changed_on = timezone.localdate()
        licence.save(update_fields=["standing", "reason", "changed_on"])
        case = Application.objects.select_for_update().get(pk=licence.application_id)
        data = {"licence": licence.number, "reason": licence.reason}
        evidence.record_act(case, "revoke_licence", actor=actor, note=licence.reason, data=data)
        if licence.document.blob:  # otherwise the fact goes out with its document, already revoked
            sync_facts.record_licence(licence)
        register.enter(licence.application)
    return licence
