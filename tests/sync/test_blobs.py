"""The store of files by content."""

import io
import os
from pathlib import Path

import pytest

from sync import blobs
from sync.blobs import BlobDamaged
from tests.sync.peer import name_of

pytestmark = pytest.mark.usefixtures("data_dir")
DATA = b"content" * 1000


def stored(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_put_and_read() -> None:
    name = blobs.put(io.BytesIO(DATA))
    assert name == name_of(DATA)
    assert blobs.exists(name)
    assert blobs.size(name) == len(DATA)
    with blobs.open(name) as handle:
        assert handle.read() == DATA


def test_same_content_is_kept_once(tmp_path: Path) -> None:
    assert blobs.put(io.BytesIO(DATA)) == blobs.put(io.BytesIO(DATA))
    assert len(stored(tmp_path)) == 1


def test_read_from_the_beginning_whatever_was_read_before() -> None:
    file = io.BytesIO(DATA)
    file.read(100)
    assert blobs.put(file) == name_of(DATA)


def test_empty_file() -> None:
    assert blobs.size(blobs.put(io.BytesIO())) == 0


def test_absent() -> None:
    assert not blobs.exists(name_of(b"other"))
    with pytest.raises(FileNotFoundError):
        blobs.open(name_of(b"other"))


@pytest.mark.parametrize("name", ["", "../etc/passwd", "A" * 64, "a" * 63, "a" * 64 + "\n"])
def test_only_names_of_content(name: str) -> None:
    with pytest.raises(ValueError):
        blobs.exists(name)


@pytest.mark.parametrize(("name", "total"), [(name_of(b"other"), len(DATA)), (name_of(DATA), len(DATA) - 1)])
def test_arriving_content_must_match_its_name(name: str, total: int, tmp_path: Path) -> None:
    with pytest.raises(BlobDamaged):
        blobs.put_pieces(name, total, [DATA])
    assert stored(tmp_path) == []


def test_full_disk_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_space(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_space)
    with pytest.raises(OSError, match="No space"):
        blobs.put(io.BytesIO(DATA))
    assert stored(tmp_path) == []
