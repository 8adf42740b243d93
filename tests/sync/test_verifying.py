"""Explaining a batch without a database."""

import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from sync import keys, verify
from sync.batch_file import RESERVE
from tests.sync.peer import Peer, line, name_of
from tests.sync.sites import ROOT


@pytest.fixture
def sender(site: keys.SiteKeys, data_dir: Path, tmp_path: Path) -> Peer:
    """A peer known from its card alone: nothing here may touch a database."""
    sender = Peer(tmp_path / "outer", "outer", site.card)
    keys.remember_peer(data_dir, sender.keys.card)
    return sender


def known(data_dir: Path) -> verify.Known:
    return verify.Known.of_site(data_dir, "inner")


def test_good_batch_is_explained(sender: Peer, data_dir: Path) -> None:
    data = b"scan"
    report = verify.examine(
        sender.batch([line(1, blobs=[name_of(data)])], blobs={name_of(data): data}), known(data_dir)
    )
    text = "\n".join(report.lines)
    assert report.exit_code == 0
    assert "outer → inner" in text
    assert "ledger.noted v1 × 1" in text
    assert "附件：1 个，4 字节" in text
    assert "已解密" in text
    assert report.as_json()["ok"] is True


def test_damaged_batch_gets_its_reason(sender: Peer, data_dir: Path) -> None:
    path = sender.batch()
    path.write_bytes(path.read_bytes()[:-1])
    report = verify.examine(path, known(data_dir))
    assert (report.code, report.exit_code) == ("truncated", 3)
    assert "重新拷贝" in report.lines[-1]
    assert path.is_file()


@pytest.mark.parametrize(
    ("content", "blobs", "code"),
    [
        ([line(1, payload={"n": 2})], {}, "content_mismatch"),
        ([line(1), line(2)], {}, "content_mismatch"),
        ([b"{}"], {}, "bad_record"),
        ([line(1)], {"0" * 64: b"x"}, "blob_damaged"),
    ],
)
def test_content_is_checked_too(content: list, blobs: dict, code: str, sender: Peer, data_dir: Path) -> None:
    path = sender.batch([line(1)], content_lines=content, blobs=blobs)
    assert verify.examine(path, known(data_dir)).code == code


def test_somebody_who_cannot_decrypt_still_checks_signatures(sender: Peer) -> None:
    report = verify.examine(sender.batch(), verify.Known([sender.keys.card]))
    assert report.exit_code == 0
    assert any("只有收件方能解密" in text for text in report.lines)


def test_unknown_sender(sender: Peer) -> None:
    assert verify.examine(sender.batch(), verify.Known([])).code == "unknown_key"


def test_command_needs_no_database(sender: Peer) -> None:
    out = StringIO()
    call_command("verify_batch", str(sender.batch()), stdout=out)
    assert "完好" in out.getvalue()


def test_no_such_file(sender: Peer, data_dir: Path) -> None:
    assert verify.examine(data_dir / "none.zip", known(data_dir)).code == "unreadable"


def test_alone_without_settings(sender: Peer, data_dir: Path, tmp_path: Path) -> None:
    path, card = sender.batch(), tmp_path / "outer.card"
    card.write_bytes(sender.keys.card.to_bytes())
    command = [sys.executable, "-m", "sync.verify", path, "--card", card, "--data-dir", data_dir, "--side", "inner"]
    done = subprocess.run(command, cwd=ROOT, env={}, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "已解密" in done.stdout
    path.write_bytes(b"x")
    assert subprocess.run(command, cwd=ROOT, env={}, capture_output=True, check=False).returncode == 3


def test_volumes_of_one_batch(sender: Peer, data_dir: Path) -> None:
    scan = b"scan" * 500_000
    sender.batch([line(1, blobs=[name_of(scan)])], blobs={name_of(scan): scan}, largest=RESERVE + 1)
    first, second = sender.paths[:2]
    last = sender.paths[-1]
    alone = verify.examine(first, known(data_dir))
    assert alone.code == ""
    assert "末卷不在其中" in alone.lines[-2]
    assert "请把本批各卷一起给出" in verify.examine(last, known(data_dir)).lines[-2]
    whole = verify.examine(last, known(data_dir), *sender.paths[:-1])
    assert "已解密" in whole.lines[-2]
    assert verify.examine(last, known(data_dir), first).code == "mixed"
    second.write_bytes(second.read_bytes()[:-1])
    assert verify.examine(first, known(data_dir), *sender.paths[1:]).code == "truncated"
