"""The workbook of a download: written row by row, so that memory does not grow with the matters."""

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest
from typing import IO, Any

from django.utils import translation
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from matters.workbook import cells, rows
from matters.workbook.columns import SHEETS
from matters.workbook.kinds import CODE_HEADING, NO, NOTHING, OWNER_HEADING, YES, Column, Kind, Sheet

HELP_SHEET = "填写说明"
CHOICES_SHEET = "可选值"
HEAD_FONT = Font(bold=True, color="FFFFFF")
HEAD_FILL = PatternFill("solid", start_color="0B3D91")
WRAPPED = Alignment(wrap_text=True, vertical="top")
LAST_ROW = 1_048_576
TEXT_FORMAT = "@"
LEADING_HELP = {
    CODE_HEADING: "这一行说的是哪个事项；新事项写新的实施编码，最多 50 位",
    OWNER_HEADING: "哪个部门的事项；已有的事项不能改，新事项可以写您维护的部门",
}
INTRODUCTION = (
    "怎样填写",
    "“事项”里一行是一个事项，其余工作表里一行是一条依据、一份材料、一个环节……，用第一列的实施编码指明属于哪个事项。",
    "一份清单的先后就是行的先后。没有写进这个文件的事项不会改动；写进来的事项，以文件里的内容为准，删掉的行就是删掉的内容。",
    "不填的格子就是“没有写”。数字 0 和“否”也是内容，和不填不一样。不要写公式，不要改工作表名和第一行的列名。",
    "几个词用顿号（、）隔开；词里本来就有顿号的，在它前面加 \\。",
    "选项、情形等行用标识指明属于哪一部分、哪个字段、哪个问题；没有标识或者标识重复的，写 #1、#2 表示第几行。",
    "上传以后先检查、再保存：检查会一次列出全部问题和所在的格子；有必须改正的问题时，什么也不会保存。",
)


class CannotWrite(ValueError):
    """A content that no workbook can hold; ``str()`` says which, in Chinese."""


def write(matters: Iterable[tuple[str, Mapping[str, Any]]], file: IO[bytes]) -> int:
    """Write ``(department code, content in normal form)`` of each matter; how many there were.

    CannotWrite for a text that is longer than a cell may be.
    """
    with translation.override("zh-hans"):
        book = Workbook(write_only=True)
        writers = {name: book.create_sheet(name) for name in (SHEETS[0].name, HELP_SHEET)}
        writers |= {sheet.name: book.create_sheet(sheet.name) for sheet in SHEETS[1:]}
        ranges = _write_choices(book.create_sheet(CHOICES_SHEET))
        _write_help(writers[HELP_SHEET])
        pens = {sheet.name: Pen(writers[sheet.name], sheet, ranges) for sheet in SHEETS}
        count = 0
        try:
            for owner, content in matters:
                count += 1
                for sheet, values in rows.rows_of(content, owner):
                    pens[sheet.name].write(values)
        except CannotWrite:
            with tempfile.TemporaryFile() as nowhere:  # only saving removes the temporary files of the sheets
                book.save(nowhere)
            raise
        book.save(file)
    return count


class Pen:
    """Writes the rows of one sheet; text stays text, whatever it begins with."""

    def __init__(self, worksheet: Any, sheet: Sheet, ranges: Mapping[int, str]) -> None:
        self.worksheet = worksheet
        self.sheet = sheet
        self.text_style = _style(worksheet, TEXT_FORMAT, quoted=True)
        self.number_style = _style(worksheet, "0", quoted=False)
        _lay_out(worksheet, sheet)
        _offer_choices(worksheet, sheet, ranges)
        worksheet.append([self._head(heading) for heading in sheet.headings])

    def write(self, values: Sequence[str | int | None]) -> None:
        """One row, a value for each heading."""
        self.worksheet.append([None if value is None else self._cell(value, at) for at, value in enumerate(values)])

    def _cell(self, value: str | int, at: int) -> WriteOnlyCell:
        if isinstance(value, str) and len(value) > cells.MAX_CELL:
            raise CannotWrite(
                f"“{self.sheet.headings[at]}”有一段 {len(value)} 字的文字，超过了 Excel 一格 {cells.MAX_CELL} 字的上限。"
                "请改为下载 JSON，或者先把这段文字改短。"
            )
        cell = WriteOnlyCell(self.worksheet, value)
        cell.data_type = "s" if isinstance(value, str) else "n"  # "=1" is a text, not a formula
        cell._style = self.text_style if isinstance(value, str) else self.number_style
        return cell

    def _head(self, heading: str) -> WriteOnlyCell:
        cell = WriteOnlyCell(self.worksheet, heading)
        cell.font, cell.fill, cell.alignment = HEAD_FONT, HEAD_FILL, WRAPPED
        note = _note(self.sheet, heading)
        if note:
            cell.comment = Comment(note, "", height=120, width=260)
        return cell


def _style(worksheet: Any, number_format: str, *, quoted: bool) -> Any:
    """The style of all cells of a kind, made once: a style for each cell would take most of the time."""
    model = WriteOnlyCell(worksheet)
    model.number_format, model.alignment, model.quotePrefix = number_format, WRAPPED, quoted
    return model._style


def _lay_out(worksheet: Any, sheet: Sheet) -> None:
    """Widths, the format of cells not yet filled, and a first row and column that stay in view."""
    worksheet.freeze_panes = "B2"
    widths = [20] * len(sheet.leading) + [column.width for column in sheet.columns]
    numbers = {column.heading for column in sheet.columns if column.kind is Kind.NUMBER}
    for at, (heading, width) in enumerate(zip(sheet.headings, widths, strict=True), start=1):
        dimension = worksheet.column_dimensions[get_column_letter(at)]
        dimension.width = width
        dimension.number_format = "0" if heading in numbers else TEXT_FORMAT


def _offer_choices(worksheet: Any, sheet: Sheet, ranges: Mapping[int, str]) -> None:
    """A list to choose from in each cell that takes one of a few values."""
    for at, column in enumerate(sheet.columns, start=len(sheet.leading) + 1):
        source = f'"{YES},{NO}"' if column.kind in (Kind.YES_NO, Kind.NONE) else ranges.get(id(column), "")
        if source and column.kind is not Kind.CODES:
            offer = DataValidation("list", source, allow_blank=True, showErrorMessage=True)
            offer.errorTitle, offer.error = column.heading, "请从列表中选一个。"
            offer.add(f"{get_column_letter(at)}2:{get_column_letter(at)}{LAST_ROW}")
            worksheet.data_validations.append(offer)


def _write_choices(worksheet: Any) -> dict[int, str]:
    """A column of allowed values for each column that has some; the ranges, by the column's identity."""
    lists: dict[tuple[str, ...], list[Column]] = {}
    for column in (column for sheet in SHEETS for column in sheet.columns):
        if column.kind in (Kind.CODE, Kind.CODES):
            offered = [str(label) for label in (column.choices or {}).values()]
            lists.setdefault((*offered, *([NOTHING] if column.says_nothing else [])), []).append(column)
    ranges: dict[int, str] = {}
    for at, (labels, columns) in enumerate(lists.items(), start=1):
        letter = get_column_letter(at)
        worksheet.column_dimensions[letter].width = 24
        ranges |= {id(column): f"'{CHOICES_SHEET}'!${letter}$2:${letter}${len(labels) + 1}" for column in columns}
    worksheet.append([columns[0].heading for columns in lists.values()])
    for row in zip_longest(*lists):
        worksheet.append(list(row))
    return ranges


def _write_help(worksheet: Any) -> None:
    for letter, width in zip("ABCD", (14, 22, 34, 90), strict=True):
        worksheet.column_dimensions[letter].width = width
    for line in INTRODUCTION:
        worksheet.append([line])
    worksheet.append([])
    worksheet.append(["工作表", "列名", "怎样填", "说明和可选的值"])
    for sheet in SHEETS:
        for heading in sheet.headings:
            kind = next((column.kind.value for column in sheet.columns if column.heading == heading), Kind.TEXT.value)
            worksheet.append([_text(worksheet, text) for text in (sheet.name, heading, kind, _note(sheet, heading))])


def _text(worksheet: Any, text: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(worksheet, text)
    cell.alignment = WRAPPED
    return cell


def _note(sheet: Sheet, heading: str) -> str:
    """What the heading's comment and the help say."""
    for column in sheet.columns:
        if column.heading == heading:
            listed = column.kind in (Kind.CODE, Kind.CODES)
            offered = "可选：" + "、".join(str(label) for label in (column.choices or {}).values()) if listed else ""
            default = str((column.choices or {}).get(column.default, column.default))
            nothing = f"不填按“{default}”，明确没有的写“{NOTHING}”" if column.says_nothing else ""
            return "。".join(filter(None, (column.help, offered, nothing)))
    if heading in LEADING_HELP:
        return LEADING_HELP[heading]
    above = next(parent for parent in sheet.ancestors if parent.reference == heading)
    return f"“{above.name}”里的{above.columns[0].heading}；没有或重复时写 #1、#2，表示这个事项的第几行"
