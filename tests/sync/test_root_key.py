"""The root key: made off the site, under a passphrase, and part of what the peer's operator is read by telephone."""

import errno
import json
import os
from pathlib import Path

import pytest

from sync import cards, key_files, keys, peers, root_key, suites
from sync.models import Peer as PeerRow
from sync.root_key import NoRoot
from tests.sync.peer import Peer
from tests.sync.test_commands import complaint, run

SECRET = "一条够长的口令 with spaces"


@pytest.fixture
def medium(tmp_path: Path) -> Path:
    """Another disk than the site's."""
    return tmp_path / "medium"


@pytest.mark.parametrize("suite", suites.NAMES)
def test_root_key_of_every_suite(suite: str, data_dir: Path, medium: Path) -> None:
    keys.create(data_dir, "inner", suite)
    public = root_key.make(medium, data_dir, SECRET)
    root = root_key.load(medium, suite, SECRET)
    assert root.public() == public == keys.load(data_dir, "inner").card.root
    signature = root.sign(b"context", b"message")
    suites.verify(suite, bytes.fromhex(public), signature, b"context", b"message")
    path = medium / root_key.FILE
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_bytes().startswith(key_files.BEGIN)
    assert [one.name for one in (data_dir / "keys").glob("*root*")] == [keys.ROOT_FILE]


def test_nothing_of_the_root_key_is_readable_without_its_passphrase(
    site: keys.SiteKeys, data_dir: Path, medium: Path
) -> None:
    root_key.make(medium, data_dir, SECRET)
    for wrong in ("", SECRET + "x"):
        with pytest.raises(NoRoot, match="口令不对"):
            root_key.load(medium, "intl", wrong)
    (medium / root_key.FILE).write_bytes(suites.named("intl").new_sign_key())
    with pytest.raises(NoRoot, match="没有口令保护"):
        root_key.load(medium, "intl", SECRET)
    (medium / root_key.FILE).write_bytes(key_files.protect(suites.named("intl").new_seal_key(), SECRET))
    with pytest.raises(NoRoot, match="不是套件"):
        root_key.load(medium, "intl", SECRET)
    (medium / root_key.FILE).unlink()
    with pytest.raises(NoRoot, match="没有根密钥"):
        root_key.load(medium, "intl", SECRET)


def test_never_beside_the_data_of_the_site(site: keys.SiteKeys, data_dir: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(data_dir / "keys")
    for folder in (data_dir, data_dir / "keys", data_dir / "sub" / "root", link, link / "root", data_dir.parent):
        with pytest.raises(NoRoot, match="单独保管的介质"):
            root_key.make(folder, data_dir, SECRET)
    assert site.card == keys.load(data_dir, "inner").card
    assert not list(tmp_path.rglob(root_key.FILE))


def test_short_passphrase(site: keys.SiteKeys, data_dir: Path, medium: Path) -> None:
    for short in ("", "x" * (root_key.SHORTEST_PASSPHRASE - 1)):
        with pytest.raises(NoRoot, match="至少"):
            root_key.make(medium, data_dir, short)
    assert not (medium / root_key.FILE).exists()


def test_a_root_key_is_never_overwritten(site: keys.SiteKeys, data_dir: Path, medium: Path, tmp_path: Path) -> None:
    public = root_key.make(medium, data_dir, SECRET)
    with pytest.raises(NoRoot, match="不会覆盖"):
        root_key.make(medium, data_dir, SECRET, replace=True)
    with pytest.raises(NoRoot, match="--replace"):
        root_key.make(tmp_path / "other", data_dir, SECRET)
    assert keys.load(data_dir, "inner").card.root == public
    assert root_key.make(tmp_path / "other", data_dir, SECRET, replace=True) != public


def test_versions_only_rise(site: keys.SiteKeys, data_dir: Path, medium: Path) -> None:
    root_key.make(medium, data_dir, SECRET)
    root = root_key.load(medium, "intl", SECRET)
    assert [root_key.next_version(root), root_key.next_version(root), root_key.next_version(root, 7)] == [1, 2, 7]
    for used in (1, 7):
        with pytest.raises(NoRoot, match="已经用过"):
            root_key.next_version(root, used)
    with pytest.raises(NoRoot, match="太大"):
        root_key.next_version(root, 2**60)
    assert root_key.next_version(root) == 8


def test_fingerprint_covers_the_root(site: keys.SiteKeys, data_dir: Path, medium: Path, tmp_path: Path) -> None:
    root_key.make(medium, data_dir, SECRET)
    first = keys.load(data_dir, "inner").card
    root_key.make(tmp_path / "other", data_dir, SECRET, replace=True)
    second = keys.load(data_dir, "inner").card
    assert (first.sign, first.seal) == (second.sign, second.seal) == (site.card.sign, site.card.seal)
    assert len({site.card.fingerprint, first.fingerprint, second.fingerprint}) == 3
    swapped = first.to_bytes().replace((first.root or "").encode(), (second.root or "").encode())
    with pytest.raises(cards.BadCard, match="指纹"):
        cards.read_card(swapped)


def test_another_root_is_enrolled_anew(peer: Peer, medium: Path, tmp_path: Path) -> None:
    assert PeerRow.objects.get().root == ""
    root_key.make(medium, peer.home, SECRET)
    card = keys.load(peer.home, "outer").card
    with pytest.raises(peers.EnrolmentRefused, match="--replace"):
        peers.enrol(card, card.fingerprint)
    with pytest.raises(peers.EnrolmentRefused, match="不一致"):
        peers.enrol(card, peer.keys.card.fingerprint, replace=True)
    peers.enrol(card, card.fingerprint, replace=True)
    assert peers.peer_card() == card
    PeerRow.objects.update(trust_version=5)
    root_key.make(tmp_path / "other", peer.home, SECRET, replace=True)
    card = keys.load(peer.home, "outer").card
    peers.enrol(card, card.fingerprint, replace=True)
    row = PeerRow.objects.get()
    assert (row.root, row.trust_version) == (card.root, 0)
    PeerRow.objects.update(trust_version=5)
    peers.enrol(card, card.fingerprint)
    assert PeerRow.objects.get().trust_version == 5


def test_command(site: keys.SiteKeys, data_dir: Path, medium: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(root_key.PASSPHRASE, raising=False)
    assert root_key.PASSPHRASE in complaint("make_root", "--to", medium)
    monkeypatch.setenv(root_key.PASSPHRASE, SECRET)
    assert "单独保管的介质" in complaint("make_root", "--to", data_dir / "keys")
    text = run("make_root", "--to", medium)[1]
    card = keys.load(data_dir, "inner").card
    assert card.fingerprint in text
    assert "enrol_peer" in text
    assert SECRET not in text
    other = json.loads(run("make_root", "--to", medium.with_name("other"), "--replace", "--json")[1])
    assert other["root"] == keys.load(data_dir, "inner").card.root != card.root


def test_command_asks_the_person_twice(
    site: keys.SiteKeys, data_dir: Path, medium: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(root_key.PASSPHRASE, raising=False)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    answers = iter([SECRET, SECRET + "x", SECRET, SECRET])
    monkeypatch.setattr("getpass.getpass", lambda _prompt: next(answers))
    assert "不同" in complaint("make_root", "--to", medium)
    assert run("make_root", "--to", medium)[0] == 0
    assert root_key.load(medium, "intl", SECRET).public() == keys.load(data_dir, "inner").card.root


def test_a_passphrase_that_is_there_already_is_asked_for_once(
    peer: Peer, data_dir: Path, medium: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only where it is chosen a slip of the hand would lock the root key for ever."""
    root_key.make(medium, data_dir, SECRET)
    monkeypatch.delenv(root_key.PASSPHRASE, raising=False)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    answers = iter([SECRET])
    monkeypatch.setattr("getpass.getpass", lambda _prompt: next(answers))
    assert run("sign_trust", "--root", medium, "--to", tmp_path / "inner.trust")[0] == 0


def test_a_medium_that_cannot_be_written_is_told_of(
    site: keys.SiteKeys, data_dir: Path, medium: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def protected(path: Path, *_: object, **__: object) -> None:
        raise OSError(errno.EROFS, "read-only", str(path))

    monkeypatch.setenv(root_key.PASSPHRASE, SECRET)
    monkeypatch.setattr(os, "open", protected)
    assert "写保护" in complaint("make_root", "--to", medium)
    monkeypatch.undo()
    assert keys.load(data_dir, "inner").card == site.card


def test_command_without_keys(data_dir: Path, medium: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(root_key.PASSPHRASE, SECRET)
    assert "make_keys" in complaint("make_root", "--to", medium)
