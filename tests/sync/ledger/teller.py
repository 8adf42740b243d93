"""A site as a process: obeys one JSON order a line, so that a test need not start Python for each command.

Orders: {"command": [name, arguments…]}, {"note": {"n": how many, "first": number, "keys": k, "bytes": size of an
attachment or 0, "bad": which one is to be rejected, "key": start of the keys}}, {"fact": {"topic", "key", "payload"}}, {"attach": {"path", "number"}}, {"attached": number}, {"call": [act of the operator, words…]}, {"rows": true} for what was
applied, {"own": true} for what happened here, {"save": path}, {"load": path} for the bare database. Answers: {"code", "out", "error"}, {"rows": […]} or what
the operator sees. {"act": {"name", …}} is for tests/sync/halls/acts.py. Also {"state": true} for tests/sync/ledger/state.py, {"child": an order, …} for
tests/sync/ledger/children.py, {"crowd": [[orders], …]} for crowd.py.
"""

import io
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

import django
from django.core.management import call_command
from django.core.management.base import CommandError


def obey(order: dict[str, Any]) -> dict[str, Any]:
    """Carry out one order."""
    for name, act in _ACTS.items():
        if name in order:
            return act(order)
    raise ValueError(f"no such order: {order}")


def acted(act: dict[str, Any]) -> dict[str, Any]:
    """What a person of the real hall does."""
    from tests.sync.halls import acts

    return {"answer": acts.act(**act)}


def in_child(order: dict[str, Any]) -> dict[str, Any]:
    """In a process that may be killed."""
    from tests.sync.ledger import children

    return children.in_child(obey, order)


def in_crowd(order: dict[str, Any]) -> dict[str, Any]:
    """In many processes at once."""
    from tests.sync.ledger import crowd

    return crowd.at_once(obey, order["crowd"])


def state() -> dict[str, Any]:
    """What is true of this site."""
    from tests.sync.ledger import state

    return state.of_site()


def command(words: list[str]) -> dict[str, Any]:
    """Run a management command as manage.py would."""
    out, complaints, error, code = io.StringIO(), io.StringIO(), "", 0
    try:
        call_command(*words, stdout=out, stderr=complaints)
    except SystemExit as end:
        code = int(str(end.code))
    except CommandError as failure:
        code, error = 1, str(failure)
    return {"code": code, "out": out.getvalue(), "error": complaints.getvalue() + error}


def note(
    n: int,
    first: int = 1,
    keys: int = 3,
    bytes: int = 0,  # noqa: A002
    bad: int = -1,
    key: str = "",
    text: str = "",
    undo: bool = False,
    undone: Sequence[int] = (),
    dwell: float = 0,
) -> dict[str, Any]:
    """Note facts, each in a transaction of its own, as many requests would.

    Those ``undone`` (or all, ``undo``) are rolled back; each transaction stays open for ``dwell`` seconds.
    """
    from django.db import transaction

    from sync import blobs, outbox
    from tests.sync.ledger.handlers import VERSION, written
    from tests.sync.ledger.models import Entry
    from tests.sync.peer import TOPIC

    for number in range(first, first + n):
        names = [blobs.put(io.BytesIO(str(number).encode().ljust(bytes, b".")))] if bytes else []
        payload = {"n": number, "text": text or f"第 {number} 条 😀", "bad": number == bad}
        with transaction.atomic():
            fact = outbox.record(
                TOPIC, f"{key or first}:{number % keys}", written(payload), blobs=names, version=VERSION
            )
            Entry.objects.create(
                key=fact.key, number=number, text=payload["text"], at=fact.occurred_at, blobs=names, own=True
            )
            time.sleep(dwell)
            transaction.set_rollback(undo or number in undone)
    return {"code": 0}


def fact(topic: str, key: str, payload: dict[str, Any]) -> dict[str, Any]:
    """Note one fact of any topic."""
    from django.db import transaction

    from sync import outbox

    with transaction.atomic():
        outbox.record(topic, key, payload)
    return {"code": 0}


def attach(path: str, number: int) -> dict[str, Any]:
    """Note one fact with this file as its attachment; its name in the store."""
    from django.db import transaction

    from sync import blobs, outbox
    from tests.sync.ledger.handlers import VERSION, written
    from tests.sync.peer import TOPIC

    with open(path, "rb") as handle, transaction.atomic():  # noqa: PTH123
        name = blobs.put(handle)
        outbox.record(TOPIC, f"file:{number}", written({"n": number, "text": ""}), blobs=[name], version=VERSION)
    return {"name": name}


def attached(number: int) -> dict[str, Any]:
    """What has arrived with a fact: names, true lengths and hashes of its attachments, and the most memory ever used here."""
    import hashlib
    import resource

    from sync import blobs
    from tests.sync.ledger.models import Entry

    found = []
    for name in Entry.objects.get(number=number, own=False).blobs:
        with blobs.open(name) as handle:
            digest = hashlib.sha256()
            length = sum(digest.update(piece) or len(piece) for piece in iter(lambda: handle.read(1 << 20), b""))
        found.append([name, length, digest.hexdigest()])
    return {"files": found, "kB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}


def call(name: str, *words: Any) -> dict[str, Any]:
    """What the operator does on the page: give up or retry the oldest dead letter, let what halts pass, see rejections."""
    from sync import dead_letters, halts, rejections
    from sync.models import DeadLetter, Halt

    letter = DeadLetter.objects.filter(open=True).order_by("id").first()
    if name == "dismiss" and letter:
        dead_letters.dismiss(letter.pk, "许航", words[0])
    if name == "retry" and letter:
        return {"done": dead_letters.retry(letter.pk, "许航")}
    if name == "let_pass":
        halts.let_pass(Halt.objects.get(open=True).pk, "许航", words[0])
    return {
        "letters": list(DeadLetter.objects.filter(open=True).values_list("record__rseq", "reason")),
        "halts": list(Halt.objects.filter(open=True).values_list("rseq", "reason")),
        "rejections": [[one.rseq, one.topic, one.key, one.reason] for one in rejections.listed()],
    }


def bare_database(order: dict[str, Any]) -> dict[str, Any]:
    """What a careless administrator does: keep a copy of the database, and put it back without telling anybody."""
    from pathlib import Path

    from sync import database_dump

    if "save" in order:
        database_dump.write(Path(order["save"]) / database_dump.name())
    else:
        database_dump.restore(Path(order["load"]) / database_dump.name())
    return {"code": 0}


def rows(*, own: bool) -> list[list[Any]]:
    """Everything in the ledger, with the content of attachments and the moment."""
    from sync import blobs
    from tests.sync.ledger.models import Entry

    found = []
    for entry in Entry.objects.filter(own=own).order_by("id"):
        contents = [blobs.open(name).read().decode() for name in entry.blobs]
        found.append([entry.key, entry.number, entry.text, contents, entry.at.isoformat()])
    return found


_ACTS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "command": lambda order: command(order["command"]),
    "act": lambda order: acted(order["act"]),
    "child": in_child,
    "crowd": in_crowd,
    "state": lambda _: state(),
    "fact": lambda order: fact(**order["fact"]),
    "attach": lambda order: attach(**order["attach"]),
    "attached": lambda order: attached(order["attached"]),
    "call": lambda order: call(*order["call"]),
    "note": lambda order: note(**order["note"]),
    "save": bare_database,
    "load": bare_database,
    "rows": lambda _: {"rows": rows(own=False)},
    "own": lambda _: {"rows": rows(own=True)},
}

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.sync.ledger.settings")
    django.setup()
    for order_line in sys.stdin:
        sys.stdout.write(json.dumps(obey(json.loads(order_line))) + "\n")
        sys.stdout.flush()
