"""The record of changes to data sets (备案): who did what, when."""

from datetime import timedelta

from django.utils import timezone

from identity.models import User
from matters.models import DataSet, DataSetChange, DataSetVersion

# Field after field of one sitting is one row.
ONE_SITTING = timedelta(minutes=30)


def note(dataset: DataSet, version: DataSetVersion | None, action: str, by: User | str, note: str = "") -> None:
    """Write a row, inside the caller's transaction. Edits that one person makes within half an hour share a row."""
    who, now = by if isinstance(by, User) else None, timezone.now()
    last = dataset.changes.first()
    is_going_on = (
        last is not None
        and action == last.action == DataSetChange.Action.EDITED
        and (last.version_id, last.by_id, last.by_name) == (version.pk if version else None, who and who.pk, str(by))
        and now - last.at <= ONE_SITTING
    )
    if is_going_on and last is not None:
        last.at = now
        last.save(update_fields=["at"])
    else:
        dataset.changes.create(version=version, action=action, by=who, by_name=str(by), at=now, note=note)


def has_edited(version: DataSetVersion, user: User) -> bool:
    """Whether this person had a hand in the draft, and so may not be the one who lets it out."""
    writing = (DataSetChange.Action.DRAFTED, DataSetChange.Action.EDITED)
    return version.changes.filter(by=user, action__in=writing).exists()
