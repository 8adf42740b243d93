"""The printed page of a paper receipt: an SVG that any browser prints, or the QR code alone as PNG or PDF."""

import io
from html import escape
from pathlib import Path

import segno

from sync import durable
from sync.reasons import CannotProceed
from sync.transports.paper import Paper

KINDS = (".svg", ".png", ".pdf")


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
    lines = [
        "网间交换回执",
        f"流 {paper.stream}",
        f"已应用到第 {paper.seq} 批　回执号 {paper.number}　记录链 {paper.chain[:12]}",
        *("  ".join(groups[at : at + 4]) for at in range(0, len(groups), 4)),
        "在发送端运行 manage.py enter_receipt，照此输入（字母不分大小写），或扫描二维码。",
    ]
    mono = 'font-family="monospace" font-size="26"'
    plain = 'font-family="sans-serif" font-size="18"'
    texts = "".join(
        f'<text x="40" y="{60 + 44 * at}" xml:space="preserve" {mono if 3 <= at < len(lines) - 1 else plain}>{escape(text)}</text>'
        for at, text in enumerate(lines)
    )
    picture = code.svg_inline(scale=6, border=4)
    below = 60 + 44 * len(lines)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="794" height="1123" viewBox="0 0 794 1123">'
        f'<rect width="794" height="1123" fill="#fff"/>{texts}<g transform="translate(40 {below})">{picture}</g></svg>'
    )
