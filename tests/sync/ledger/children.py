"""Orders carried out in a child that is killed: at a named fail-point, after some milliseconds, or by a power cut."""

import json
import os
import signal
import threading
from collections.abc import Callable
from typing import Any

from django.db import connections

from sync import failpoints
from tests.sync.ledger import power

Obey = Callable[[dict[str, Any]], dict[str, Any]]


def in_child(obey: Obey, order: dict[str, Any]) -> dict[str, Any]:
    """Fork, let the child obey ``order["child"]``; {"killed": true} or the child's answer."""
    connections.close_all()
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        _live(obey, order, writing)
    os.close(writing)
    timer = _timer(child, order.get("after"))
    with os.fdopen(reading) as pipe:
        answer = pipe.read()
    if timer:
        timer.cancel()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
        return {"killed": True}
    return json.loads(answer) | {"killed": False}


def _timer(child: int, seconds: float | None) -> threading.Timer | None:
    if seconds is None:
        return None
    timer = threading.Timer(seconds, os.kill, (child, signal.SIGKILL))
    timer.start()
    return timer


def _live(obey: Obey, order: dict[str, Any], writing: int) -> None:
    code = 1
    try:
        if order.get("power"):
            power.watch()
        if order.get("failpoint"):
            failpoints.arm(_action(order["failpoint"], power_cut=bool(order.get("power"))))
        os.write(writing, json.dumps(obey(order["child"])).encode())
        code = 0
    finally:
        connections.close_all()
        os._exit(code)


def _action(failpoint: str, *, power_cut: bool) -> failpoints.Action:
    kill = failpoints.killer(failpoint)
    if not power_cut:
        return kill
    name, _, times = failpoint.partition(":")
    seen = 0

    def act(reached: str) -> None:
        nonlocal seen
        seen += reached == name
        if seen == int(times or 1):
            power.cut()
        kill(reached)

    return act
