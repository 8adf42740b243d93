"""What a check finds, and small helpers to say it."""

from dataclasses import dataclass
from typing import Any

from matters.guide import GUIDE_FIELDS

LABELS = GUIDE_FIELDS | {"header": "事项信息", "form": "在线申请表", "scenario": "情形导办"}
# Words that fill a column without saying anything.
NOTHING_SAID = {
    "",
    "无",
    "暂无",
    "没有",
    "略",
    "同上",
    "/",
    "\\",
    "-",
    "--",
    "—",
    "——",
    "…",
    "……",
    "?",
    "？",
    "测试",
    "xxx",
    "todo",
}


@dataclass(frozen=True)
class Problem:
    """One thing wrong: the guide field (or header, form), the path below it, and a sentence for the person who mends it."""

    field: str
    path: str
    message: str

    @property
    def label(self) -> str:
        """The field's Chinese name."""
        return LABELS.get(self.field, self.field)


class Findings:
    """Collects problems of one field; paths are written relative to it."""

    def __init__(self, field: str) -> None:
        self.field = field
        self.problems: list[Problem] = []

    def add(self, path: str, message: str) -> None:
        """Note a problem at ``path`` below the field (empty for the field itself)."""
        self.problems.append(Problem(self.field, f"{self.field}.{path}" if path else self.field, message))

    def need(self, value: str, path: str, name: str) -> bool:
        """A text that must say something; returns whether it does."""
        said = not is_blank(value)
        if not said:
            self.add(path, f"{name}还没有填写。")
        return said


def is_blank(text: str) -> bool:
    """Whether a text is empty or one of the words that say nothing."""
    return text.strip().lower() in NOTHING_SAID


def texts(value: Any, path: str = "", skip: frozenset[str] = frozenset()) -> list[tuple[str, str]]:
    """Every string below a JSON value with its dotted path; keys in ``skip`` are not entered."""
    if isinstance(value, str):
        return [(path, value)]
    if isinstance(value, dict):
        pairs = [(key, part) for key, part in value.items() if key not in skip]
    elif isinstance(value, list):
        pairs = [(str(index), part) for index, part in enumerate(value)]
    else:
        return []
    return [found for key, part in pairs for found in texts(part, f"{path}.{key}" if path else key, skip)]
