"""The printed page of a paper receipt: an SVG that any browser prints, or the QR code alone as PNG or PDF."""

import io
from pathlib import Path

import segno
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import mark_safe

from sync import durable
from sync.reasons import CannotProceed
from sync.sides import SIDES
from sync.transports.paper import Paper

KINDS = (".svg", ".png", ".pdf")
IN_A_LINE, FIRST_GROUP, LINE = 4, 534, 52  # groups of the code, and where they stand


class UnknownKind(CannotProceed):
    """The file name does not end in one of the kinds."""


def save(paper: Paper, target: Path) -> None:
    """Write the page; its kind is told by the ending of the name."""
    kind = target.suffix.lower()
    if kind not in KINDS:
        raise UnknownKind(f"文件名应以 {'、'.join(KINDS)} 结尾。")
    code = segno.make(paper.line, error="q", micro=False)
    if kind == ".svg":
        data = _page(paper, code).encode()
    else:
        buffer = io.BytesIO()
        code.save(buffer, kind=kind[1:], scale=8, border=4)
        data = buffer.getvalue()
    with durable.part_file(target) as handle:
        handle.write(data)


def _page(paper: Paper, code: segno.QRCode) -> str:
    groups = paper.line.split("-")
    facts = (
        ("接收的流", paper.stream),
        ("已应用到", f"第 {paper.seq} 批"),
        ("回执号", paper.number),
        ("记录链", paper.chain[:12]),
    )
    last = FIRST_GROUP + LINE * ((len(groups) - 1) // IN_A_LINE)
    return render_to_string(
        "sync/paper_receipt.svg",
        {
            "from_side": SIDES[settings.HALL_SIDE],
            "to_side": SIDES[settings.HALL_PEER_SIDE],
            "facts": [(label, {"text": text, "y": 218 + 36 * at}) for at, (label, text) in enumerate(facts)],
            "now": timezone.now(),
            "groups": [
                {"text": text, "x": 154 + 162 * (at % IN_A_LINE), "y": FIRST_GROUP + LINE * (at // IN_A_LINE)}
                for at, text in enumerate(groups)
            ],
            "box_height": last - FIRST_GROUP + 78,
            "below": last + 60,
            "beside": last + 150,
            "qr": mark_safe(code.svg_inline(scale=5.5, border=4)),  # noqa: S308  drawn by the library, nothing of it is text
        },
    )
