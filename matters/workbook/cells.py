"""One value in one cell, written and read back exactly.

Text that looks like a formula stays text (the writer marks the cell); characters that XML cannot hold are written as Excel does,
``_x000B_``. Several words in a cell stand between 、; a 、 inside a word has a ``\\`` before it.
"""

import difflib
import json
import re
from datetime import date, datetime, time
from typing import Any

from matters.workbook.kinds import NO, NOTHING, YES, Column, Kind

MAX_CELL = 32767  # characters that Excel keeps in a cell
SURE_DIGITS = 15  # a number cell keeps no more
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\r\x0e-\x1f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
SEPARATORS = "、，,；;\n"
IN_WORD = re.compile(rf"[\\{SEPARATORS}]")
# What the models strip; Python's own strip() takes the separators U+001C to U+001F too, which are content.
SPACES = "".join(sign for sign in map(chr, range(0x3001)) if sign.isspace() and sign not in "\x1c\x1d\x1e\x1f")
WORD = re.compile(rf"(?:\\.|[^\\{SEPARATORS}]|\\$)+", re.DOTALL)
YES_WORDS = {YES: True, "√": True, "true": True, "yes": True, NO: False, "×": False, "false": False, "no": False}
Cell = str | int | float | bool | None


class BadCell(ValueError):
    """The cell cannot be read; ``str()`` says why in Chinese."""


def escape(text: str) -> str:
    """Text as a cell keeps it."""
    return UNWRITABLE.sub(lambda match: f"_x{ord(match.group()):04X}_", text)


def unescape(text: str) -> str:
    """The text that a cell stands for."""
    return ESCAPED.sub(lambda match: chr(int(match.group(1), 16)), text)


def plain(value: Any) -> Cell:
    """What a spreadsheet library read, as JSON can keep it: times 09:00, days 2026-03-01."""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, time):
        return value.isoformat("minutes")
    if isinstance(value, date):
        return value.isoformat()
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)


# --- writing


def encode(column: Column, value: Any) -> str | int | None:
    """The cell of a value in normal form; None leaves it empty. A value of a wrong type is written as it stands."""
    if value is None:
        return None
    if column.kind is Kind.NONE:
        return YES if value == [] else None
    if value in ("", []):
        return NOTHING if column.says_nothing else None
    if column.kind is Kind.NUMBER and isinstance(value, int):
        return value
    if column.kind in (Kind.WORDS, Kind.CODES) and isinstance(value, list):
        return escape("、".join(_word(_label(column, item)) for item in value))
    return escape(_label(column, value))


def _label(column: Column, value: Any) -> str:
    known = column.choices is not None and isinstance(value, str | int) and value in column.choices
    if known and column.choices is not None:
        return str(column.choices[value])
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _word(text: str) -> str:
    text = IN_WORD.sub(lambda match: f"\\{match.group()}", text)
    return f"\\{text}" if text == NOTHING else text


# --- reading


def decode(column: Column, cell: Cell) -> Any:
    """The value of a cell, None for an empty one; BadCell when it cannot be read."""
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        return None
    if column.says_nothing and text_of(cell) == NOTHING:
        return [] if column.kind is Kind.WORDS else ""
    return READERS[column.kind](column, cell)


def text_of(cell: Cell) -> str:
    """A cell's text. BadCell for a number so long that the spreadsheet has lost digits of it."""
    if isinstance(cell, bool):
        return YES if cell else NO
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    if isinstance(cell, int) and len(str(abs(cell))) > SURE_DIGITS:
        raise BadCell(f"Excel 把它当成了数字，{SURE_DIGITS} 位以后的数字已经丢失。请把单元格格式设为“文本”，重新填写。")
    return "" if cell is None else unescape(cell.strip()) if isinstance(cell, str) else str(cell)


def _read_text(column: Column, cell: Cell) -> str:
    return text_of(cell)


def _read_number(column: Column, cell: Cell) -> int:
    text = text_of(cell)
    if isinstance(cell, bool) or not re.fullmatch(r"[+-]?\d{1,15}", text):
        raise BadCell(f"“{text}”不是整数。")
    return int(text)


def _read_yes_no(column: Column, cell: Cell) -> bool:
    said = YES_WORDS.get(text_of(cell).lower())
    if said is None:
        raise BadCell(f"“{text_of(cell)}”应写“是”或“否”。")
    return said


def _read_code(column: Column, cell: Cell) -> Any:
    return _chosen(column, text_of(cell))


def _chosen(column: Column, text: str) -> Any:
    """The code of a label; the code itself, with or without its leading zero, is understood too."""
    choices = {str(code): code for code in column.choices or {}}
    by_label = {str(label): code for code, label in (column.choices or {}).items()}
    for known in (by_label, choices):
        for written in (text, text.zfill(2)):
            if written in known:
                return known[written]
    near = difflib.get_close_matches(text, by_label, 1, 0.5)
    hint = f"是不是“{near[0]}”？" if near else ""
    raise BadCell(f"“{text}”不在可选范围内。{hint}可选：{'、'.join(by_label)}。")


def _read_words(column: Column, cell: Cell) -> list[str]:
    words = (re.sub(r"\\(.)", r"\1", word, flags=re.DOTALL) for word in WORD.findall(text_of(cell)))
    return [word for word in words if word.strip(SPACES)]


def _read_codes(column: Column, cell: Cell) -> list[Any]:
    return [_chosen(column, word) for word in map(str.strip, _read_words(column, cell))]


def _read_none(column: Column, cell: Cell) -> list[Any] | None:
    return [] if _read_yes_no(column, cell) else None


READERS = {
    Kind.TEXT: _read_text,
    Kind.NUMBER: _read_number,
    Kind.YES_NO: _read_yes_no,
    Kind.CODE: _read_code,
    Kind.WORDS: _read_words,
    Kind.CODES: _read_codes,
    Kind.NONE: _read_none,
}
