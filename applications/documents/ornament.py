"""The engraved frame and rosette of a certificate, drawn with sines; no emblem of any state or organ."""

import base64
import math
from functools import cache

GOLD = "#b8934a"
WIDTH, HEIGHT = 2970.0, 2100.0  # landscape A4; one unit is 0.1 mm
INSET = 120.0  # from the paper's edge to the middle of the band
BAND = 34.0  # half the band's height


@cache
def frame_uri() -> str:
    """The frame and background of a landscape certificate as a ``data:`` picture of the whole page."""
    return "data:image/svg+xml;base64," + base64.b64encode(_frame_svg().encode()).decode()


def _frame_svg() -> str:
    lines = [
        *(_border(INSET - BAND - gap, width) for gap, width in ((22.0, 7.0), (10.0, 2.0))),
        *(_border(INSET + BAND + gap, width) for gap, width in ((10.0, 2.0), (22.0, 5.0))),
        *(_band(phase) for phase in (0.0, 0.5, 1.0, 1.5)),
        *(_rosette(turn) for turn in (0.0, 0.5)),
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:.0f} {HEIGHT:.0f}" width="297mm" height="210mm">'
        f'<g fill="none" stroke="{GOLD}">{"".join(lines)}</g></svg>'
    )


def _border(inset: float, width: float) -> str:
    return (
        f'<rect x="{inset}" y="{inset}" width="{WIDTH - 2 * inset}" height="{HEIGHT - 2 * inset}" '
        f'stroke-width="{width}"/>'
    )


def _band(phase: float) -> str:
    """One wave that runs round the page; waves of four phases are woven into the band."""
    left, top, right, bottom = INSET, INSET, WIDTH - INSET, HEIGHT - INSET
    sides = (
        _wave((left, top), (right, top), phase),
        _wave((right, top), (right, bottom), phase),
        _wave((right, bottom), (left, bottom), phase),
        _wave((left, bottom), (left, top), phase),
    )
    return f'<path stroke-width="2.2" d="{" ".join(sides)}"/>'


def _wave(start: tuple[float, float], end: tuple[float, float], phase: float) -> str:
    """A sine along one side with a whole number of waves, so that the corners meet."""
    (x0, y0), (x1, y1) = start, end
    length = math.hypot(x1 - x0, y1 - y0)
    along, across = ((x1 - x0) / length, (y1 - y0) / length), (-(y1 - y0) / length, (x1 - x0) / length)
    waves, steps = round(length / 92), round(length / 8)
    points = []
    for step in range(steps + 1):
        way = length * step / steps
        rise = BAND * math.sin(2 * math.pi * waves * step / steps + math.pi * phase)
        points.append(f"{x0 + along[0] * way + across[0] * rise:.1f} {y0 + along[1] * way + across[1] * rise:.1f}")
    return "M" + " L".join(points)


def _rosette(turn: float) -> str:
    """A spirograph in the middle, so light that text stays easy to read."""
    points = []
    for step in range(1441):
        angle = math.radians(step * 5.0)
        reach = 430 + 150 * math.cos(angle * 12 / 5 + math.pi * turn)
        x, y = WIDTH / 2 + reach * math.cos(angle), HEIGHT / 2 + 40 + reach * math.sin(angle)
        points.append(f"{x:.0f} {y:.0f}")
    return f'<path stroke-width="1.6" stroke-opacity="0.22" d="M{" L".join(points)}"/>'
