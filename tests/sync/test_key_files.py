"""Where private keys may be: in files, with or without a passphrase, or in a module that only answers four calls."""

import errno
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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
    for nothing in ("", "\n", "\n" + SECRET):
        noted.write_text(nothing)
        with pytest.raises(keys.NoKeys, match="第一行是空的"):
            key_files.passphrase_from({f"{name}_FILE": str(noted)})
    with pytest.raises(keys.NoKeys, match="无法读取口令文件"):
        key_files.passphrase_from({f"{name}_FILE": str(tmp_path / "none")})
    monkeypatch.setenv(name, SECRET)
    assert peers.make_site_keys() is True
    assert peers.site_keys().card.side == "inner"
    monkeypatch.delenv(name)
    with pytest.raises(keys.NoKeys, match=name):
        peers.site_keys()


@pytest.mark.parametrize("locked", ["keys", f"keys/{keys.SUITE_FILE}", f"keys/{keys.SIGN_FILE}"])
def test_keys_of_another_account_are_named(locked: str, data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody has run make_keys as another user: nothing is lost, and nothing must be restored."""
    keys.create(data_dir, "inner")
    stat, open_file = Path.stat, Path.open

    def refuse(path: Path) -> None:
        if path.is_relative_to(data_dir / locked):
            raise PermissionError(errno.EACCES, "Permission denied", str(path))

    def stat_of(path: Path, **more: Any) -> Any:
        if path.parent == data_dir / locked:  # the folder must be searched for that
            refuse(path)
        return stat(path, **more)

    def opened(path: Path, *words: Any, **more: Any) -> Any:
        refuse(path)
        return open_file(path, *words, **more)

    monkeypatch.setattr(Path, "stat", stat_of)
    monkeypatch.setattr(Path, "open", opened)
    with pytest.raises(keys.NoKeys, match="没有权限读取批次密钥"):
        keys.load(data_dir, "inner")


@pytest.mark.parametrize("written", [b"", b"gmm\n", b"\xff\xfe\x00"])
def test_a_suite_that_does_not_exist_is_named(written: bytes, data_dir: Path) -> None:
    """The disk has damaged the note: no other suite is guessed, and no key made over those that are there."""
    keys.create(data_dir, "inner", "gm")
    (data_dir / "keys" / keys.SUITE_FILE).write_bytes(written)
    with pytest.raises(keys.NoKeys, match=r"密码套件 .*不存在.*从备份恢复"):
        keys.load(data_dir, "inner")
    with pytest.raises(keys.NoKeys, match=r"密码套件 .*不存在.*从备份恢复"):
        keys.create(data_dir, "inner")


@pytest.mark.parametrize("which", ["sync_seal.next.pem", "sync_seal.0123456789abcdef.pem"])
@pytest.mark.parametrize("suite", HELD)
def test_a_damaged_key_that_is_not_the_present_one_is_named(suite: str, which: str, data_dir: Path) -> None:
    """Going on without it, batches on their way could not be opened, and nobody would know why."""
    keys.create(data_dir, "inner", suite)
    place = data_dir / "keys"
    (place / keys.NEXT[keys.SIGN_FILE]).write_bytes((place / keys.SIGN_FILE).read_bytes())
    whole = (place / keys.SEAL_FILE).read_bytes()
    (place / which).write_bytes(whole)
    assert keys.load(data_dir, "inner").card.suite == suite
    (place / which).write_bytes(whole[:40])
    with pytest.raises(keys.NoKeys, match="已损坏"):
        keys.load(data_dir, "inner")


@pytest.mark.parametrize("suite", suites.NAMES)
def test_no_key_is_shown_by_accident(suite: str, data_dir: Path) -> None:
    keys.create(data_dir, "inner", suite)
    shown = repr(keys.load(data_dir, "inner"))
    assert "_private" not in shown
    assert "_key=" not in shown
