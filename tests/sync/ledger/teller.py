"""A site as a process: obeys one JSON order a line, so that a test need not start Python for each command.

Orders: {"command": [name, arguments…]}, {"note": {"n": how many, "first": number, "keys": k, "bytes": size of an
attachment or 0, "bad": which one is to be rejected, "key": start of the keys, "undo": whether to roll back}}, {"rows": true}, {"state": true} for
tests/sync/ledger/state.py, {"child": an order, …} for tests/sync/ledger/children.py. Answers: {"code", "out", "error"} or {"rows": […]}.
"""

import io
import json
import os
import sys
from typing import Any

import django
from django.core.management import call_command
from django.core.management.base import CommandError


def obey(order: dict[str, Any]) -> dict[str, Any]:
    """Carry out one order."""
    if "command" in order:
        return command(order["command"])
    if "child" in order:
        from tests.sync.ledger import children

        return children.in_child(obey, order)
    if "state" in order:
        from tests.sync.ledger import state

        return state.of_site()
    return {"rows": rows()} if "rows" in order else note(**order["note"])


def command(words: list[str]) -> dict[str, Any]:
    """Run a management command as manage.py would."""
    out, error, code = io.StringIO(), "", 0
    try:
        call_command(*words, stdout=out)
    except SystemExit as end:
        code = int(str(end.code))
    except CommandError as failure:
        code, error = 1, str(failure)
    return {"code": code, "out": out.getvalue(), "error": error}


def note(
    n: int,
    first: int = 1,
    keys: int = 3,
    bytes: int = 0,  # noqa: A002
    bad: int = -1,
    key: str = "",
    undo: bool = False,
) -> dict[str, Any]:
    """Note facts, each in a transaction of its own, as many requests would."""
    from django.db import transaction

    from sync import blobs, outbox
    from tests.sync.peer import TOPIC

    for number in range(first, first + n):
        names = [blobs.put(io.BytesIO(str(number).encode().ljust(bytes, b".")))] if bytes else []
        payload = {"n": number, "text": f"第 {number} 条 😀", "bad": number == bad}
        with transaction.atomic():
            outbox.record(TOPIC, f"{key or first}:{number % keys}", payload, blobs=names)
            transaction.set_rollback(undo)
    return {"code": 0}


def rows() -> list[list[Any]]:
    """Everything in the ledger, with the content of attachments."""
    from sync import blobs
    from tests.sync.ledger.models import Entry

    found = []
    for entry in Entry.objects.order_by("id"):
        contents = [blobs.open(name).read().decode() for name in entry.blobs]
        found.append([entry.key, entry.number, entry.text, contents])
    return found


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.sync.ledger.settings"
    django.setup()
    for order_line in sys.stdin:
        sys.stdout.write(json.dumps(obey(json.loads(order_line))) + "\n")
        sys.stdout.flush()
