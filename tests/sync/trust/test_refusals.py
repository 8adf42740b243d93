"""Who may write a trust file, how it must be written, and that there is no way back to an older one."""

from pathlib import Path
from typing import Any

import pytest

from sync import (
    canonical,
    peers,
    root_key,
    trust_files,
    trusting,
)
from sync.models import Peer as PeerRow
from sync.models import PeerKey
from tests.sync.peer import Peer
from tests.sync.stolen import SECRET, Victim
from tests.sync.trust.keys_here import refusal

pytestmark = pytest.mark.usefixtures("topic")


@pytest.mark.parametrize("version", [1, 2, 3])
def test_no_way_back(one: Victim, version: int) -> None:
    """An older one, and another one of the same version."""
    old = one.trust(version, revoked=[])
    trusting.apply(one.trust(3))
    assert refusal(old) == "old_trust"
    assert trusting.apply(one.trust(4)).revoked == []


def test_not_by_the_enrolled_root(one: Victim, tmp_path: Path) -> None:
    root_key.make(tmp_path / "m2", tmp_path / "outer", SECRET, replace=True)
    statement = trust_files.read(one.trust(), one.root.public(), "intl")
    assert refusal(trust_files.pack(statement, root_key.load(tmp_path / "m2", "intl", SECRET))) == "wrong_root"
    for stranger in (one.stolen, one.replaced):
        body = canonical.encode(one.fields())
        data = stranger.sign(trust_files.CONTEXT, body).hex().encode() + b"\n" + body + b"\n"
        assert refusal(data) == "wrong_root"


def test_forged_signature(victim: Victim) -> None:
    data = victim.trust()
    assert refusal(data.replace(b'"version":1', b'"version":2')) == "bad_signature"
    flipped = bytearray(data)
    flipped[100] = ord("0") if flipped[100] != ord("0") else ord("1")
    assert refusal(bytes(flipped)) == "bad_signature"
    body = data.split(b"\n")[1]
    other = victim.root.sign(b"ZWFW-sync-receipt-v1\0", body).hex().encode() + b"\n" + body + b"\n"
    assert refusal(other) == "bad_signature"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"side": "inner"}, "wrong_sender"),
        ({"suite": "clear", "seal": ""}, "wrong_suite"),
        ({"suite": "none"}, "bad_manifest"),
        ({"format": "zwfw-sync-trust/2"}, "bad_manifest"),
        ({"version": 0}, "bad_manifest"),
        ({"version": 1.5}, "bad_manifest"),
        ({"version": "1"}, "bad_manifest"),
        ({"version": True}, "bad_manifest"),
        ({"more": 1}, "bad_manifest"),
        ({"sign": "00"}, "bad_manifest"),
        ({"seal": ""}, "bad_manifest"),
    ],
)
def test_read_strictly(one: Victim, change: dict[str, Any], code: str) -> None:
    fields = one.fields() | change
    if change == {"version": 1.5}:
        body = canonical.encode(one.fields()).replace(b'"version":1', b'"version":1.5')
        data = one.root.sign(trust_files.CONTEXT, body).hex().encode() + b"\n" + body + b"\n"
    else:
        data = one.signed(fields)
    assert refusal(data) == code


@pytest.mark.parametrize("victim", ["gm"], indirect=True)
@pytest.mark.parametrize("use", ["sign", "seal"])
def test_present_keys_that_are_no_points_of_the_curve(victim: Victim, use: str) -> None:
    """Refused before the file is kept: it would be read again at every opening, and fail there."""
    assert refusal(victim.signed(victim.fields() | {use: "00" * 64})) == "bad_manifest"
    assert not trusting.kept(PeerRow.objects.get()).exists()


@pytest.mark.parametrize("wrong", ["present", "seal", "twice", "reason", "many", "missing", "space"])
def test_contradictions_are_refused(one: Victim, wrong: str) -> None:
    entry, fields = one.revoked(), one.fields()
    data = {
        "present": lambda: one.signed(fields | {"revoked": [one.revoked(0, fields["sign"])]}),
        "seal": lambda: one.signed(fields | {"revoked": [one.revoked(0, fields["seal"], "seal")]}),
        "twice": lambda: one.signed(fields | {"revoked": [entry, entry]}),
        "reason": lambda: one.signed(fields | {"revoked": [entry | {"reason": ""}]}),
        "many": lambda: one.signed(fields | {"revoked": [one.revoked(0, f"{n:064x}") for n in range(101)]}),
        "missing": lambda: one.signed({name: value for name, value in fields.items() if name != "revoked"}),
        "space": lambda: _spaced(one),
    }[wrong]()
    assert refusal(data) == "bad_manifest"


def _spaced(victim: Victim) -> bytes:
    body = canonical.encode(victim.fields()).replace(b'"version":1', b'"version": 1')
    return victim.root.sign(trust_files.CONTEXT, body).hex().encode() + b"\n" + body + b"\n"


def test_shape_and_size(one: Victim) -> None:
    data = one.trust()
    for bad in (b"", data[:-1], data[1:], b"\n" + data, data.split(b"\n")[1]):
        assert refusal(bad) == "bad_note"
    assert refusal(data + b" " * trust_files.LARGEST + b"\n") == "too_large"


def test_peer_without_root_or_nobody_enrolled(peer: Peer, tmp_path: Path, one: Victim) -> None:
    data = one.trust()
    PeerRow.objects.update(root="")
    with pytest.raises(trusting.NoRootEnrolled, match="enrol_peer"):
        trusting.apply(data)
    PeerKey.objects.all().delete()
    PeerRow.objects.all().delete()
    with pytest.raises(peers.NotEnrolled):
        trusting.apply(data)
