"""The rows of a workbook, sheet by sheet, as a stream; what is wrong with sheets, headings and cells on the way."""

import difflib
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, Any
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from matters.workbook import cells, package
from matters.workbook.cells import Cell
from matters.workbook.columns import MAIN, SHEETS
from matters.workbook.kinds import OWNER_HEADING, Sheet
from matters.workbook.package import BROKEN, MAX_ROWS, Refused
from matters.workbook.rows import Fault, Place, Row

MAX_COLUMNS = 300
# What openpyxl raises for workbooks that are no workbooks inside.
UNREADABLE = (
    *(zipfile.BadZipFile, zlib.error, ParseError, InvalidFileException, OSError, EOFError),
    *(KeyError, IndexError, TypeError, ValueError, AttributeError, RecursionError, OverflowError),
)
OnFault = Callable[[Fault], None]


@contextmanager
def opened(file: IO[bytes]) -> Iterator[Any]:
    """The workbook for reading row by row; Refused when it is none or may do harm."""
    package.inspect(file)
    file.seek(0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            book = openpyxl.load_workbook(file, read_only=True, keep_links=False)
        except UNREADABLE as error:
            raise Refused(BROKEN) from error
        try:
            _refuse_twin_sheets(book.sheetnames)
            yield book
        finally:
            book.close()


def _refuse_twin_sheets(names: Sequence[str]) -> None:
    twins = sorted({name for name in names if names.count(name) > 1})
    if twins:
        raise Refused(f"有重名的工作表：{'、'.join(twins)}。每个工作表只能有一个，请改名或删去多余的。")


def is_ours(book: Any) -> bool:
    """Whether the workbook has the sheet of matters that a download has."""
    return MAIN.name in book.sheetnames


@dataclass
class Layout:
    """Where each heading of each sheet stands in the file (from 0), None where it is missing."""

    orders: dict[str, list[int | None]] = field(default_factory=dict)

    def is_usable(self, sheet: Sheet) -> bool:
        """Whether the rows of the sheet can be told to whom they belong."""
        order = self.orders.get(sheet.name, [])
        needed = [at for at, heading in enumerate(sheet.leading) if heading != OWNER_HEADING]
        return bool(order) and all(order[at] is not None for at in needed)

    def lacks(self, path: str) -> bool:
        """Whether the part of a content with this dotted path could not be read, because its sheet is missing."""
        tops = {(*sheet.ancestors, sheet)[0].path for sheet in SHEETS if sheet.path and not self.is_usable(sheet)}
        return any(f"{top}.".startswith(f"{path}.") or f"{path}.".startswith(f"{top}.") for top in tops)

    def actual(self, place: Place) -> Place:
        """The place in the file, whose columns may stand in another order; column 0 where the heading is missing."""
        at = self.orders[place.sheet][place.column - 1] if place.column else None
        return Place(place.sheet, place.row, 0 if at is None else at + 1)


def read(book: Any, layout: Layout, on_fault: OnFault) -> Iterator[Row]:
    """Every row that says anything, in the order of ``SHEETS``; faults of sheets, headings and cells go to ``on_fault``.

    ``layout`` is filled in on the way.
    """
    for sheet in SHEETS:
        if sheet.name in book.sheetnames:
            yield from _rows(book, sheet, layout, on_fault)
        else:
            on_fault(Fault(Place(sheet.name), "", _missing_sheet(sheet, book.sheetnames)))


def _missing_sheet(sheet: Sheet, names: Sequence[str]) -> str:
    others = [name for name in names if name not in {known.name for known in SHEETS}]
    near = difflib.get_close_matches(sheet.name, others, 1, 0.4)
    hint = f"是不是“{near[0]}”？请改回原来的名字。" if near else "没有内容的也要保留，只留第一行的列名。"
    return f"缺少工作表“{sheet.name}”。{hint}"


def _rows(book: Any, sheet: Sheet, layout: Layout, on_fault: OnFault) -> Iterator[Row]:
    stream = plain_rows(book, sheet.name)
    number, first = next(stream, (1, []))
    order = _columns(sheet, [_heading(cell) for cell in first] if number == 1 else [], on_fault)
    layout.orders[sheet.name] = order
    if not layout.is_usable(sheet):
        return
    for number, found in stream:
        values = [_plain(sheet, number, column, cell, on_fault) for column, cell in enumerate(found, 1)]
        if any(value is not None and value != "" for value in values):
            yield Row(sheet, number, [values[at] if at is not None and at < len(values) else None for at in order])


def plain_rows(book: Any, name: str) -> Iterator[tuple[int, Sequence[Any]]]:
    """The rows of a sheet with their numbers, those without cells left out. Refused when there are too many."""
    worksheet = book[name]
    worksheet.reset_dimensions()  # what the file says of its own size is not believed
    try:
        for number, found in enumerate(worksheet.iter_rows(), start=1):
            if number > MAX_ROWS:
                raise Refused(f"工作表“{name}”超过 {MAX_ROWS} 行（空行也算）。请删去下面的空行和格式，再上传。")
            if len(found) > MAX_COLUMNS:
                column = get_column_letter(len(found))
                raise Refused(f"工作表“{name}”第 {number} 行用到了 {column} 列。请删去右边的空列和格式，再上传。")
            if found:
                yield number, found
    except UNREADABLE as error:
        if isinstance(error, Refused):
            raise
        raise Refused(BROKEN) from error


def _heading(cell: Any) -> str:
    return "" if cell.value is None else str(cell.value).strip()


def _columns(sheet: Sheet, found: Sequence[str], on_fault: OnFault) -> list[int | None]:
    """Where each heading of the sheet stands in the file."""
    missing = [heading for heading in sheet.headings if heading not in found]
    for number, heading in enumerate(found, start=1):
        place = Place(sheet.name, 1, number)
        if heading and heading not in sheet.headings:
            near = difflib.get_close_matches(heading, missing, 1, 0.5)
            hint = f"是不是“{near[0]}”？" if near else "请删去这一列，或者改成原来的列名。"
            on_fault(Fault(place, heading, f"不认识的列名“{heading}”。{hint}"))
        elif heading and heading in found[: number - 1]:
            on_fault(Fault(place, heading, f"列名“{heading}”重复了。"))
    for heading in missing:
        on_fault(Fault(Place(sheet.name, 1, 0), "", f"缺少列“{heading}”。不填的列也要保留列名。"))
    return [found.index(heading) if heading in found else None for heading in sheet.headings]


def _plain(sheet: Sheet, row: int, column: int, cell: Any, on_fault: OnFault) -> Cell:
    if cell.data_type == "f":
        on_fault(Fault(Place(sheet.name, row, column), "公式", "这一格是公式。请只粘贴它的值（选择性粘贴—数值）。"))
        return None
    if cell.data_type == "e":
        on_fault(Fault(Place(sheet.name, row, column), str(cell.value), f"这一格是错误值 {cell.value}，请改成内容。"))
        return None
    return cells.plain(cell.value)
