"""The list of notices in the account: what is new, what was sent elsewhere too."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from applications.models import Application, Notice
from applications.models.notice import Channel
from identity.models import User


def listed(user: User) -> QuerySet[Notice]:
    """The account's notices of this person, newest first."""
    return Notice.objects.filter(recipient=user, channel=Channel.ACCOUNT)


def unread(user: User) -> int:
    """How many of them are new; the header of every page shows it."""
    return listed(user).filter(read_at=None).count()


def mark_read(user: User, case: Application | None = None) -> int:
    """Mark all as read, or those about one case."""
    rows = listed(user).filter(read_at=None)
    if case is not None:
        rows = rows.filter(application=case)
        if not rows.exists():  # a page that is looked at should not write
            return 0
    return rows.update(read_at=timezone.now())


def with_deliveries(notices: list[Notice]) -> list[dict[str, Any]]:
    """Each with how it went by the other channels; one query for all."""
    if not notices:
        return []
    keys = {one.event_key for one in notices}
    others = Notice.objects.filter(recipient=notices[0].recipient_id, event_key__in=keys)
    found: dict[str, list[Notice]] = {}
    for one in others.exclude(channel=Channel.ACCOUNT).order_by("channel"):
        found.setdefault(one.event_key, []).append(one)
    return [{"notice": one, "deliveries": found.get(one.event_key, [])} for one in notices]
