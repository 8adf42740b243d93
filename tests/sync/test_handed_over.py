"""A file that this site has made itself (pushed, uploaded, copied from a disk) is taken as it is: no second copy of gigabytes."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from sync import intake
from sync.models import InboxVolume, Quarantine
from sync.reports import APPLIED, PARKED, REFUSED
from tests.sync.conftest import rows
from tests.sync.peer import Peer

pytestmark = pytest.mark.usefixtures("topic")


def test_taken_and_archived(peer: Peer, copied: list[Path], data_dir: Path) -> None:
    path = peer.batch()
    data = path.read_bytes()
    [outcome] = intake.open_path(path, handed_over=True)
    assert (outcome.state, outcome.file) == (APPLIED, path.name)
    assert rows() == ["k:1#1"]
    assert not path.exists()
    [kept] = (data_dir / "batches" / "archive").iterdir()
    assert kept.read_bytes() == data
    assert list((data_dir / "batches" / "inbox").iterdir()) == []
    assert copied == []


def test_waiting(peer: Peer, copied: list[Path]) -> None:
    first, second = peer.batch(), peer.batch()
    assert [one.state for one in intake.open_path(second, handed_over=True)] == [PARKED]
    assert [one.state for one in intake.open_path(first, handed_over=True)] == [APPLIED, APPLIED]
    assert copied == []


def test_one_volume(peer: Peer, copied: list[Path]) -> None:
    peer.batch([], largest=70_000)
    states = [one.state for path in peer.paths for one in intake.open_path(path, handed_over=True)]
    assert states[-1] == APPLIED
    assert InboxVolume.objects.count() in (0, len(peer.paths))
    assert copied == []


def test_refused(tmp_path: Path, peer: Peer, copied: list[Path]) -> None:
    path = tmp_path / "bad.zip"
    path.write_bytes(b"no batch")
    [outcome] = intake.open_path(path, handed_over=True)
    assert outcome.state == REFUSED
    row = Quarantine.objects.get()
    assert (row.file_name, Path(row.kept_as).read_bytes()) == ("bad.zip", b"no batch")
    assert not path.exists()
    assert copied == []


def test_too_large(peer: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "LARGEST_FILE", 10)
    path = peer.batch()
    assert [one.code for one in intake.open_path(path, handed_over=True)] == ["too_large"]
    assert Path(Quarantine.objects.get().kept_as).stat().st_size > 10


def test_not_handed_over(peer: Peer, copied: list[Path]) -> None:
    path = peer.batch()
    intake.open_path(path)
    assert path.is_file()
    assert copied == [path]


def test_uploaded(peer: Peer, page: Client, copied: list[Path]) -> None:
    path = peer.batch()
    page.post(reverse("sync:upload"), {"file": SimpleUploadedFile(path.name, path.read_bytes())})
    assert rows() == ["k:1#1"]
    assert copied == []
