"""Part files: those of killed processes are cleared away, those that are being written are not, whoever comes in between."""

import fcntl
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from sync import blobs, durable
from tests.sync.peer import name_of

WHOLE = b"whole"


@pytest.fixture
def cleared(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], list[Path]]:
    """Somebody clears a folder just before the next part file in it is marked as in use; what was taken away."""

    def before_the_next_one(folder: Path) -> list[Path]:
        flock = fcntl.flock
        found: list[Path] = []

        def late(descriptor: int, operation: int) -> None:
            monkeypatch.setattr(fcntl, "flock", flock)
            found.extend(folder.rglob("*.part"))
            durable.clear_parts(folder, "*.part")
            flock(descriptor, operation)

        monkeypatch.setattr(fcntl, "flock", late)
        return found

    return before_the_next_one


def test_of_a_killed_process(tmp_path: Path) -> None:
    left = tmp_path / ".target.0123.part"
    left.write_bytes(b"as large as a disk")
    with durable.part_file(tmp_path / "target") as handle:
        handle.write(WHOLE)
    assert [path.name for path in tmp_path.iterdir()] == ["target"]


def test_of_another_process_at_work(tmp_path: Path) -> None:
    with durable.part_file(tmp_path / "target") as first:
        first.write(b"slower")
        with durable.part_file(tmp_path / "target") as second:
            second.write(WHOLE)
    assert (tmp_path / "target").read_bytes() == b"slower"
    assert [path.name for path in tmp_path.iterdir()] == ["target"]


def test_taken_for_a_leftover_in_the_moment_it_is_made(tmp_path: Path, cleared: Callable[[Path], list[Path]]) -> None:
    """Two importers begin at once: neither may find at the end that its file has no name any more."""
    found = cleared(tmp_path)
    with durable.part_file(tmp_path / "target") as handle:
        handle.write(WHOLE)
    assert len(found) == 1
    assert (tmp_path / "target").read_bytes() == WHOLE


def test_an_attachment_taken_for_a_leftover_in_the_moment_it_is_made(
    data_dir: Path, cleared: Callable[[Path], list[Path]]
) -> None:
    found = cleared(data_dir / "spool")
    assert blobs.put(io.BytesIO(WHOLE)) == name_of(WHOLE)
    assert len(found) == 1
    with blobs.open(name_of(WHOLE)) as handle:
        assert handle.read() == WHOLE
