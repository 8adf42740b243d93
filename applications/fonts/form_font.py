"""The font that people type with into a fillable form: one that a viewer needs no Chinese font of its own for.

A viewer can only draw what is in the font that the field names. The whole font would make each form ten megabytes; the 6,763
characters of GB 2312 with the rare ones of names make one and a quarter. For others a viewer turns to the machine's own fonts.
"""

import ctypes
import io
from dataclasses import dataclass
from functools import cache
from typing import Any

from fontTools.ttLib import TTFont

from applications.fonts import config

SOURCE = "NotoSansSC-Regular.otf"
NAME = "YIZHAN+NotoSansSC-Regular"
# What 通用规范汉字表 (2013) has in extension A: names and places mostly. Chromium finds no font of the machine for these.
RARE = (
    "㑇㑊㕮㘎㙍㙘㙦㛃㛚㛹㟃㠇㠓㤘㥄㧐㧑㧟㫰㬊㬎㬚㭎㭕㮾㰀㳇㳘㳚㴔㵐㶲㸆㸌㺄㻬㽏㿠䁖䂮䃅䃎䅟䌹䎃䎖䏝䏡"
    "䏲䐃䓖䓛䓨䓫䓬䗖䗛䗪䗴䜣䝙䢺䢼䣘䥽䦃䲟䲠䲢䴓䴔䴕䴖䴗䴘䴙䶮"
)
ASCII = "".join(map(chr, range(0x20, 0x7F)))
SIGNS, WIDE_ASCII, CHARACTERS = (0xA1,), (0xA3,), range(0xB0, 0xF8)  # rows of GB 2312
NO_HINTING = 1
Pointer = ctypes.c_void_p


@dataclass(frozen=True)
class FormFont:
    """``cff`` is the outlines as a PDF takes them; the others map a glyph's number (CID) to its width (1/1000) and its character."""

    cff: bytes
    widths: dict[int, int]
    characters: dict[int, str]


def characters() -> str:
    """Everything that can be typed with the font."""
    rows = (*SIGNS, *WIDE_ASCII, *CHARACTERS)
    cells = (bytes((row, cell)) for row in rows for cell in range(0xA1, 0xFF))
    return ASCII + "·—" + "".join(pair.decode("gb2312", errors="ignore") for pair in cells) + RARE


@cache
def load() -> FormFont:
    """Cut the font out of the one that the hall ships; a third of a second, once a process."""
    font = TTFont(io.BytesIO(_subset(characters())), lazy=True)
    numbers = {name: _number(name) for name in font.getGlyphOrder()}
    widths = {numbers[name]: width for name, (width, _bearing) in font["hmtx"].metrics.items()}
    letters: dict[int, str] = {}
    for code, name in sorted(font.getBestCmap().items()):
        letters.setdefault(numbers[name], chr(code))
    return FormFont(font.reader["CFF "], widths, letters)


def _number(glyph: str) -> int:
    """``cid09676`` → 9676: in a CID-keyed font glyphs keep the numbers of the font they were cut out of."""
    return int(glyph[3:]) if glyph.startswith("cid") else 0


def _subset(text: str) -> bytes:
    """The font with only these characters. HarfBuzz does in a tenth of a second what fontTools takes ten for, and
    pdf.LIBRARIES demands it anyway. What it allocates is freed with the process: this runs once."""
    base, cutter = ctypes.CDLL("libharfbuzz.so.0"), ctypes.CDLL("libharfbuzz-subset.so.0")
    blob = _call(base, "hb_blob_create_from_file", str(config.shipped(SOURCE)).encode())
    face = _call(base, "hb_face_create", blob, 0)
    wanted = _call(cutter, "hb_subset_input_create_or_fail")
    codes = _call(cutter, "hb_subset_input_unicode_set", wanted)
    for letter in text:
        _call(base, "hb_set_add", codes, ord(letter))
    _call(cutter, "hb_subset_input_set_flags", wanted, NO_HINTING)
    small = _call(cutter, "hb_subset_or_fail", face, wanted)
    result = _call(base, "hb_face_reference_blob", small)
    length = ctypes.c_uint()
    data = _call(base, "hb_blob_get_data", result, ctypes.byref(length))
    return ctypes.string_at(data, length.value)


def _call(library: ctypes.CDLL, name: str, *arguments: Any) -> Any:
    """A pointer comes back wrapped: as a plain number it would be cut to 32 bits on its way into the next call."""
    function = getattr(library, name)
    function.restype = Pointer
    return Pointer(function(*arguments))
