"""Send what waits in the table of notices. Two workers never send one notice; a failure is tried again with growing gaps.

Claiming a notice moves ``next_try_at`` on before it is sent: a worker that dies leaves it to the next ``tick``.
"""

import logging
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F
from django.utils import timezone

from applications.models import Notice
from applications.models.notice import NoticeState
from applications.talking import gateways
from applications.talking.gateways import Letter, Never, NotNow

logger = logging.getLogger(__name__)

# After the first, second … failed attempt; after the last the notice has failed.
GAPS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 1440))
LEASE = timedelta(minutes=5)  # longer than any gateway takes
A_RUN = 200  # notices that one tick sends


@dataclass
class Sent:
    """How many went out, how many will never."""

    sent: int = 0
    failed: int = 0


def deliver_due(now: datetime | None = None) -> Sent:
    """Send what is due, oldest first; safe beside the worker."""
    now, done = now or timezone.now(), Sent()
    waiting = Notice.objects.filter(state=NoticeState.WAITING, next_try_at__lte=now)
    for uid in list(waiting.order_by("next_try_at").values_list("uid", flat=True)[:A_RUN]):
        state = deliver(uid, now)
        done.sent += state == NoticeState.SENT
        done.failed += state == NoticeState.FAILED
    return done


def deliver(uid: uuid.UUID, now: datetime | None = None) -> str:
    """Send one notice if it is due and nobody else has it; returns its state afterwards, empty when it was not ours."""
    now = now or timezone.now()
    due = Notice.objects.filter(uid=uid, state=NoticeState.WAITING, next_try_at__lte=now)
    if not due.update(next_try_at=now + LEASE, attempts=F("attempts") + 1):
        return ""
    notice = Notice.objects.get(uid=uid)
    try:
        gateways.gateway_of(notice.channel).send(
            Letter(str(notice.uid), notice.address, notice.title, notice.body),
        )
    except Never as refused:
        return _failed(notice, str(refused))
    except NotNow as trouble:
        return _again(notice, str(trouble), now)
    return _keep(notice, state=NoticeState.SENT, sent_at=now, next_try_at=None, failure="")


def _again(notice: Notice, code: str, now: datetime) -> str:
    if notice.attempts > len(GAPS):
        return _failed(notice, code)
    logger.info("notice %s by %s: %s, attempt %d", notice.uid, notice.channel, code, notice.attempts)
    return _keep(notice, next_try_at=now + GAPS[notice.attempts - 1], failure=code[:40])


def _failed(notice: Notice, code: str) -> str:
    logger.warning("notice %s by %s not delivered: %s", notice.uid, notice.channel, code)
    return _keep(notice, state=NoticeState.FAILED, next_try_at=None, failure=code[:40])


def _keep(notice: Notice, **values: object) -> str:
    Notice.objects.filter(pk=notice.pk).update(**values)
    return str(values.get("state", notice.state))
