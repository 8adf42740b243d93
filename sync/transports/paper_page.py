"""The printed page of a paper receipt: an SVG that any browser prints, or the QR code alone as PNG or PDF."""

import io
from dataclasses import dataclass
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
FIRST_ROW, LOWEST = 534, 985  # where the groups begin, and where the signatures need the page


@dataclass(frozen=True, slots=True)
class Layout:
    """How the groups stand: so many in a row, where the first is, how far the next and the next row are, their size."""

    in_a_row: int
    first: int
    step: int
    row: int
    size: int


SHORT, LONG = Layout(4, 180, 156, 52, 30), Layout(6, 156, 101, 42, 25)


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
    layout = SHORT if len(groups) <= 4 * SHORT.in_a_row else LONG
    facts = (
        ("接收的流", paper.stream),
        ("已应用到", f"第 {paper.seq} 批"),
        ("回执号", paper.number),
        ("记录链", paper.chain[:12]),
    )
    rows = [
        {
            "y": FIRST_ROW + layout.row * (at // layout.in_a_row),
            "number": at + 1,
            "groups": [
                {"text": text, "x": layout.first + layout.step * place}
                for place, text in enumerate(groups[at : at + layout.in_a_row])
            ],
        }
        for at in range(0, len(groups), layout.in_a_row)
    ]
    last = FIRST_ROW + layout.row * (len(rows) - 1)
    below = last + 45
    scale = min(5.5, (LOWEST - below) / code.symbol_size(border=4)[1])
    return render_to_string(
        "sync/paper_receipt.svg",
        {
            "from_side": SIDES[settings.HALL_SIDE],
            "to_side": SIDES[settings.HALL_PEER_SIDE],
            "facts": [(label, {"text": text, "y": 218 + 36 * at}) for at, (label, text) in enumerate(facts)],
            "now": timezone.now(),
            "rows": rows,
            "size": layout.size,
            "box_height": last - FIRST_ROW + 78,
            "below": below,
            "beside": below + 90,
            "qr": mark_safe(code.svg_inline(scale=scale, border=4)),  # noqa: S308  drawn by the library, nothing of it is text
        },
    )
