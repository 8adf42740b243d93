"""Where private keys may be: in files, with or without a passphrase, or in a module that only answers four calls."""

import logging
from dataclasses import dataclass
from pathlib import Path

import pytest

from sync import intake, key_files, keys, peers, suites
from sync.reports import APPLIED
from sync.suites.base import SealKey, SignKey
from tests.sync.conftest import rows
from tests.sync.peer import Peer

SECRET = "一条够长的口令 with spaces"
HELD = [name for name in suites.NAMES if suites.named(name).seals]


@dataclass(frozen=True)
class Module:
    """A cipher machine: nothing of it can be had but the answers to its four calls."""

    sign_slot: SignKey | None
    seal_slot: SealKey | None

    def id(self) -> str:
        return (self.sign_slot or self.seal_slot).id()  # type: ignore[union-attr]

    def public(self) -> bytes:
        return (self.sign_slot or self.seal_slot).public()  # type: ignore[union-attr]

    def sign(self, message: bytes) -> bytes:
        assert self.sign_slot
        return self.sign_slot.sign(message)

    def unwrap(self, wrapped: bytes, info: bytes) -> bytes:
        assert self.seal_slot
        return self.seal_slot.unwrap(wrapped, info)


@pytest.mark.parametrize("suite", HELD)
@pytest.mark.usefixtures("db", "topic")
def test_four_calls_are_enough(suite: str, data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keys.create(data_dir, "inner", suite)
    files = keys.load(data_dir, "inner")
    held = keys.SiteKeys(files.card, Module(files.signer, None), Module(None, files.opener))
    monkeypatch.setattr(peers, "site_keys", lambda: held)
    peer = Peer(tmp_path / "outer", "outer", held.card, suite=suite)
    peers.enrol(peer.keys.card, peer.keys.card.fingerprint)
    peer.keys = keys.SiteKeys(peer.keys.card, Module(peer.keys.signer, None), Module(None, peer.keys.opener))
    assert [outcome.state for outcome in intake.open_path(peer.batch())] == [APPLIED]
    assert rows() == ["k:1#1"]


@pytest.mark.parametrize("suite", suites.NAMES)
def test_passphrase(suite: str, data_dir: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    keys.create(data_dir, "inner", suite, SECRET)
    card = keys.load(data_dir, "inner", SECRET).card
    for path in (data_dir / "keys").glob("*.pem"):
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.read_bytes().startswith(key_files.BEGIN)
        assert b"PRIVATE KEY" not in path.read_bytes()
    for wrong in ("", SECRET + "x"):
        with pytest.raises(keys.NoKeys) as caught:
            keys.load(data_dir, "inner", wrong)
        assert SECRET not in str(caught.value)
    assert keys.load(data_dir, "inner", SECRET).card == card
    assert SECRET not in caplog.text


def test_damaged_file_with_a_passphrase(data_dir: Path) -> None:
    keys.create(data_dir, "inner", "intl", SECRET)
    path = data_dir / "keys" / keys.SIGN_FILE
    good = path.read_bytes()
    middle = len(good) // 2
    flipped = good[:middle] + (b"A" if good[middle : middle + 1] != b"A" else b"B") + good[middle + 1 :]
    for bad in (flipped, key_files.BEGIN, good[:60], good[:-90]):
        path.write_bytes(bad)
        with pytest.raises(keys.NoKeys):
            keys.load(data_dir, "inner", SECRET)


def test_where_the_passphrase_comes_from(data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    noted = tmp_path / "passphrase"
    noted.write_text(SECRET + "\n")
    name = key_files.PASSPHRASE
    assert key_files.passphrase_from({}) == ""
    assert key_files.passphrase_from({name: SECRET}) == SECRET
    assert key_files.passphrase_from({f"{name}_FILE": str(noted)}) == SECRET
    noted.write_text("\n")
    for place in (noted, tmp_path / "none"):
        with pytest.raises(keys.NoKeys):
            key_files.passphrase_from({f"{name}_FILE": str(place)})
    monkeypatch.setenv(name, SECRET)
    assert peers.make_site_keys() is True
    assert peers.site_keys().card.side == "inner"
    monkeypatch.delenv(name)
    with pytest.raises(keys.NoKeys, match=name):
        peers.site_keys()


@pytest.mark.parametrize("suite", suites.NAMES)
def test_no_key_is_shown_by_accident(suite: str, data_dir: Path) -> None:
    keys.create(data_dir, "inner", suite)
    shown = repr(keys.load(data_dir, "inner"))
    assert "_private" not in shown
    assert "_key=" not in shown
