"""The public test vectors: importer and stand-alone verifier say to each file exactly what the index says."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from sync import keys, peers, verify
from sync.batch_file import BatchFile
from sync.reasons import REASONS
from sync.reports import APPLIED, REFUSED
from tests.conftest import switch_side
from tests.sync.conftest import open_one
from tools import vectors

FOLDER = vectors.FOLDER
INDEX: dict[str, Any] = json.loads((FOLDER / "index.json").read_text())
VECTORS: list[dict[str, Any]] = INDEX["vectors"]
# These need what a person has done between two files: test_authenticity.py and test_rotation.py (keys), test_epochs.py.
NOT_FROM_FILES_ALONE = {"key_not_valid", "key_revoked", "old_epoch", "base_missing"}
# Receipt files, trust files, tables of disks, requests: trust/, disk/, push/. What the disk does not give: test_unreadable_files.py.
NO_BATCHES = {
    "bad_note",
    "wrong_root",
    "old_trust",
    "bad_request",
    "replayed",
    "cut",
    "wrong_offset",
    "no_space",
    "not_received",
    "unreadable",
}


def sender() -> keys.Card:
    return keys.read_card((FOLDER / "outer.card.json").read_bytes())


@pytest.fixture
def reader(db: None, topic: str, settings: Settings, tmp_path: Path) -> Path:
    """A fresh inner site with the keys of the vectors; where their files can be opened."""
    switch_side(settings, "inner")
    settings.HALL_DATA_DIR = tmp_path / "site"
    settings.HALL_BATCH_DIR = tmp_path / "site" / "batches"
    files = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path / "files"}}
    settings.STORAGES = settings.STORAGES | {"default": files}
    shutil.copytree(FOLDER / "inner", settings.HALL_DATA_DIR)
    shutil.copytree(FOLDER, tmp_path / "disk")
    peers.enrol(sender(), sender().fingerprint)
    return tmp_path / "disk"


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["file"])
def test_importer(vector: dict[str, Any], reader: Path) -> None:
    for file in vector["after"]:
        assert open_one(reader / file).state == APPLIED
    outcome = open_one(reader / vector["file"])
    assert (outcome.state, outcome.code) == (vector["state"], vector["code"])


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["file"])
def test_verifier(vector: dict[str, Any]) -> None:
    own = keys.load(FOLDER / "inner", "inner")
    report = verify.examine(FOLDER / vector["file"], verify.Known([sender(), own.card], own))
    assert report.code == vector["verify"]


def test_every_code_has_a_file() -> None:
    refused = {vector["code"] for vector in VECTORS if vector["state"] == REFUSED}
    assert refused == set(REASONS) - NOT_FROM_FILES_ALONE - NO_BATCHES


def test_the_verifier_differs_only_where_it_cannot_know() -> None:
    """Who reads, and what was applied before, is not in a file."""
    differs = {vector["code"] for vector in VECTORS if vector["state"] == REFUSED and not vector["verify"]}
    assert differs == {"reflected", "wrong_recipient", "fork", "equivocation", "unknown_stream"}


def test_every_file_is_in_the_index() -> None:
    assert {path.name for path in FOLDER.glob("*.zip")} == {vector["file"] for vector in VECTORS}


def test_the_set_is_what_the_tool_makes_today(tmp_path: Path) -> None:
    """Another format, another content: run ``python -m tools.vectors``."""
    fresh = tmp_path / "vectors"
    for name in ("inner", "outer", "stranger"):
        shutil.copytree(FOLDER / name, fresh / name)
    vectors.write(fresh)
    assert json.loads((fresh / "index.json").read_text()) == INDEX
    for file in (vector["file"] for vector in VECTORS if vector["state"] == APPLIED):
        assert root(fresh / file) == root(FOLDER / file)


def root(path: Path) -> str:
    with path.open("rb") as handle:
        return BatchFile(handle, [sender()]).batch.content_root
