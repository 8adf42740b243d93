"""What keeps the hall readable: foreign keys go down, one door to the state, no hidden code, no huge file.

Which way imports go is held by import-linter (``make check``).
"""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parent.parent
LAYERS = ["sync", "identity", "matters", "applications", "hall"]  # the lowest first
MAX_LINES = 400
# The whole life in one block, to be read in one go.
LONGER = {"applications/machine.py": 480}
# The one function that moves an application lives here.
STATE_DOOR = {"applications/services.py"}


def sources() -> list[Path]:
    """Every module of the five apps, migrations left out."""
    return [path for layer in LAYERS for path in sorted((ROOT / layer).rglob("*.py")) if "migrations" not in path.parts]


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_foreign_keys_go_down() -> None:
    upwards = [
        f"{model._meta.label}.{field.name} → {field.related_model._meta.label}"
        for model in apps.get_models()
        if model._meta.app_label in LAYERS
        for field in model._meta.get_fields()
        if getattr(field, "remote_field", None) and not field.auto_created
        if field.related_model._meta.app_label in LAYERS
        if LAYERS.index(field.related_model._meta.app_label) > LAYERS.index(model._meta.app_label)
    ]
    assert upwards == []


def state_writes(module: ast.Module) -> Iterator[int]:
    """Lines that assign ``.state``, or pass ``state=`` to update(); a document's state (is its PDF there?) is another matter."""
    for node in ast.walk(module):
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from (t.lineno for t in targets if isinstance(t, ast.Attribute) and t.attr == "state")
        is_update = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "update"
        if is_update and not ast.unparse(node).startswith("Document.objects"):
            yield from (word.value.lineno for word in node.keywords if word.arg == "state")


def test_only_perform_writes_a_state() -> None:
    writers = {
        name_of(path)
        for path in sources()
        if path.is_relative_to(ROOT / "applications") and [*state_writes(tree(path))]
    }
    assert writers <= STATE_DOOR


def test_state_writes_are_found() -> None:
    code = "case.state = 'x'\nrows.update(state='y')\ncase.other = 1\nrows.update(other=2)"
    assert [*state_writes(ast.parse(code))] == [1, 2]


def hidden_hooks(module: ast.Module) -> Iterator[str]:
    """Signal receivers and connections."""
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef):
            yield from (node.name for mark in node.decorator_list if "receiver" in ast.unparse(mark).split("(")[0])
        if isinstance(node, ast.ImportFrom) and "signals" in (node.module or "").split("."):
            yield f"from {node.module}"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "connect":
            yield ast.unparse(node)


@pytest.mark.parametrize("path", sources(), ids=name_of)
def test_no_signals(path: Path) -> None:
    assert [*hidden_hooks(tree(path))] == []


def test_no_model_overrides_save() -> None:
    overridden = [
        model._meta.label
        for model in apps.get_models()
        if model._meta.app_label in LAYERS and {"save", "delete"} & set(vars(model))
    ]
    assert overridden == []


@pytest.mark.parametrize("path", sources(), ids=name_of)
def test_files_stay_readable(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= LONGER.get(name_of(path), MAX_LINES)
