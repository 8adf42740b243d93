"""Sealing for a peer that is a release behind: a fact is written in the version that the peer reads, or held back.

A fact that cannot be said in the peer's version holds back everything after it: leaving it out would change the order
of facts. Receipts and heartbeats still go out, so that the peer's own receipt can tell us when it is upgraded.
"""

import json

from django.conf import settings

from sync import canonical, versions
from sync.models import Outbox, Peer
from sync.versions import NoWayDown


class Overlap:
    """Decides fact by fact; ``held`` says in Chinese what stopped it, empty as long as nothing did."""

    def __init__(self) -> None:
        self._supports: dict[str, int] = (
            Peer.objects.filter(side=settings.HALL_PEER_SIDE).values_list("supports", flat=True).first() or {}
        )
        self._older: dict[int, int] = {}
        self.held = ""

    def takes(self, row_id: int, topic: str, version: int) -> bool:
        """Whether the peer can be given this fact, as it is or in an older version."""
        wanted = self._wanted(topic, version)
        if wanted == version:
            return True
        try:
            _said_as(Outbox.objects.get(pk=row_id), wanted)
        except NoWayDown as error:
            self.held = _sentence(topic, version, wanted, str(error))
            return False
        self._older[row_id] = wanted
        return True

    def write(self, cut: int) -> None:
        """Note the older form of the facts up to row ``cut``: a file that is made again must have the same content."""
        for row_id, wanted in self._older.items():
            if row_id <= cut:
                row = Outbox.objects.get(pk=row_id)
                row.sent_version, row.sent_payload = wanted, _said_as(row, wanted)
                row.save(update_fields=["sent_version", "sent_payload"])

    def _wanted(self, topic: str, version: int) -> int:
        # Nothing heard of the peer yet: it parks what it cannot read, and its first receipt tells.
        return min(version, self._supports.get(topic, 0)) if self._supports else version


def held_back() -> str:
    """Why the next fact in line cannot be sealed for this peer; empty when it can, or when nothing waits."""
    first = Outbox.objects.filter(batch=None).order_by("id").values_list("id", "topic", "version").first()
    overlap = Overlap()
    if first:
        overlap.takes(*first)
    return overlap.held


def _said_as(row: Outbox, wanted: int) -> str:
    if not wanted:
        raise NoWayDown("对端没有登记这种内容")
    try:
        payload = versions.down(row.topic, row.version, wanted, json.loads(row.payload))
        return canonical.encode(dict(payload)).decode()
    except NoWayDown:
        raise
    except (LookupError, TypeError, ValueError, AttributeError) as error:  # a payload that the caster did not expect
        raise NoWayDown(f"{type(error).__name__}: {error}") from error


def _sentence(topic: str, version: int, wanted: int, why: str) -> str:
    reads = f"只读得懂第 {wanted} 版" if wanted else "还不认识它"
    return (
        f"下一条要发的内容（{topic} 第 {version} 版）对端{reads}，也无法改写成旧版（{why[:200]}）。"
        "为了不打乱先后次序，它和排在它后面的内容都先留在本端，没有丢失。"
        "请先升级对端；对端升级后发来的回执一到，本端就会接着封装。"
    )
