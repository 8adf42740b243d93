"""Who asks, and for what: every way in which the signed head of a request can be wrong, and what it is called."""

import hashlib
from pathlib import Path
from typing import Any

import pytest

from sync.reasons import Refused
from sync.transports import push_format
from tests.sync.peer import Peer


@pytest.fixture
def ends(tmp_path: Path) -> tuple[Peer, Peer]:
    """The site that asks and the one that is asked."""
    asked = Peer(tmp_path / "inner", "inner")
    return Peer(tmp_path / "outer", "outer", asked.keys.card), asked


def header(by: Peer, **fields: Any) -> str:
    values = {
        "method": "POST",
        "path": "/sync/push/",
        "size": 0,
        "offset": 0,
        "sha256": hashlib.sha256(b"").hexdigest(),
    }
    values |= {"sender": "outer", "recipient": "inner", "number": 1, "nonce": "0" * 32}
    return push_format.header_of(push_format.Request.model_validate(values | fields), by.keys)


def refused(text: str, ends: tuple[Peer, Peer]) -> str:
    asking, asked = ends
    with pytest.raises(Refused) as refusal:
        push_format.read_header(text, asking.keys.card, asked.keys.card)
    return refusal.value.code


def test_good(ends: tuple[Peer, Peer]) -> None:
    asking, asked = ends
    request, digest = push_format.read_header(header(asking), asking.keys.card, asked.keys.card)
    assert (request.sender, request.recipient, len(digest)) == ("outer", "inner", 32)


def test_longer_than_any_of_ours(ends: tuple[Peer, Peer]) -> None:
    good = header(ends[0])
    assert refused(good + "=" * push_format.LONGEST_HEADER, ends) == "too_large"


@pytest.mark.parametrize("scheme", ["Basic", "", "zwfw-sync", "ZWFW-Sync2"])
def test_another_scheme(scheme: str, ends: tuple[Peer, Peer]) -> None:
    assert refused(header(ends[0]).replace("ZWFW-Sync", scheme), ends) == "bad_request"


def test_our_own_words(ends: tuple[Peer, Peer]) -> None:
    assert refused(header(ends[1]), ends) == "reflected"


def test_a_stranger(ends: tuple[Peer, Peer], tmp_path: Path) -> None:
    assert refused(header(Peer(tmp_path / "x", "outer")), ends) == "unknown_key"


@pytest.mark.parametrize(
    "fields", [{"sender": "third"}, {"sender": "inner"}, {"recipient": "outer"}, {"recipient": "third"}], ids=str
)
def test_signed_by_the_peer_and_meant_for_others(fields: dict[str, str], ends: tuple[Peer, Peer]) -> None:
    assert refused(header(ends[0], **fields), ends) == "wrong_recipient"


def test_changed_after_it_was_signed(ends: tuple[Peer, Peer]) -> None:
    one, other = header(ends[0]), header(ends[0], number=2)
    assert refused(f"{other.partition('.')[0]}.{one.partition('.')[2]}", ends) == "bad_signature"
