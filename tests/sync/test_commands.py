"""The commands: plain text, JSON, exit codes, and a sentence instead of a traceback."""

import json
import os
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError
from pytest_django import Settings

from sync import keys, outbox, status
from sync.models import Batch, Peer
from tests.sync import peer as peer_module
from tests.sync.peer import TOPIC

pytestmark = pytest.mark.usefixtures("topic")


def run(*words: object) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command(*(str(word) for word in words), stdout=out)
    except SystemExit as end:
        return int(str(end.code)), out.getvalue()
    return 0, out.getvalue()


def complaint(*words: object) -> str:
    with pytest.raises(CommandError) as caught:
        run(*words)
    return str(caught.value)


def test_make_keys_shows_a_fingerprint_and_says_what_is_next(data_dir: Path) -> None:
    code, text = run("make_keys")
    card = keys.load(data_dir, "inner").card
    assert code == 0
    assert card.fingerprint in text
    assert "export_key" in text
    again = json.loads(run("make_keys", "--json")[1])
    assert (again["created"], again["fingerprint"]) == (False, card.fingerprint)


def test_export_and_enrol(db: None, site: keys.SiteKeys, settings: Settings, tmp_path: Path) -> None:
    card, fingerprint = tmp_path / "inner.card", site.card.fingerprint
    assert fingerprint in run("export_key", "--to", card)[1]
    settings.HALL_SIDE, settings.HALL_PEER_SIDE = "outer", "inner"
    assert fingerprint in complaint("enrol_peer", card)
    assert "不一致" in complaint("enrol_peer", card, "--fingerprint", "1" * 40)
    assert not Peer.objects.exists()
    assert run("enrol_peer", card, "--fingerprint", fingerprint)[0] == 0
    assert Peer.objects.get().fingerprint == fingerprint


def test_enrol_something_else(db: None, site: keys.SiteKeys, tmp_path: Path) -> None:
    other = tmp_path / "x"
    other.write_bytes(b"x" * 10)
    assert "不是站点身份文件" in complaint("enrol_peer", other, "--fingerprint", "1")
    assert "不存在" in complaint("enrol_peer", tmp_path / "none", "--fingerprint", "1")


def test_seal_batch(peer: peer_module.Peer, tmp_path: Path) -> None:
    code, text = run("seal_batch", "--to", tmp_path / "disk")
    assert (code, "没有等待" in text) == (0, True)
    outbox.record(TOPIC, "k:1", {"n": 1})
    made = json.loads(run("seal_batch", "--to", tmp_path / "disk", "--json")[1])
    assert [batch["records"] for batch in made["batches"]] == [1]
    assert Path(made["batches"][0]["file"]).is_file()
    assert "第 1 批" in run("seal_batch", "--to", tmp_path / "disk", "--again", "1")[1]
    assert "第 2 批" in run("seal_batch", "--to", tmp_path / "disk", "--heartbeat")[1]
    assert "--again" in complaint("seal_batch", "--to", tmp_path / "disk", "--again", "x")


def test_open_batch(peer: peer_module.Peer, tmp_path: Path) -> None:
    first, second, bad = peer.batch(), peer.batch(), tmp_path / "bad.zip"
    bad.write_bytes(b"PK\x03\x04")
    assert run("open_batch", second)[0] == 2
    code, text = run("open_batch", bad, "--json")
    assert (code, json.loads(text)["files"][0]["code"]) == (3, "truncated")
    assert run("open_batch", first)[0] == 0
    assert run("open_batch", second)[0] == 0


def test_a_long_chinese_name_is_quarantined_too(peer: peer_module.Peer, tmp_path: Path) -> None:
    bad = tmp_path / ("批" * 83 + ".zip")  # 253 bytes: a stamp before it would be too long for the disk
    bad.write_bytes(b"x")
    assert run("open_batch", bad)[0] == 3
    assert not bad.exists()


def test_a_name_in_another_encoding_is_quarantined_too(peer: peer_module.Peer, tmp_path: Path) -> None:
    bad = Path(os.fsdecode(os.fsencode(tmp_path) + "/第一批.zip".encode("gb18030")))
    bad.write_bytes(b"x")
    code, text = run("open_batch", tmp_path)
    assert code == 3
    assert text.encode().decode().startswith("?")


def test_worst_code_of_a_folder_wins(peer: peer_module.Peer) -> None:
    peer.batch()
    peer.seq, peer.rseq, peer.prev = 5, 5, "0" * 64
    peer.batch()
    assert run("open_batch", peer.home / "out")[0] == 2
    (peer.home / "out" / "bad.zip").write_bytes(b"x")
    assert run("open_batch", peer.home / "out")[0] == 3


def test_status_has_exactly_these_fields(peer: peer_module.Peer) -> None:
    found = json.loads(run("sync_status", "--json")[1])
    assert {side: set(fields) for side, fields in found.items()} == {
        "outgoing": {"stream", "seq", "rseq", "chain", "waiting", "acknowledged", "durable", "epoch"},
        "incoming": {"stream", "seq", "rseq", "chain", "parked", "quarantined", "durable", "epoch"},
    }
    assert "等待封装 0 条" in run("sync_status")[1]


def test_without_keys(db: None, data_dir: Path, tmp_path: Path) -> None:
    for words in (("seal_batch", "--to", tmp_path), ("open_batch", tmp_path), ("export_key", "--to", tmp_path / "x")):
        assert "make_keys" in complaint(*words)


def test_not_enrolled(db: None, site: keys.SiteKeys, tmp_path: Path) -> None:
    for words in (("seal_batch", "--to", tmp_path), ("open_batch", tmp_path)):
        assert "enrol_peer" in complaint(*words)


@pytest.mark.parametrize(("number", "word"), [(28, "空间不足"), (30, "只读"), (13, "权限"), (5, "读写出错")])
def test_disk_trouble(
    number: int, word: str, peer: peer_module.Peer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outbox.record(TOPIC, "k:1", {"n": 1})
    path = peer.batch()

    def fails(_descriptor: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fails)
    assert word in complaint("seal_batch", "--to", tmp_path / "disk")
    assert word in complaint("open_batch", path)
    assert list((tmp_path / "disk").iterdir()) == []
    assert status.incoming().seq == 0
    monkeypatch.undo()
    assert run("open_batch", path)[0] == 0


@pytest.mark.parametrize(
    ("text", "word"),
    [("database or disk is full", "空间不足"), ("no such table: x", "migrate"), ("locked", "稍后重试")],
)
def test_database_trouble(text: str, word: str, peer: peer_module.Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails() -> None:
        raise OperationalError(text)

    monkeypatch.setattr(status, "outgoing", fails)
    assert word in complaint("sync_status")
    assert not Batch.objects.exists()
