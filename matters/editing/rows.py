"""Adding, removing and moving the blocks of a list by a button of the page, for browsers without script."""

import copy
from typing import Any

from matters.editing.reading import MOST_ROWS
from matters.editing.shapes import Kind, Shape, whole

ACTIONS = ("add", "remove", "up", "down")


def change(content: dict[str, Any], command: str) -> tuple[dict[str, Any], str]:
    """The content after ``add guide.materials`` or ``remove|up|down guide.materials.3``, and the name to show next.

    ValueError for a command that no button of the page gives.
    """
    action, _space, name = command.partition(" ")
    if action not in ACTIONS:
        raise ValueError("没有这样的操作，请刷新后重试。")
    changed = copy.deepcopy(content)
    path, place = (name, None) if action == "add" else _split(name)
    shape, parent = _parent_of_list(changed, path)
    key = path.rpartition(".")[2]
    rows = parent[key]
    if place is not None and place >= len(rows):
        raise ValueError("这一项已经不在了，请刷新后重试。")
    shown_next = _apply(action, shape, rows, path, place or 0)
    if not rows and shape.word.none:
        del parent[key]  # an empty list would say that there are none
    return changed, shown_next


def _apply(action: str, shape: Shape, rows: list[Any], path: str, place: int) -> str:
    if action == "add":
        if len(rows) >= MOST_ROWS:
            raise ValueError(f"“{shape.word.label}”最多 {MOST_ROWS} 项。")
        rows.append(fresh_row(shape, rows))
        return f"{path}.{len(rows) - 1}"
    if action == "remove":
        del rows[place]
        return path
    other = place - 1 if action == "up" else place + 1
    if not 0 <= other < len(rows):
        return f"{path}.{place}"
    rows[place], rows[other] = rows[other], rows[place]
    return f"{path}.{other}"


def fresh_row(shape: Shape, rows: list[Any]) -> dict[str, Any]:
    """A new block with the identifiers that the site makes up: the first number nobody has."""
    row: dict[str, Any] = {}
    for part in shape.parts:
        if part.word.fresh:
            taken = {item.get(part.name) for item in rows if isinstance(item, dict)}
            row[part.name] = next(key for key in (f"{part.word.fresh}{n}" for n in range(1, 9999)) if key not in taken)
    return row


def _split(name: str) -> tuple[str, int]:
    path, _dot, place = name.rpartition(".")
    if not place.isdecimal() or len(place) > 4:
        raise ValueError("没有这样的操作，请刷新后重试。")
    return path, int(place)


def _parent_of_list(content: dict[str, Any], path: str) -> tuple[Shape, dict[str, Any]]:
    """The list's shape and the group that holds it; groups and the list itself are made where they are missing."""
    shape = whole()
    here: Any = content
    parent = content
    for key in path.split("."):
        if key.isdecimal():
            here = _item(here, int(key))
            continue
        try:
            shape = shape.part(key)
        except KeyError as error:
            raise ValueError("没有这样的操作，请刷新后重试。") from error
        parent, here = here, _member(shape, here, key)
    if shape.kind != Kind.ROWS or not isinstance(here, list):
        raise ValueError("没有这样的操作，请刷新后重试。")
    return shape, parent


def _member(shape: Shape, here: Any, key: str) -> Any:
    wanted = list if shape.kind == Kind.ROWS else dict
    if not isinstance(here, dict):
        raise ValueError("没有这样的操作，请刷新后重试。")
    if not isinstance(here.get(key), wanted):
        here[key] = wanted()
    return here[key]


def _item(here: Any, place: int) -> Any:
    if not isinstance(here, list) or place >= len(here):
        raise ValueError("这一项已经不在了，请刷新后重试。")
    if not isinstance(here[place], dict):
        here[place] = {}
    return here[place]
