"""Small real files for the demo's materials: a one-page PDF or a picture that says what it stands for."""

from io import BytesIO
from random import Random

import pikepdf
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageDraw

A4 = (595, 842)


def make_paper(title: str, owner: str, extension: str, size: int = 0, mark: str = "") -> bytes:
    """A file of the given kind (pdf, png, jpg) with the title and owner in it; ``mark`` makes files of one owner differ.

    A PDF is padded with noise to exactly ``size`` bytes when it is shorter; pictures stay as they are.
    """
    owner = f"{owner} {mark}".strip()
    return _pdf(title, owner, size) if extension == "pdf" else _picture(title, owner, extension)


def _pdf(title: str, owner: str, size: int) -> bytes:
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=A4)
    page.Resources = Dictionary(Font=Dictionary(F1=pdf.make_indirect(_chinese_font(pdf))))
    page.Contents = pdf.make_stream(_lines(["演示材料", title, owner, "（样件，无法律效力）"]))
    plain = _saved(pdf)
    if size > len(plain):
        _pad(pdf, size - len(plain), f"{title}{owner}")
        plain = _saved(pdf)
    # The object that holds the padding takes some bytes itself; what is left is made up behind the end mark.
    return plain + b"\n" * max(size - len(plain), 0)


def _chinese_font(pdf: pikepdf.Pdf) -> Dictionary:
    """Adobe's standard name for a Song typeface; every viewer has one to put in its place."""
    descendant = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType0,
        BaseFont=Name("/STSong-Light"),
        CIDSystemInfo=Dictionary(Registry=b"Adobe", Ordering=b"GB1", Supplement=2),
        FontDescriptor=Dictionary(
            Type=Name.FontDescriptor,
            FontName=Name("/STSong-Light"),
            Flags=6,
            FontBBox=Array([-25, -254, 1000, 880]),
            ItalicAngle=0,
            Ascent=880,
            Descent=-120,
            CapHeight=880,
            StemV=93,
        ),
    )
    return Dictionary(
        Type=Name.Font,
        Subtype=Name.Type0,
        BaseFont=Name("/STSong-Light"),
        Encoding=Name("/UniGB-UCS2-H"),
        DescendantFonts=Array([pdf.make_indirect(descendant)]),
    )


def _lines(lines: list[str]) -> bytes:
    """The page's drawing commands: one line under the other, the second one large."""
    commands = []
    for number, line in enumerate(lines):
        points = 22 if number == 1 else 14
        code = line[: 480 // points].encode("utf-16-be").hex()
        commands.append(f"BT /F1 {points} Tf 1 0 0 1 60 {720 - number * 48} Tm <{code}> Tj ET")
    return "\n".join(commands).encode("ascii")


def _pad(pdf: pikepdf.Pdf, size: int, seed: str) -> None:
    """Noise that does not compress: a scan would not either."""
    noise = Random(seed).randbytes(max(size - 200, 0))
    pdf.Root.YizhanPadding = pdf.make_indirect(pikepdf.Stream(pdf, noise))


def _saved(pdf: pikepdf.Pdf) -> bytes:
    out = BytesIO()
    pdf.save(out, compress_streams=False, deterministic_id=True)
    return out.getvalue()


def _picture(title: str, owner: str, extension: str) -> bytes:
    """A grey passport-photo shape; its colour comes from the text, so that different papers differ."""
    shade = 150 + sum(f"{title}{owner}".encode()) % 80
    image = Image.new("RGB", (390, 567), (shade, shade, shade))
    pen = ImageDraw.Draw(image)
    pen.ellipse((125, 110, 265, 280), fill=(235, 225, 215))
    pen.pieslice((55, 320, 335, 780), 180, 360, fill=(70, 90, 130))
    out = BytesIO()
    image.save(out, "PNG" if extension == "png" else "JPEG")
    return out.getvalue()
