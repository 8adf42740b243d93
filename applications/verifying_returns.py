"""Which heads of the other side are of before it was restored from a backup: what it had lost it got back from here."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from uuid import UUID

from applications.effects import day_of
from applications.models import Application, PeerHead
from sync import new_epochs

# Facts that tell of the head of their case's chain, and the one that tells of those of all its members.
HEADED = (
    *("application.submitted", "application.requested", "application.moved", "message.sent"),
    *("application.filed_inside", "application.asked_inside"),
)
PACKAGE = "joint.submitted"
Head = tuple[UUID, int, str]


def replaced() -> dict[Head, date]:
    """Heads that the other side told before it was restored and cannot have any more, each with the day on which a person
    approved here that it gets back what it had lost.

    Of a case as many as facts were given back, the last that were told before: everything earlier was in the backup and
    must still hold.
    """
    found: dict[Head, date] = {}
    for (approved_at, uid), number in Counter(_given_back()).items():
        told = PeerHead.objects.filter(case_uid=uid, received_at__lt=approved_at).order_by("-pk")
        heads = told.values_list("case_uid", "place", "digest")[:number]
        found |= dict.fromkeys(heads, day_of(approved_at))
    return found


def _given_back() -> Iterator[tuple[datetime, UUID]]:
    """Of each head that was told with a fact that was given back: when that was approved, and the case."""
    for approved_at, key in new_epochs.given_back((*HEADED, PACKAGE)):
        kind, _, uid = key.partition(":")
        if kind == "application":
            yield approved_at, UUID(uid)
        else:
            members = Application.objects.filter(joint_case__uid=uid).values_list("uid", flat=True)
            yield from ((approved_at, member) for member in members)
