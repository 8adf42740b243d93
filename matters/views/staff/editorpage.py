"""What the editor's page shows: fields in groups with their states and inputs, problems, and what can be offered."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from matters import publishing
from matters.checks.problem import Problem
from matters.editing import offers, problems, stale, tree
from matters.editing.problems import State
from matters.editing.shapes import whole
from matters.editing.tree import Node
from matters.models import GuideVersion, Matter

GROUPS = (
    ("这是什么事", ("guide.matter_name", "header", "guide.department", "guide.responsible_office")),
    ("凭什么、谁能办", ("guide.legal_basis", "guide.conditions")),
    ("材料和表格", ("guide.materials", "guide.form_downloads")),
    (
        "时间和流程",
        (
            "guide.acceptance_window",
            "guide.acceptance_limit",
            "guide.feedback_limit",
            "guide.promised_limit",
            "guide.procedure",
        ),
    ),
    ("收费和结果", ("guide.fee_standard", "guide.outcome")),
    (
        "在哪里办、问谁",
        (
            "guide.service_address",
            "guide.contact",
            "guide.acceptance_level_place",
            "guide.district_points",
            "guide.handling_level",
            "guide.service_capability",
        ),
    ),
    ("网上申请", ("form", "scenario")),
)
DATALISTS = ("departments", "offices", "values")


@dataclass(frozen=True)
class FieldBlock:
    """One field of the page."""

    node: Node
    state: State
    help: str
    is_open: bool


def context(matter: Matter, draft: GuideVersion, content: dict[str, Any], opened: str = "") -> dict[str, Any]:
    """Everything that the page's template needs; ``opened`` is the dotted name of what to show first."""
    offered = {**offers.of_site(matter.department), **offers.of_draft(content)}
    found = publishing.problems_of(draft)
    states = {state.name: state for state in problems.states(content, found)}
    nodes = {
        name: tree.build(shape, name, problems.value_at(content, name), offered)
        for name, shape in problems.top_fields()
    }
    names = put_problems(nodes.values(), found)
    first = opened or next((name for name, state in states.items() if state.kind != "done"), "guide.matter_name")
    blocks = {
        name: FieldBlock(node, states[name], node.word.help, first == name or first.startswith(f"{name}."))
        for name, node in nodes.items()
    }
    return {
        "matter": matter,
        "draft": draft,
        "groups": [(title, [blocks[name] for name in names_of]) for title, names_of in GROUPS],
        "states": list(states.values()),
        "problems": problem_links(found, names),
        "templates": tree.list_templates(whole(), offered),
        "datalists": [(name, offered[name]) for name in DATALISTS],
        "marks": stale.packed(content),
        "opened": opened,
    }


def put_problems(nodes: Iterable[Node], found: Iterable[Problem]) -> set[str]:
    """Give every node its problems; returns the names of all nodes on the page."""
    on_page = {node.name: node for top in nodes for node in top.walk()}
    for name, messages in problems.place(found, on_page).items():
        if name:
            on_page[name].problems = messages
    return set(on_page)


def problem_links(found: Iterable[Problem], names: set[str]) -> list[dict[str, str]]:
    """The summary: each message with its field, and the name of the input to go to."""
    return [
        {"name": name, "message": f"{problem.label}：{problem.message}"}
        for problem in found
        for name in problems.place([problem], names)
    ]
