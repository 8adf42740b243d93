"""Payloads of one version turned into those of the next (up), or of the one before (down). Pure functions of the apps.

Up for ever: what was sent once must be understood for good. Down for one release of overlap: a site that is upgraded
first must write what its peer can still read; afterwards the down-caster is deleted, the up-caster never.
"""

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

Payload = Mapping[str, Any]
Caster = Callable[[dict[str, Any]], Payload]
_up: dict[tuple[str, int], Caster] = {}
_down: dict[tuple[str, int], Caster] = {}


class NoWayDown(Exception):
    """This payload cannot be said in the older version: nobody wrote how, or the writer found that it does not fit."""


def upcasts(topic: str, version: int) -> Callable[[Caster], Caster]:
    """Register the decorated function: a payload of ``version`` becomes one of ``version + 1``.

    It must do nothing but compute: no database, no clock. It is given a copy of its own and may change it.
    """
    return _registering(_up, topic, version)


def downcasts(topic: str, version: int) -> Callable[[Caster], Caster]:
    """Register the decorated function: a payload of ``version`` becomes one of ``version - 1``.

    NoWayDown when this very payload says something that the older version has no place for.
    """
    return _registering(_down, topic, version)


def readable(topic: str, version: int, newest: int) -> bool:
    """Whether a payload of ``version`` can be brought up to ``newest``."""
    return version <= newest and all((topic, step) in _up for step in range(version, newest))


def up(topic: str, version: int, newest: int, payload: Payload) -> Payload:
    """The payload as its newest version says it. Call when it is ``readable``."""
    return payload if version == newest else _chained(_up, topic, range(version, newest), payload)


def down(topic: str, version: int, wanted: int, payload: Payload) -> Payload:
    """The payload as the older version ``wanted`` says it; NoWayDown when there is no such way."""
    steps = range(version, wanted, -1)
    missing = [step for step in steps if (topic, step) not in _down]
    if missing:
        raise NoWayDown(f"{topic} v{missing[0]} → v{missing[0] - 1}")
    return _chained(_down, topic, steps, payload)


def missing_steps(topic: str, newest: int) -> list[int]:
    """Versions below ``newest`` from which no up-caster leads on."""
    return [step for step in range(1, newest) if (topic, step) not in _up]


def forget(topic: str) -> None:
    """Take the casters of a topic back (tests)."""
    for table in (_up, _down):
        for known in [step for step in table if step[0] == topic]:
            del table[known]


def _chained(table: dict[tuple[str, int], Caster], topic: str, steps: range, payload: Payload) -> Payload:
    # A deep copy: the same record may be tried again, and must then be what was received.
    value: Payload = deepcopy(dict(payload))
    for step in steps:
        value = table[topic, step](dict(value))
    return value


def _registering(table: dict[tuple[str, int], Caster], topic: str, version: int) -> Callable[[Caster], Caster]:
    def register(function: Caster) -> Caster:
        if table.setdefault((topic, version), function) is not function:
            raise ValueError(f"topic {topic} v{version} already has a caster of this direction")
        return function

    return register
