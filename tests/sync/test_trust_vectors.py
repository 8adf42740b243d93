"""The public trust files: a reader says to each exactly what the index says."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from sync import keys, peers, trusting
from sync.reasons import Refused
from sync.reports import APPLIED
from tests.sync.conftest import open_one
from tools import trust_vectors, vectors

FOLDER = vectors.FOLDER / "trust"
VECTORS: list[dict[str, Any]] = json.loads((FOLDER / "index.json").read_text())["vectors"]


@pytest.fixture
def disk(db: None, topic: str, data_dir: Path, tmp_path: Path) -> Path:
    """A fresh inner site with the keys of the vectors; where their files can be opened."""
    shutil.copytree(vectors.FOLDER / "inner", data_dir)
    card = keys.read_card((FOLDER / "outer.card.json").read_bytes())
    peers.enrol(card, card.fingerprint)
    shutil.copytree(FOLDER, tmp_path / "disk")
    return tmp_path / "disk"


def use(path: Path) -> str:
    if path.suffix == ".zip":
        outcome = open_one(path)
        return "" if outcome.state == APPLIED else outcome.code
    try:
        trusting.apply(path.read_bytes())
    except Refused as refusal:
        return refusal.code
    return ""


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["file"])
def test_reader(vector: dict[str, Any], disk: Path) -> None:
    assert [use(disk / file) for file in vector["after"]] == [""] * len(vector["after"])
    assert use(disk / vector["file"]) == vector["code"]


def test_every_file_is_in_the_index() -> None:
    files = {path.name for path in FOLDER.iterdir() if path.suffix in (".trust", ".zip")}
    assert files == {vector["file"] for vector in VECTORS}


def test_the_set_is_what_the_tool_makes_today(tmp_path: Path) -> None:
    """The trust files to the byte; batches have other ciphertexts."""
    fresh = tmp_path / "vectors"
    shutil.copytree(vectors.FOLDER, fresh)
    trust_vectors.write(fresh)
    for name in ("index.json", "outer.card.json", *(path.name for path in FOLDER.glob("*.trust"))):
        assert (fresh / "trust" / name).read_bytes() == (FOLDER / name).read_bytes()
