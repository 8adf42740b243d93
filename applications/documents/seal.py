"""The demonstration seal and the QR code, as pictures that travel inside the page.

The seal is drawn from glyph outlines, not text: nobody who copies the document's words gets the seal's letters between
them. It is a picture for demonstrations and always says so; a real seal needs the national seal system (GB/T 38540).
"""

import base64
import math
from functools import cache, lru_cache

import segno
from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont

from applications.fonts import config

RED = "#d2121a"
CENTRE = 210.0  # the seal is drawn on 420 × 420; one unit is 0.1 mm of a 42 mm seal
RADIUS = 204.0
RING = 150.0  # where the feet of the letters on the arc stand


@lru_cache(maxsize=64)
def seal_uri(organ: str, legend: str) -> str:
    """A round red seal as a ``data:`` address: ``organ`` on the arc, a star, ``legend`` (演示章) below it."""
    return _svg_uri(seal_svg(organ, legend))


def seal_svg(organ: str, legend: str) -> str:
    """The same seal as an SVG drawing of 420 × 420 units."""
    shapes = [*_arc(organ), _star(CENTRE, CENTRE - 20, 54), *_line(legend, baseline=300, size=46)]
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 420 420" width="42mm" height="42mm">'
        f'<circle cx="{CENTRE}" cy="{CENTRE}" r="{RADIUS - 6}" fill="none" stroke="{RED}" stroke-width="12"/>'
        f'<g fill="{RED}" stroke="{RED}" stroke-width="1.6">{"".join(shapes)}</g></svg>'
    )


@lru_cache(maxsize=256)
def qr_uri(url: str) -> str:
    """The QR code of an address as a ``data:`` picture, error correction M (15 % may be lost)."""
    return str(segno.make(url, error="m", micro=False).svg_data_uri(border=2, dark="#000", light="#fff", scale=4))


def _svg_uri(svg: str) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def _arc(text: str) -> list[str]:
    """Letters on the upper arc, narrowed when the name is long so that all stay above the legend."""
    count = max(len(text), 1)
    sweep = min(224.0, 26.0 * (count - 1))  # degrees from the first letter to the last
    step = sweep / (count - 1) if count > 1 else 0.0
    height = 58.0 if count <= 14 else 48.0
    width = min(height * 0.9, math.radians(step) * (RING + height * 0.35) * 0.92) if count > 1 else height
    return [
        _glyph(letter, width, height, angle=-sweep / 2 + step * index, at=(CENTRE, CENTRE - RING + 6))
        for index, letter in enumerate(text)
    ]


def _line(text: str, *, baseline: float, size: float) -> list[str]:
    gap = size * 1.12
    first = CENTRE - gap * (len(text) - 1) / 2
    return [
        _glyph(letter, size, size, angle=0.0, at=(first + gap * index, baseline)) for index, letter in enumerate(text)
    ]


def _glyph(letter: str, width: float, height: float, *, angle: float, at: tuple[float, float]) -> str:
    """One letter, its foot's middle at ``at``, then turned by ``angle`` degrees about the seal's centre."""
    outline = _outline(letter)
    if not outline:
        return ""
    x, y = at
    return (
        f'<path transform="rotate({angle:.3f} {CENTRE} {CENTRE}) translate({x - width / 2:.2f} {y:.2f}) '
        f'scale({width / 1000:.5f} {height / 1000:.5f})" stroke-width="14" d="{outline}"/>'
    )


def _star(x: float, y: float, radius: float) -> str:
    points = []
    for corner in range(10):
        reach = radius if corner % 2 == 0 else radius * 0.382
        turn = math.radians(corner * 36 - 90)
        points.append(f"{x + reach * math.cos(turn):.2f},{y + reach * math.sin(turn):.2f}")
    return f'<polygon points="{" ".join(points)}"/>'


@cache
def _font() -> TTFont:
    return TTFont(config.shipped("NotoSerifSC-Regular.otf"), lazy=True)


@lru_cache(maxsize=512)
def _outline(letter: str) -> str:
    """The SVG path of a letter on a 1000-unit square whose foot is 0; empty when the font has no such letter."""
    font = _font()
    name = font.getBestCmap().get(ord(letter))
    if name is None:
        return ""
    glyphs = font.getGlyphSet()
    pen = SVGPathPen(glyphs, ntos=lambda value: f"{value:.0f}")
    # Fonts count upwards, SVG downwards; 120 lifts the letter's descent to the foot line.
    glyphs[name].draw(TransformPen(pen, (1, 0, 0, -1, 0, -120)))
    return str(pen.getCommands())
