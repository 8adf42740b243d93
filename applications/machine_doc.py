"""``docs/machine.md``: the machine as a table and a diagram, written from the code and compared by a test."""

from applications import machine
from applications.states import State

ROLE_WORDS = {
    "applicant": "申请人",
    "system": "系统",
    "step": "当前环节的岗位",
    "clerk": "窗口",
    "reviewer": "审查",
    "approver": "负责人",
    "inspector": "监察",
}


def document() -> str:
    """The whole text of docs/machine.md."""
    return "\n".join([*_head(), *_table(), "", *_conditions(), "", *_diagram(), ""])


def _head() -> list[str]:
    return [
        "# The machine",
        "",
        "Written by `manage.py machine --doc` from `applications/machine.py`; a test compares the two. Do not edit by hand.",
        "",
    ]


def _grouped() -> dict[tuple[str, str, str], list[str]]:
    rows: dict[tuple[str, str, str], list[str]] = {}
    for state, move, target, role in machine.table():
        rows.setdefault((state, move, target), []).append(role)
    return rows


def _table() -> list[str]:
    lines = ["| state | move | target | who |", "|---|---|---|---|"]
    for (state, move, target), roles in _grouped().items():
        who = "、".join(ROLE_WORDS[role] for role in roles)
        name = f"`{move}` {machine.label(move, state)}"
        lines.append(f"| `{state}` {State(state).label} | {name} | `{target}` {State(target).label} | {who} |")
    return lines


def _conditions() -> list[str]:
    lines = ["## What stops a move", ""]
    for name, transitions in machine.moves().items():
        sentences = {check.sentence: None for one in transitions for check in one.conditions or ()}
        lines += [f"- `{name}`: {sentence}" for sentence in sentences]
    return lines


def _diagram() -> list[str]:
    arrows = [f"    {state} --> {target}: {move}" for state, move, target in _grouped()]
    return ["## Diagram", "", "```mermaid", "stateDiagram-v2", "    [*] --> DRAFT", *arrows, "```"]
