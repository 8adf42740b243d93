"""HTML to PDF: the only module that imports WeasyPrint, and the walls around it.

The engine reads nothing but what it is handed: the page and its style sheet as text, pictures as ``data:`` addresses. It
is imported inside functions because the import takes 2.5 seconds, which no web page should pay before it needs a PDF.
"""

import ctypes
import hashlib
import os
import threading
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from PIL import ImageFile

from applications.fonts import config

if TYPE_CHECKING:
    from weasyprint import CSS, Document, URLFetcher

# PDF/A for the archive; tagged, so that a screen reader finds headings and tables.
VARIANT = "pdf/a-3b"
# Unicode categories that need no glyph: controls, formatting, blanks.
INVISIBLE = {"Cc", "Cf", "Cs", "Zs", "Zl", "Zp"}
# What relative addresses are relative to: a scheme that the fetcher refuses. Without one WeasyPrint trips over them.
NOWHERE = "nowhere:/"
SPOT = "spot."
POINTS = 0.75  # a CSS pixel
LIBRARIES = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    # Without it WeasyPrint subsets fonts in Python: a Chinese notice takes 13 to 31 times longer.
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}
# The engine's font map is not made for two threads at once.
_lock = threading.Lock()


class PdfUnavailable(RuntimeError):
    """This machine cannot make PDFs; the text says in Chinese what is missing and what to run."""


class GlyphsMissing(PdfUnavailable):
    """No font of this machine has some of the characters; they would be printed as boxes."""


def pdf_problems() -> list[str]:
    """What this machine lacks for making PDFs, in Chinese with the remedy; empty when all is there."""
    missing = [package for library, package in LIBRARIES.items() if not _loadable(library)]
    problems = [f"缺少中文字体 {name}，请重新运行 make install。" for name in config.missing_fonts()]
    if missing:
        problems.append(f"缺少生成 PDF 所需的系统库，请运行：apt-get install -y {' '.join(missing)}")
    return problems


def pdf_warnings() -> list[str]:
    """What works, but could be better, in Chinese with the remedy; for ``manage.py doctor``."""
    if config.has_rare_characters():
        return []
    return ["没有安装 Noto CJK 字体：人名地名里的生僻字（如 𠮷）会印成方框，请运行：apt-get install -y fonts-noto-cjk"]


def render(html: str, *, title: str, css: str = "", every_glyph: bool = False) -> bytes:
    """The page as a PDF file, fonts embedded and subset; the same input always gives the same bytes.

    ``html`` is a whole document; ``title`` becomes the file's title and the name its window shows. Anything the page
    refers to that is not a ``data:`` address is left out. PdfUnavailable when a library or font is missing: WeasyPrint
    would crash the whole process without a Chinese font. With ``every_glyph``, GlyphsMissing rather than a paper on which
    somebody's name is a box.
    """
    _refuse_when_incapable()
    with _lock:
        document = _laid_out(html, title, css)
        pdf: bytes = document.write_pdf(
            pdf_variant=VARIANT, pdf_tags=True, pdf_identifier=_identifier(html, title, css)
        )
        absent = _absent_characters(document)
    if every_glyph and absent:
        raise GlyphsMissing(_what_is_absent(absent))
    return pdf


@dataclass(frozen=True)
class Spot:
    """Where a marked element came to stand: ``page`` from 0, left, bottom, right and top in points from the lower left."""

    page: int
    box: tuple[float, float, float, float]


def render_with_spots(html: str, *, title: str, css: str = "") -> tuple[bytes, dict[str, Spot]]:
    """The page as an ordinary PDF, and where every element stands whose id begins with ``SPOT`` (by the rest of its id).

    For what is laid over the finished page. It does not call itself PDF/A, which allows no such thing. Raises as ``render``.
    """
    _refuse_when_incapable()
    with _lock:
        document = _laid_out(html, title, css)
        spots = _take_spots(document)
        pdf: bytes = document.write_pdf(pdf_tags=True, pdf_identifier=_identifier(html, title, css))
    return pdf, spots


def _laid_out(html: str, title: str, css: str) -> "Document":
    engine = _engine()
    page = engine.module.HTML(string=html, base_url=NOWHERE, url_fetcher=engine.fetcher)
    document: Document = page.render(font_config=engine.fonts, stylesheets=[_stylesheet(css)], pdf_tags=True)
    document.metadata.title = title
    document.metadata.generator = "Yizhan"
    return document


def _identifier(html: str, title: str, css: str) -> bytes:
    return hashlib.sha256(f"{title}\0{css}\0{html}".encode()).digest()[:16]


def _take_spots(document: "Document") -> dict[str, Spot]:
    """Read the marked places and remove them: as named destinations they would only make the file larger."""
    spots = {}
    for number, page in enumerate(document.pages):
        for name in [name for name in page.anchors if name.startswith(SPOT)]:
            left, top, right, bottom = (side * POINTS for side in page.anchors.pop(name))
            height = page.height * POINTS
            spots[name.removeprefix(SPOT)] = Spot(number, (left, height - bottom, right, height - top))
    return spots


def _absent_characters(document: "Document") -> list[str]:
    """The visible characters that no font had, in their order in Unicode."""
    codes = {code for font in document.fonts.values() for code in font.missing}
    return [chr(code) for code in sorted(codes) if unicodedata.category(chr(code)) not in INVISIBLE]


def _what_is_absent(characters: list[str]) -> str:
    named = "、".join(f"“{one}”（U+{ord(one):X}）" for one in characters)
    return f"本机的字体里没有{named}，文书暂缓生成。请安装含有这些字的字体（apt-get install -y fonts-noto-cjk，或者公安人口字库）。"


def warm_up() -> None:
    """Import the engine and load its fonts now, so that the first document of a worker does not wait for it."""
    _refuse_when_incapable()
    with _lock:
        _engine()


class _Engine:
    """WeasyPrint with this hall's fonts and its closed fetcher; one per process."""

    def __init__(self) -> None:
        # Must be named before the import: fontconfig reads its configuration once.
        os.environ["FONTCONFIG_FILE"] = str(config.write())
        import weasyprint
        from weasyprint.text.fonts import FontConfiguration

        # WeasyPrint tells Pillow to accept cut-off pictures, for the whole process: uploads would pass unread.
        ImageFile.LOAD_TRUNCATED_IMAGES = False
        self.module: Any = weasyprint
        self.fonts: FontConfiguration = FontConfiguration()
        self.fetcher: URLFetcher = weasyprint.URLFetcher(allowed_protocols=("data",), allow_redirects=False)


@cache
def _engine() -> _Engine:
    return _Engine()


@lru_cache(maxsize=16)
def _stylesheet(css: str) -> "CSS":
    engine = _engine()
    sheet: CSS = engine.module.CSS(string=css, base_url=NOWHERE, url_fetcher=engine.fetcher, font_config=engine.fonts)
    return sheet


def _refuse_when_incapable() -> None:
    if _capable():
        return
    raise PdfUnavailable("本机暂时不能生成 PDF：" + "".join(pdf_problems()))


def _capable() -> bool:
    """Remembered once it is true; a missing library is looked for again, so that installing it needs no restart."""
    global _proved
    _proved = _proved or not pdf_problems()
    return _proved


_proved = False


def _loadable(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
