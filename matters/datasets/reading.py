"""Rows of an uploaded table, .xlsx or .csv, one at a time. Uploads are hostile: ``matters.workbook`` refuses workbooks that could do
harm, before a cell is looked at."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

from matters.workbook.package import MAX_ROWS, Refused, is_package

MOST_COLUMNS = 60
PIECE = 1024 * 1024


class Unreadable(Exception):
    """The file cannot be taken; the text says why and what to do."""


@dataclass(frozen=True)
class Formula:
    """A cell that calculates, or could not: refused by whoever reads the row."""

    text: str


Cells = list[Any]


def table(file: IO[bytes]) -> Iterator[tuple[int, Cells]]:
    """(line number as people see it, cells) of every line that holds something, the heading first. Unreadable for hostile files."""
    lines = _sheet(file) if is_package(file) else _csv(file)
    for number, cells in lines:
        if number > MAX_ROWS:
            raise Unreadable(f"超过 {MAX_ROWS} 行，请分成几个文件，按主键分批更新。")
        if any(cell is not None and cell != "" for cell in cells):
            yield number, cells


# --- xlsx
def _sheet(file: IO[bytes]) -> Iterator[tuple[int, Cells]]:
    """The first sheet."""
    from matters.workbook.reading import opened, plain_rows  # openpyxl is 9 MB, and every process imports this file

    try:
        with opened(file) as book:
            for sheet in book.worksheets[:1]:
                for number, row in plain_rows(book, sheet.title):
                    yield number, [_cell(cell) for cell in row]
    except Refused as refused:
        raise Unreadable(str(refused)) from refused


def _cell(cell: Any) -> Any:
    return Formula(str(cell.value)) if cell.data_type in ("f", "e") else cell.value


# --- csv
def _csv(file: IO[bytes]) -> Iterator[tuple[int, Cells]]:
    text = io.TextIOWrapper(file, encoding=_encoding(file), newline="")
    try:
        reader = csv.reader(text, strict=True)
        for row in reader:
            if len(row) > MOST_COLUMNS:
                raise Unreadable(f"第 {reader.line_num} 行超过 {MOST_COLUMNS} 列。")
            yield reader.line_num, [Formula(cell) if cell.startswith("=") else cell for cell in row]
    except csv.Error as error:
        raise Unreadable("CSV 文件的引号或分隔不对，请在表格软件里重新导出。") from error
    finally:
        text.detach()  # the caller's file stays open


def _encoding(file: IO[bytes]) -> str:
    """UTF-8, or GB 18030 as Excel in China writes it; Unreadable for what is no text."""
    for encoding in ("utf-8-sig", "gb18030"):
        if _decodes(file, encoding):
            return encoding
    raise Unreadable("只接受 .xlsx 和 .csv 文件；这个文件两者都不是。")


def _decodes(file: IO[bytes], encoding: str) -> bool:
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding, newline="")
    try:
        while piece := text.read(PIECE):
            if "\x00" in piece:
                return False
        return True
    except UnicodeDecodeError:
        return False
    finally:
        text.detach()
        file.seek(0)
