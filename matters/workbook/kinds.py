"""The kinds of columns and sheets that a workbook of guides is made of, and short ways to write a column down."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Any

CODE_HEADING = "实施编码"
OWNER_HEADING = "主管部门编码"
# Written where "explicitly nothing" differs from an empty cell.
NOTHING = "无"


class Kind(Enum):
    """How a cell is read."""

    TEXT = "文字"
    NUMBER = "整数"
    YES_NO = "是或否"
    CODE = "从列表中选一个"
    WORDS = "几个词，用顿号（、）隔开"
    CODES = "从列表中选，几个用顿号（、）隔开"
    NONE = "没有时写“是”"


YES, NO = "是", "否"
DAYS: dict[int, str] = dict(enumerate(("周一", "周二", "周三", "周四", "周五", "周六", "周日"), start=1))
FIELD_TYPES = {
    "text": "一行文字",
    "textarea": "多行文字",
    "integer": "整数",
    "decimal": "小数",
    "money": "金额",
    "date": "日期",
    "choice": "单选",
    "multichoice": "多选",
    "yesno": "是否",
    "phone": "电话",
    "email": "电子邮件",
    "id_number": "身份证号",
    "uscc": "统一社会信用代码",
    "address": "地址",
}
PREFILLS = {
    "enterprise.name": "企业名称",
    "enterprise.uscc": "企业信用代码",
    "enterprise.legal_representative": "法定代表人",
    "enterprise.address": "企业地址",
    "person.name": "本人姓名",
    "person.id_number": "本人身份证号",
    "person.phone": "本人手机号",
}
QUESTION_KINDS = {"one": "单选", "many": "可多选"}


def same(values: tuple[str, ...]) -> dict[str, str]:
    """A table whose labels are its codes."""
    return {value: value for value in values}


@dataclass(frozen=True)
class Column:
    """A column: heading, path below the row's object, how to read it, what to write in it."""

    heading: str
    path: str
    kind: Kind = Kind.TEXT
    help: str = ""
    choices: Mapping[Any, Any] | None = None
    width: int = 18
    # What an empty cell stands for, where the model's default says something. An empty value is then not the same and written as 无.
    default: str = ""

    @property
    def says_nothing(self) -> bool:
        """Whether 无 in a cell differs from an empty cell."""
        return bool(self.default)


@dataclass(frozen=True)
class Sheet:
    """A sheet: one row an element of the list at ``path``, below the content or below an element of ``parent``."""

    name: str
    path: str
    columns: tuple[Column, ...]
    parent: "Sheet | None" = None
    # By which leaf, and under which heading, rows of other sheets name a row of this one.
    key: str = ""
    reference: str = ""

    @property
    def ancestors(self) -> "tuple[Sheet, ...]":
        """The sheets above, the topmost first."""
        return (*self.parent.ancestors, self.parent) if self.parent else ()

    @cached_property
    def leading(self) -> tuple[str, ...]:
        """The headings that say where a row belongs."""
        first = (CODE_HEADING, OWNER_HEADING) if not self.path else (CODE_HEADING,)
        return (*first, *(sheet.reference for sheet in self.ancestors))

    @cached_property
    def headings(self) -> tuple[str, ...]:
        """All headings from left to right."""
        return (*self.leading, *(column.heading for column in self.columns))


def text(heading: str, path: str, help: str = "", width: int = 18) -> Column:  # noqa: A002
    """A text of a few words."""
    return Column(heading, path, Kind.TEXT, help, width=width)


def long_text(heading: str, path: str, help: str = "") -> Column:  # noqa: A002
    """A text of sentences."""
    return Column(heading, path, Kind.TEXT, help, width=40)


def number(heading: str, path: str, help: str = "") -> Column:  # noqa: A002
    """A whole number."""
    return Column(heading, path, Kind.NUMBER, help, width=12)


def yes_no(heading: str, path: str, help: str = "") -> Column:  # noqa: A002
    """是 or 否."""
    return Column(heading, path, Kind.YES_NO, help, {True: YES, False: NO}, width=12)


def one_code(heading: str, path: str, choices: Mapping[Any, Any], help: str = "", *, default: str = "") -> Column:  # noqa: A002
    """One of a code table, written as its label; ``default`` is the code that an empty cell stands for."""
    return Column(heading, path, Kind.CODE, help, choices, 16, default)


def some_codes(heading: str, path: str, choices: Mapping[Any, Any], help: str = "") -> Column:  # noqa: A002
    """Several of a code table."""
    return Column(heading, path, Kind.CODES, help, choices, 22)


def words(heading: str, path: str, help: str = "") -> Column:  # noqa: A002
    """Several words."""
    return Column(heading, path, Kind.WORDS, help, width=22)
