"""The record of changes to packages: the manner of ``matters.record`` for guides."""

from collections.abc import Sequence

from django.utils import timezone

from identity.models import User
from matters.models import JointChange, JointVersion
from matters.record import ONE_SITTING


def note(version: JointVersion, action: str, by: User, *, fields: Sequence[str] = (), text: str = "") -> JointChange:
    """Write a row, inside the caller's transaction. Edits that one person makes within half an hour share a row."""
    now = timezone.now()
    last = version.changes.first()
    if last is not None and action == JointChange.Action.EDITED and _same_sitting(last, by):
        last.fields = [*last.fields, *(name for name in fields if name not in last.fields)]
        last.at = now
        last.save(update_fields=["fields", "at"])
        return last
    return JointChange.objects.create(
        version=version, action=action, by=by, by_name=str(by), at=now, fields=list(fields), note=text
    )


def _same_sitting(last: JointChange, by: User) -> bool:
    is_edit = last.action == JointChange.Action.EDITED
    return is_edit and last.by_id == by.pk and timezone.now() - last.at <= ONE_SITTING
