"""A file tried against a definition: each line's values, or everything that is wrong with it. Pure but for reading the file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO

from matters.datasets.definition import Definition, FieldDefinition
from matters.datasets.reading import Cells, Formula, Unreadable, table
from matters.datasets.values import BadValue, clean, plain

KEPT_PROBLEMS = 200


@dataclass(frozen=True)
class Problem:
    """One thing wrong in a file; ``row`` and ``column`` as the table shows them."""

    row: int
    column: str
    value: str
    reason: str

    def as_json(self) -> dict[str, str | int]:
        """For storing beside the load."""
        return {"row": self.row, "column": self.column, "value": self.value, "reason": self.reason}


@dataclass
class Outcome:
    """What reading a file found; the first 200 problems are kept, all are counted."""

    rows: int = 0
    problem_count: int = 0
    problems: list[Problem] = field(default_factory=list)

    def add(self, problem: Problem) -> None:
        """Note a problem."""
        self.problem_count += 1
        if len(self.problems) < KEPT_PROBLEMS:
            self.problems.append(problem)


def read(file: IO[bytes], definition: Definition, outcome: Outcome) -> Iterator[dict[str, str]]:
    """The values of each line that has nothing wrong, in order; what is wrong goes into ``outcome``.

    Keeps nothing but the keys seen. Raises nothing: an unreadable file is one problem.
    """
    try:
        lines = table(file)
        number, heading = next(lines, (1, []))
        columns = _columns(number, heading, definition, outcome)
        if not outcome.problem_count:
            yield from _rows(lines, columns, definition, outcome)
    except Unreadable as error:
        outcome.add(Problem(0, "", "", str(error)))


def _columns(number: int, heading: Cells, definition: Definition, outcome: Outcome) -> dict[int, FieldDefinition]:
    known = {field.label.strip(): field for field in definition.fields} | {f.key: f for f in definition.fields}
    found: dict[int, FieldDefinition] = {}
    for at, cell in enumerate(heading):
        words = str(cell).strip() if isinstance(cell, str) else ""
        wanted = known.get(words)
        if wanted is None and cell is not None and cell != "":
            outcome.add(
                Problem(number, letter(at), _shown(cell), "数据集里没有这一列，请核对表头，或先在定义里添加字段。")
            )
        elif wanted is not None and wanted in found.values():
            outcome.add(Problem(number, letter(at), words, "这一列出现了两次。"))
        elif wanted is not None:
            found[at] = wanted
    here = {field.key for field in found.values()}
    for missing in definition.fields:
        if missing.required and missing.key not in here:
            outcome.add(Problem(number, "", missing.label, "缺少这个必填列。"))
    return found


def _rows(
    lines: Iterator[tuple[int, Cells]], columns: Mapping[int, FieldDefinition], definition: Definition, outcome: Outcome
) -> Iterator[dict[str, str]]:
    seen: set[int] = set()
    for number, cells in lines:
        before = outcome.problem_count
        values = _values(number, cells, columns, outcome)
        if outcome.problem_count == before:
            key = hash(plain(values.get(definition.key, "")))
            if key in seen:
                own = next(at for at, field in columns.items() if field.key == definition.key)
                reason = "主键和前面的一行重复。"
                outcome.add(Problem(number, letter(own), values[definition.key], reason))
            else:
                seen.add(key)
                outcome.rows += 1
                yield values


def _values(number: int, cells: Cells, columns: Mapping[int, FieldDefinition], outcome: Outcome) -> dict[str, str]:
    values: dict[str, str] = {}
    for at, column in columns.items():
        raw = cells[at] if at < len(cells) else None
        try:
            text = check(column, raw)
        except BadValue as error:
            outcome.add(Problem(number, letter(at), _shown(raw), f"{column.label}：{error}"))
        else:
            if text:
                values[column.key] = text
    return values


def check(field: FieldDefinition, raw: object) -> str:
    """The value of a cell of this field; BadValue when it does not fit or is missing."""
    if isinstance(raw, Formula):
        raise BadValue("这一格是公式或错误值，请改成值（复制后选择性粘贴为数值）。")
    text = clean(field.kind, raw)
    if field.required and not text:
        raise BadValue("必填，不能空着。")
    return text


def letter(at: int) -> str:
    """Column 0 is A, 25 is Z, 26 is AA."""
    head, rest = divmod(at, 26)
    return (letter(head - 1) if head else "") + chr(ord("A") + rest)


def _shown(raw: object) -> str:
    """The beginning of a cell, for the list of problems; formulas as they stand."""
    text = raw.text if isinstance(raw, Formula) else "" if raw is None else str(raw)
    return text[:60]
