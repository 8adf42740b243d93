"""A backup is read back before it counts; what it holds is durable; a restored site says so and exports nothing."""

import hashlib
import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sync.sites import LedgerSite, exchange, level, two_sites

Pair = tuple[LedgerSite, LedgerSite]


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    with two_sites(tmp_path_factory.mktemp("backup")) as pair:
        yield pair


@pytest.fixture(scope="module")
def kept(sites: Pair, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of the inner site after some traffic, with attachments."""
    outer, inner = sites
    folder = tmp_path_factory.mktemp("kept")
    outer.note(5, bytes=3000)
    inner.note(2, first=500)
    exchange(sites, folder / "carried")
    inner.run("backup", "--to", folder / "backup")
    return folder / "backup"


@pytest.fixture
def copy(kept: Path, tmp_path: Path) -> Path:
    """A copy that may be spoilt."""
    return Path(shutil.copytree(kept, tmp_path / "copy"))


def test_what_is_in_it(kept: Path) -> None:
    parts = {path.relative_to(kept).parts[0] for path in kept.rglob("*")}
    assert {"files", "archive", "manifest.json", "SHA256SUMS"} < parts
    assert "keys" not in parts
    manifest = json.loads((kept / "manifest.json").read_bytes())
    assert manifest["side"] == "inner"
    assert {(head["direction"], head["seq"]) for head in manifest["heads"]} >= {("in", 1)}
    done = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=kept, capture_output=True, check=False)
    assert done.returncode == 0


def test_it_makes_what_it_holds_durable(sites: Pair, kept: Path, tmp_path: Path) -> None:
    outer, inner = sites
    exchange(sites, tmp_path / "receipts")
    assert inner.status()["incoming"]["durable"] == 1
    exchange(sites, tmp_path / "again")
    assert outer.status()["outgoing"]["durable"] == 1
    outer.note(1, first=50)
    exchange(sites, tmp_path / "later")
    assert (outer.status()["outgoing"]["seq"] > 1, outer.status()["outgoing"]["durable"]) == (True, 1)


def test_keys_only_when_asked(sites: Pair, tmp_path: Path) -> None:
    said = sites[1].run("backup", "--to", tmp_path / "with", "--with-keys")
    assert "密钥一样保管" in said
    assert list((tmp_path / "with" / "keys").glob("*.pem"))
    assert "不包含密钥" in sites[1].run("backup", "--to", tmp_path / "without")


def test_into_a_folder_that_is_there_and_empty(sites: Pair, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    sites[1].run("backup", "--to", tmp_path / "new")
    assert (tmp_path / "new" / "manifest.json").is_file()


def test_not_into_a_folder_in_use(sites: Pair, copy: Path) -> None:
    assert "不是空文件夹" in sites[1].run("backup", "--to", copy, code=1)


@pytest.mark.parametrize("part", ["database.*", "files/**/*", "archive/*", "SHA256SUMS", "manifest.json"])
def test_every_part_is_checked_before_anything_is_touched(part: str, sites: Pair, copy: Path) -> None:
    before = sites[1].status()
    victim = next(path for path in sorted(copy.glob(part)) if path.is_file())
    data = victim.read_bytes()
    victim.write_bytes(data[:-20] + bytes(byte ^ 1 for byte in data[-20:]))
    sites[1].run("restore", copy, "--overwrite", code=1)
    victim.unlink()
    sites[1].run("restore", copy, "--overwrite", code=1)
    assert sites[1].status() == before


@pytest.mark.parametrize("part", ["files/**/*", "archive/*"])
def test_it_says_which_file_is_bad(part: str, sites: Pair, copy: Path) -> None:
    victim = next(path for path in sorted(copy.glob(part)) if path.is_file())
    name = victim.relative_to(copy).as_posix()
    victim.write_bytes(b"x")
    assert f"{name} 缺失或已损坏" in sites[1].run("restore", copy, "--overwrite", code=1)
    victim.unlink()
    assert f"{name} 缺失或已损坏" in sites[1].run("restore", copy, "--overwrite", code=1)


def test_file_exchanged_together_with_its_sum(sites: Pair, copy: Path) -> None:
    victim, sums = next(copy.glob("archive/*")), copy / "SHA256SUMS"
    before = hashlib.sha256(victim.read_bytes()).hexdigest()
    victim.write_bytes(b"another")
    sums.write_text(sums.read_text().replace(before, hashlib.sha256(b"another").hexdigest()))
    assert "SHA256SUMS 被改动过" in sites[1].run("restore", copy, "--overwrite", code=1)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "这不是备份，或者备份没有做完"),
        (b"{", "manifest.json 已损坏"),
        (b"[]", "不是本系统的备份"),
        (b'{"format":"zwfw-backup/2"}', "不是本系统的备份"),
    ],
)
def test_folder_without_a_manifest_of_ours(text: bytes | None, said: str, sites: Pair, copy: Path) -> None:
    (copy / "manifest.json").unlink()
    if text is not None:
        (copy / "manifest.json").write_bytes(text)
    assert said in sites[1].run("restore", copy, "--overwrite", code=1)


def test_manifest_of_another_format_is_not_read_as_ours(sites: Pair, copy: Path) -> None:
    path = copy / "manifest.json"
    path.write_bytes(path.read_bytes().replace(b"zwfw-backup/1", b"zwfw-backup/2"))
    assert "不是本系统的备份" in sites[1].run("restore", copy, "--overwrite", code=1)


def test_damaged_attachment_is_no_backup(sites: Pair, kept: Path, tmp_path: Path) -> None:
    inner = sites[1]
    blob = next(path for path in (inner.home / "files").rglob("*") if path.is_file())
    data = blob.read_bytes()
    blob.chmod(0o600)
    blob.write_bytes(b"x")
    durable = inner.status()["incoming"]["durable"]
    assert "已损坏" in inner.run("backup", "--to", tmp_path / "bad", code=1)
    blob.write_bytes(data)
    assert inner.status()["incoming"]["durable"] == durable
    assert not (tmp_path / "bad" / "manifest.json").exists()


def test_of_the_other_side(sites: Pair, kept: Path) -> None:
    assert "属于 inner" in sites[0].run("restore", kept, "--overwrite", code=1)


def test_not_onto_a_site_without_saying_so(sites: Pair, kept: Path) -> None:
    assert "--overwrite" in sites[1].run("restore", kept, code=1)


def test_restored_site_has_its_rows_exports_nothing_and_is_fed_again(sites: Pair, tmp_path: Path) -> None:
    outer, inner = sites
    outer.note(4, first=600, bytes=100)
    exchange(sites, tmp_path / "a")
    inner.run("backup", "--to", tmp_path / "backup")
    rows, status = inner.rows(), inner.status()
    outer.note(3, first=700, bytes=100)
    outer.seal(tmp_path / "b")
    inner.run("open_batch", tmp_path / "b")
    everything = inner.rows()
    shutil.rmtree(inner.home / "files")
    assert "new_epoch" in inner.run("restore", tmp_path / "backup", "--overwrite")
    assert inner.rows() == rows
    assert inner.status()["incoming"]["chain"] == status["incoming"]["chain"]
    assert "已从备份" in inner.run("seal_batch", "--to", tmp_path / "c", code=1)
    inner.run("open_batch", tmp_path / "b")  # while nothing is exported, what comes is applied
    assert inner.rows() == everything
    assert level(outer, inner)


def test_attachment_that_is_damaged_here_is_put_right(sites: Pair, kept: Path, tmp_path: Path) -> None:
    """Half a file is also what a restoration leaves that was killed."""
    inner = sites[1]
    inner.run("backup", "--to", tmp_path / "backup")
    blob = next(path for path in (inner.home / "files").rglob("*") if path.is_file())
    data = blob.read_bytes()
    blob.write_bytes(data[: len(data) // 2])
    inner.run("restore", tmp_path / "backup", "--overwrite")
    assert blob.read_bytes() == data


def test_onto_an_empty_machine(kept: Path, tmp_path: Path) -> None:
    with two_sites(tmp_path / "new", prepared=False) as (_, inner):
        inner.run("make_keys")
        inner.run("restore", kept)
        assert inner.status()["incoming"]["seq"] == 1
