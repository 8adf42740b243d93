"""The docs are true: every setting, command, topic, move and guide field is named in docs/."""

import re
from functools import cache
from pathlib import Path

import pytest

from applications import machine
from matters.guide import Guide
from sync import registry

ROOT = Path(__file__).resolve().parent.parent
CODE = ["hall", "applications", "matters", "identity", "sync", "tools", "tests"]
# Set by the settings from the others, not by people.
DERIVED = {"HALL_PEER_SIDE"}


@cache
def docs(name: str = "*") -> str:
    return "\n".join(path.read_text() for path in sorted((ROOT / "docs").rglob(f"{name}.md")))


@cache
def code() -> str:
    files = [path for folder in CODE for path in sorted((ROOT / folder).rglob("*.py"))]
    return "\n".join(path.read_text() for path in [*files, ROOT / "Makefile"])


def settings() -> set[str]:
    return set(re.findall(r"\bHALL_[A-Z][A-Z_]*[A-Z]\b", code())) - DERIVED


def commands() -> set[str]:
    found = {path.stem for path in ROOT.glob("*/management/commands/*.py") if path.parts[-4] in CODE}
    return found - {"__init__"}


def topics() -> set[str]:
    return set(registry.supports())


@pytest.mark.parametrize("name", sorted(settings()))
def test_setting_is_explained(name: str) -> None:
    assert f"`{name}`" in docs("SETTINGS")


def test_no_setting_is_explained_that_is_gone() -> None:
    assert set(re.findall(r"`(HALL_[A-Z_]+)`", docs("SETTINGS"))) <= settings()


@pytest.mark.parametrize("name", sorted(commands()))
def test_command_is_explained(name: str) -> None:
    assert f"`{name}" in docs("COMMANDS")


@pytest.mark.parametrize("name", sorted(topics()))
def test_topic_is_named(name: str) -> None:
    assert f"`{name}`" in docs()


@pytest.mark.parametrize("name", sorted(machine.moves()))
def test_move_is_named(name: str) -> None:
    assert f"`{name}`" in docs()


@pytest.mark.parametrize("name", sorted(Guide.model_fields))
def test_guide_field_is_named(name: str) -> None:
    assert f"`{name}`" in docs()
