"""A content as rows of the sheets, and rows put together to a content again. Pure; cells as in ``cells``."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from openpyxl.utils import get_column_letter

from matters.workbook import cells
from matters.workbook.cells import BadCell, Cell
from matters.workbook.columns import CODE_PATH, MAIN, children
from matters.workbook.kinds import Column, Kind, Sheet

BESIDE = ("header", "form", "scenario", "guide")
ORDINAL = re.compile(r"#([1-9]\d{0,6})", re.ASCII)


@dataclass(frozen=True)
class Row:
    """A row as it stands in a sheet: its number there, and one cell for each of the sheet's headings."""

    sheet: Sheet
    number: int
    cells: Sequence[Cell]


@dataclass(frozen=True)
class Place:
    """A cell of a workbook, or its row or sheet where there is no single cell; a path in a JSON document."""

    sheet: str = ""
    row: int = 0
    column: int = 0
    path: str = ""

    @property
    def cell(self) -> str:
        """D17, or the empty text for a whole sheet."""
        return f"{get_column_letter(self.column)}{self.row}" if self.row and self.column else ""

    def __str__(self) -> str:
        if self.path or not self.sheet:
            return self.path
        return f"{self.sheet}!{self.cell or f'第{self.row}行'}" if self.row else self.sheet


@dataclass(frozen=True)
class Fault:
    """A cell that cannot be taken over."""

    place: Place
    value: str
    message: str


@dataclass
class Assembled:
    """A content made of rows, where each of its parts stands, and the cells that could not be read.

    ``torn`` are the paths of lists from which rows are missing, because nobody knows where they belong.
    """

    content: dict[str, Any]
    places: dict[str, tuple[Sheet, int]]
    faults: list[Fault] = field(default_factory=list)
    torn: set[str] = field(default_factory=set)

    def place_of(self, path: str) -> Place:
        """The cell of a dotted path below the content; for a list its first row; else the nearest row above it."""
        if f"{path}.0" in self.places:
            sheet, number = self.places[f"{path}.0"]
            return Place(sheet.name, number, 1)
        parts = path.split(".")
        for length in range(len(parts), -1, -1):
            found = self.places.get(".".join(parts[:length]))
            if found:
                sheet, number = found
                return Place(sheet.name, number, _column_number(sheet, ".".join(parts[length:])))
        return Place()


def full_path(path: str) -> str:
    """A path as the checks give it (guide fields without ``guide.``), below the content."""
    return path if path.split(".")[0] in BESIDE else f"guide.{path}"


def _column_number(sheet: Sheet, path: str) -> int:
    """The column of a path below the row's object, or of the nearest one above or below it; else the first."""
    start = len(sheet.leading) + 1
    for number, column in enumerate(sheet.columns, start):
        if column.path == path:
            return number
    for number, column in enumerate(sheet.columns, start):
        if path and (path.startswith(f"{column.path}.") or column.path.startswith(f"{path}.")):
            return number
    return 1


# --- content to rows


def rows_of(content: Mapping[str, Any], owner: str) -> Iterator[tuple[Sheet, list[str | int | None]]]:
    """The rows of one matter; ``content`` in normal form, ``owner`` the code of its department."""
    code = cells.escape(str(value_at(content, CODE_PATH) or ""))
    yield MAIN, [code, cells.escape(owner), *_cells(MAIN, content)]
    for sheet in children(None):
        yield from _rows_below(sheet, value_at(content, sheet.path), [code])


def _rows_below(sheet: Sheet, items: Any, leading: list[str]) -> Iterator[tuple[Sheet, list[str | int | None]]]:
    for index, item in enumerate(items or []):
        yield sheet, [*leading, *_cells(sheet, item)]
        for child in children(sheet):
            yield from _rows_below(child, item.get(child.path), [*leading, _name_of(sheet, items, index)])


def _cells(sheet: Sheet, item: Mapping[str, Any]) -> list[str | int | None]:
    return [cells.encode(column, value_at(item, column.path)) for column in sheet.columns]


def _name_of(sheet: Sheet, items: Sequence[Mapping[str, Any]], index: int) -> str:
    """How rows of other sheets name this one: by its key, or as #2 where the key is missing or not its own."""
    key = items[index].get(sheet.key)
    twins = [item for item in items if item.get(sheet.key) == key]
    is_clear = isinstance(key, str) and key and len(twins) == 1 and not ORDINAL.fullmatch(key)
    return cells.escape(str(key)) if is_clear else f"#{index + 1}"


def value_at(item: Any, path: str) -> Any:
    """The value at a dotted path; None when it is not there."""
    for part in path.split("."):
        if not isinstance(item, Mapping):
            return None
        item = item.get(part)
    return item


# --- rows to content


def assemble(code: str, main: Row, others: Sequence[Row]) -> Assembled:
    """The content of one matter from its row of the main sheet and its rows of the others, in the order of the sheets.

    What cannot be read stands in ``faults`` and, as it was written, in the content, so that later checks know it as wrong.
    """
    made = Assembled({"header": {"code": code}, "guide": {}}, {"": (MAIN, main.number)})
    _fill(made, main, made.content)
    by_sheet: dict[str, list[Row]] = {}
    for row in others:
        by_sheet.setdefault(row.sheet.name, []).append(row)
    for sheet in children(None):
        _add_rows(made, sheet, by_sheet)
    return made


def _add_rows(made: Assembled, sheet: Sheet, by_sheet: Mapping[str, list[Row]]) -> None:
    rows = by_sheet.get(sheet.name, [])
    if rows and value_at(made.content, sheet.path) == []:
        _refuse_contradiction(made, sheet)
    for row in rows:
        owner = _owner(made, row)
        if owner is None:
            continue
        above, where = owner
        items = _list_at(above, sheet.path)
        path = f"{where}{sheet.path}.{len(items)}"
        items.append({})
        made.places[path] = (sheet, row.number)
        _fill(made, row, items[-1])
    for child in children(sheet):
        _add_rows(made, child, by_sheet)


def _refuse_contradiction(made: Assembled, sheet: Sheet) -> None:
    """The main sheet says that there is nothing, and there are rows."""
    number = _column_number(MAIN, sheet.path)
    place = Place(MAIN.name, made.places[""][1], number)
    heading = MAIN.headings[number - 1]
    made.faults.append(Fault(place, "是", f"“{heading}”写了“是”，“{sheet.name}”里却有它的行，请留其中一样。"))


def _owner(made: Assembled, row: Row) -> tuple[dict[str, Any], str] | None:
    """The object that the row belongs to and its path with a dot; None, with a fault, when it is not there."""
    item, path = made.content, ""
    for position, sheet in enumerate(row.sheet.ancestors, start=1):
        name = _text(row.cells[position])
        items = value_at(item, sheet.path) or []
        found = _named(sheet, items, name)
        if len(found) != 1:
            place = Place(row.sheet.name, row.number, position + 1)
            made.faults.append(Fault(place, name, _not_one(sheet, name, found)))
            made.torn.add(row.sheet.ancestors[0].path)
            return None
        item, path = items[found[0]], f"{path}{sheet.path}.{found[0]}."
    return item, path


def _named(sheet: Sheet, items: Sequence[Mapping[str, Any]], name: str) -> list[int]:
    ordinal = ORDINAL.fullmatch(name)
    if ordinal:
        return [number for number in (int(ordinal[1]) - 1,) if number < len(items)]
    return [index for index, item in enumerate(items) if item.get(sheet.key) == name]


def _not_one(sheet: Sheet, name: str, found: Sequence[int]) -> str:
    if found:
        return f"“{sheet.name}”里有 {len(found)} 行都叫“{name}”，请写 #1、#2 指明是第几行。"
    return f"“{sheet.name}”里没有这个事项的“{name}”。" if name else f"没有写属于“{sheet.name}”的哪一行。"


def _text(cell: Cell) -> str:
    try:
        return cells.text_of(cell)
    except BadCell:
        return str(cell)


def _fill(made: Assembled, row: Row, item: dict[str, Any]) -> None:
    start = len(row.sheet.leading)
    for number, (column, cell) in enumerate(zip(row.sheet.columns, row.cells[start:], strict=True), start + 1):
        try:
            value = cells.decode(column, cell)
        except BadCell as error:
            place = Place(row.sheet.name, row.number, number)
            made.faults.append(Fault(place, str(cell), str(error)))
            value = None if column.kind is Kind.NONE else {"": str(cell)}  # of no type that a field has
        if value is not None:
            _set(item, column, value)


def _set(item: dict[str, Any], column: Column, value: Any) -> None:
    *above, last = column.path.split(".")
    for part in above:
        item = item.setdefault(part, {})
    item[last] = value


def _list_at(item: dict[str, Any], path: str) -> list[Any]:
    *above, last = path.split(".")
    for part in above:
        item = item.setdefault(part, {})
    found: list[Any] = item.setdefault(last, [])
    return found
