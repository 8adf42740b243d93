"""One big picture of many small ones, each with its name below."""

import importlib.util
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

CELL, HEIGHT, CAPTION, COLUMNS, GAP = 300, 420, 34, 6, 12
PAPER, INK, FRAME = (245, 246, 248), (30, 30, 30), (200, 204, 210)


def contact_sheet(pictures: list[Path], target: Path) -> None:
    """Write the sheet; tall pictures show their top."""
    rows = -(-len(pictures) // COLUMNS)
    width, step = COLUMNS * (CELL + GAP) + GAP, HEIGHT + CAPTION + GAP
    sheet = Image.new("RGB", (width, rows * step + GAP), PAPER)
    draw, font = ImageDraw.Draw(sheet), _font()
    for number, picture in enumerate(pictures):
        left = GAP + (number % COLUMNS) * (CELL + GAP)
        top = GAP + (number // COLUMNS) * step
        sheet.paste(_thumbnail(picture), (left, top))
        draw.rectangle((left, top, left + CELL, top + HEIGHT), outline=FRAME)
        draw.text((left, top + HEIGHT + 6), picture.stem, INK, font=font)
    sheet.save(target)


def _thumbnail(path: Path) -> Image.Image:
    with Image.open(path) as picture:
        shown = picture.convert("RGB")
        shown = shown.resize((CELL, max(1, round(shown.height * CELL / shown.width))))
    cell = Image.new("RGB", (CELL, HEIGHT), "white")
    cell.paste(shown.crop((0, 0, CELL, min(shown.height, HEIGHT))))
    return cell


def _font() -> ImageFont.FreeTypeFont:
    found = importlib.util.find_spec("pylopdf_fonts_zh_cn")
    origin = found.origin if found else None
    assert origin
    return ImageFont.truetype(str(Path(origin).parent / "NotoSansSC-Regular.otf"), 13)
