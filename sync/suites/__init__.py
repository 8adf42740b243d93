"""The cipher suites. Which one a peer uses is written on its card and fixed when it is enrolled."""

from sync.envelope import KEY_ID, BadSignature, key_id
from sync.suites.base import Digest as Digest
from sync.suites.base import Suite as Suite
from sync.suites.clear import Clear
from sync.suites.gm import Gm
from sync.suites.intl import Intl

INTL = "intl"
_SUITES: dict[str, Suite] = {suite.name: suite for suite in (Intl(), Gm(), Clear())}
NAMES = tuple(_SUITES)


def named(name: str) -> Suite:
    """The suite of that name; KeyError when there is none."""
    return _SUITES[name]


def verify(name: str, public: bytes, signature: bytes, context: bytes, message: bytes) -> None:
    """Check a signature file, ``key id ‖ signature`` over ``context ‖ message``; BadSignature otherwise."""
    if signature[:KEY_ID] != key_id(public):
        raise BadSignature
    named(name).verify(public, signature[KEY_ID:], context + message)
