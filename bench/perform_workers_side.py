"""Runs on the office's site: ``fill N`` files cases, ``work …`` is one of the workers, ``check N`` looks at what they left."""

import gc
import json
import os
import sys
import time
import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

import django


def fill(wanted: int) -> None:
    """File cases of all matters in turn; one of each is accepted, so that every counter of numbers has its row."""
    from applications import services
    from applications.models import Application
    from matters.models import Matter

    matters = list(Matter.objects.filter(online=True, active=True).exclude(current=None).select_related("current"))
    for matter in matters:
        file(matter)
    for case in Application.objects.all():
        services.perform(case.pk, "accept", actor=clerks()[case.department_id], seen=None, render=False)
    for index in range(wanted):
        file(matters[index % len(matters)])


def file(matter: Any) -> None:
    """One case, through the handler of arriving submissions."""
    from django.db import transaction
    from django.utils import timezone

    from applications import numbering, sync_handlers
    from sync.registry import Fact

    now = timezone.now()
    with transaction.atomic():
        payload = submission(matter, numbering.next_number("519901", timezone.localdate(now)), now.isoformat())
        key = f"application:{payload['uid']}"
        sync_handlers.submitted(Fact("application.submitted", 1, key, 1, 1, payload, [], now))


def clerks() -> dict[int, Any]:
    """A clerk of each department."""
    from applications import actors
    from identity.models import Post

    found = {post.department_id: post.user for post in Post.objects.filter(role="clerk", active=True)}
    return {department: actors.staff(user) for department, user in found.items()}


def submission(matter: Any, number: str, at: str) -> dict[str, Any]:
    """A submission as it arrives, with the answers and files of an ordinary case."""
    file = {"file_name": "材料.pdf", "content_type": "application/pdf", "size": 8, "uploaded_at": at}
    materials = [file | {"key": one.key, "sha256": "1" * 64} for one in matter.current.guide.materials]
    person = {"kind": "person", "name": "王芳", "id": "519901198803121024", "contact_name": "王芳"}
    return {
        "uid": str(uuid.uuid4()),
        "number": number,
        "query_code": "ABCDEF",
        "matter": matter.code,
        "guide": str(matter.current.uid),
        "applicant": person | {"contact_phone": "13900010001", "address": "云川市青溪区滨河路 18 号"},
        "situation": {},
        "answers": {"main": {f"field{index}": "填写的内容" for index in range(20)}},
        "materials": materials,
        "declared_at": at,
        "submitted_at": at,
    }


def work(workers: int, rounds: int, cases: int, number: int) -> None:
    """A process that has started as a web server's does: prepare, say so, and do a round for each line on standard input: ``perform`` or ``bare``."""
    gc.collect()
    gc.freeze()  # as hall/wsgi.py does
    performs, writes = _prepared(workers, rounds, cases, number)
    print("ready", flush=True)
    for line in sys.stdin:
        acts = {"perform": performs, "bare": writes}[line.strip()]
        portion = [acts.pop() for _ in range(cases)]
        started = time.monotonic()
        for act in portion:
            act()
        print(json.dumps([started, time.monotonic()]), flush=True)


def _prepared(workers: int, rounds: int, cases: int, number: int) -> tuple[list[Callable[[], object]], ...]:
    from applications import services, sync_facts
    from applications.models import Application
    from bench import same_rows
    from matters.models import Matter

    actor = clerks()
    # By place, not by state: other workers have begun to move theirs. ``fill`` accepted the first case of each matter.
    first = Matter.objects.filter(online=True, active=True).exclude(current=None).count() + number
    waiting = list(Application.objects.order_by("pk")[first::workers])[: 2 * rounds * cases + 2]

    def accept(case: Application) -> Callable[[], object]:
        who = actor[case.department_id]
        return partial(services.perform, case.pk, "accept", actor=who, seen=case.seen, render=False)

    accept(waiting.pop())()
    waiting.pop()  # the warm-up of the other side is the rehearsal
    performed, written = waiting[: rounds * cases], waiting[rounds * cases :]
    statements = [same_rows.rehearsed(case.pk, sync_facts.key_of(case), [accept(case)])[0] for case in written]
    return [accept(case) for case in performed], [partial(same_rows.write, one) for one in statements]


def check(moved: int) -> None:
    """No update was lost: as many cases moved as acts were made, each chain and the numbers of the papers are whole."""
    from django.db.models import Max

    from applications import verifying
    from applications.models import Application, Document, DocumentCounter, Event

    accepted = Application.objects.filter(state="ACCEPTED")
    events = Event.objects.filter(action="accept")
    assert accepted.count() == events.count() >= 2 * moved - 8, (accepted.count(), events.count(), moved)
    assert set(accepted.values_list("version", flat=True)) == {3}
    numbers = Document.objects.filter(kind="acceptance", application__in=accepted).values_list("number", flat=True)
    assert len(set(numbers)) >= moved
    assert DocumentCounter.objects.aggregate(last=Max("last"))["last"] >= 1
    assert list(verifying.chains()) == []


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hall.settings")
    django.setup()
    parts: dict[str, Callable[..., None]] = {"fill": fill, "work": work, "check": check}
    parts[sys.argv[1]](*map(int, sys.argv[2:]))
