"""Rows of an uploaded table, .xlsx or .csv, one at a time. Uploads are hostile: whatever calculates, refers or unpacks without end
is refused before a cell is looked at."""

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

MOST_ROWS = 200_000
MOST_COLUMNS = 60
MOST_MEMBERS = 500
MOST_UNPACKED = 400 * 1024 * 1024
PIECE = 1024 * 1024
# A document type is where entities are defined (XXE, billion laughs); a workbook needs none.
FORBIDDEN = (b"<!DOCTYPE", b"<!ENTITY")
ZIP_HEAD = b"PK\x03\x04"
# What openpyxl and the standard library raise for files that are no workbooks.
UNREADABLE = (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, SyntaxError, TypeError, EOFError, OSError)


class Unreadable(Exception):
    """The file cannot be taken; the text says why and what to do."""


@dataclass(frozen=True)
class Formula:
    """A cell that calculates: refused by whoever reads the row."""

    text: str


Cells = list[Any]


def table(file: IO[bytes]) -> Iterator[tuple[int, Cells]]:
    """(line number as people see it, cells) of every line that holds something, the heading first. Unreadable for hostile files."""
    file.seek(0)
    is_zip = file.read(4) == ZIP_HEAD
    file.seek(0)
    lines = _sheet(file) if is_zip else _csv(file)
    for number, cells in lines:
        if number > MOST_ROWS + 1:
            raise Unreadable(f"超过 {MOST_ROWS} 行，请分成几个文件，按主键分批更新。")
        if any(cell is not None and cell != "" for cell in cells):
            yield number, cells


# --- xlsx
def _sheet(file: IO[bytes]) -> Iterator[tuple[int, Cells]]:
    _look_inside(file)
    try:
        book = load_workbook(file, read_only=True, data_only=False, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what the file says of its own size is not believed
        rows = sheet.iter_rows(max_col=MOST_COLUMNS, max_row=MOST_ROWS + 2)
        for number, row in enumerate(rows, 1):
            yield number, [_cell(cell) for cell in row]
    except UNREADABLE as error:
        raise Unreadable("这个文件不是能读的 Excel 工作簿，请在 Excel 或 WPS 里另存为 .xlsx 后再上传。") from error
    except IndexError as error:
        raise Unreadable("工作簿里没有工作表。") from error


def _cell(cell: Any) -> Any:
    value = cell.value
    if cell.data_type == "f":
        return Formula(str(value))
    return None if cell.data_type == "e" else value


def _look_inside(file: IO[bytes]) -> None:
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            _check_members(members)
            for member in members:
                if member.filename.lower().endswith((".xml", ".rels", ".vml")):
                    _check_xml(archive, member)
    except UNREADABLE as error:
        raise Unreadable("这个文件已经损坏，请重新导出后再上传。") from error


def _check_members(members: list[zipfile.ZipInfo]) -> None:
    names = [member.filename.lower() for member in members]
    if any(name.endswith((".bin", ".exe", ".dll")) and "printersettings" not in name for name in names):
        raise Unreadable("文件里有宏或嵌入的程序，请另存为不含宏的 .xlsx 后再上传。")
    if len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > MOST_UNPACKED:
        raise Unreadable("文件解压后太大，请只保留一张工作表，去掉图片和多余的格式。")
    if len(set(names)) < len(names):
        raise Unreadable("文件的内部结构不正常（重复的部件），请重新导出后再上传。")


def _check_xml(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """Read a part whole, in pieces: what it unpacks to is counted, not believed."""
    tail, size = b"", 0
    with archive.open(member) as part:
        while piece := part.read(PIECE):
            size += len(piece)
            if size > MOST_UNPACKED:
                raise Unreadable("文件解压后太大。")
            seen = (tail + piece).upper()
            if b"\x00" in seen or any(word in seen for word in FORBIDDEN):
                raise Unreadable("文件里有不允许的内容（文档类型或实体定义），请重新导出后再上传。")
            tail = piece[-16:]


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
