"""The engine reads nothing but what it is handed, and says clearly when it cannot work."""

import http.server
import io
import threading
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest
from PIL import ImageFile

from applications import pdf
from applications.fonts import config
from tests.applications.documents.reading import words

SECRET = "机密内容XYZZY"


@pytest.fixture
def secret_file(tmp_path: Path) -> Path:
    path = tmp_path / "secret.txt"
    path.write_text(SECRET)
    (tmp_path / "secret.css").write_text("body::before { content: '机密内容XYZZY' }")
    (tmp_path / "secret.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="40"><text y="20">机密内容XYZZY</text></svg>'
    )
    return path


@pytest.fixture
def web_server() -> Iterator[tuple[str, list[str]]]:
    """A server that notes what it was asked; the tests expect that it is never asked."""
    asked: list[str] = []

    class Note(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Note)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()


WAYS = [
    '<img src="{url}/secret.svg">',
    '<object data="{url}/secret.txt"></object><embed src="{url}/secret.svg">',
    '<link rel="stylesheet" href="{url}/secret.css">',
    '<link rel="attachment" href="{url}/secret.txt">',
    '<a rel="attachment" href="{url}/secret.txt">x</a>',
    "<style>@import url({url}/secret.css);</style>",
    "<style>@font-face {{ font-family: x; src: url({url}/secret.ttf) }} p {{ font-family: x }}</style>",
    "<style>p {{ background: url({url}/secret.svg) }} li {{ list-style: url({url}/secret.svg) }}</style><li>x</li>",
    '<svg><image href="{url}/secret.svg" width="9" height="9"/><use xlink:href="{url}/secret.svg#a"/></svg>',
    '<base href="{url}/"><img src="secret.svg"><img src="../etc/hostname">',
]


@pytest.mark.parametrize("way", WAYS)
def test_disk_and_network_stay_closed(way, secret_file, web_server):
    address, asked = web_server
    for base in (secret_file.parent.as_uri(), str(secret_file.parent), address, address.replace("http:", "")):
        data = pdf.render(f"<html lang='zh'><body><p>正文</p>{way.format(url=base)}</body></html>", title="试")
        assert words(data).replace("x", "") in ("正文", "正文•", "•正文"), base
        assert SECRET.encode() not in data
        with pikepdf.open(io.BytesIO(data)) as made:
            assert not made.attachments
    assert asked == []


def test_a_style_sheet_cannot_fetch_either(web_server):
    address, asked = web_server
    pdf.render("<p>正文</p>", title="试", css=f"@import url({address}/a.css); p {{ background: url({address}/b.png) }}")
    assert asked == []


def test_a_picture_handed_in_the_page_is_shown():
    plain = pdf.render("<p>正文</p>", title="试")
    square = "data:image/svg+xml;utf8,<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><rect width='9' height='9'/></svg>"
    assert len(pdf.render(f'<p>正文<img alt="" src="{square}"></p>', title="试")) > len(plain)


def test_the_same_page_gives_the_same_bytes():
    assert pdf.render("<p>正文</p>", title="试") == pdf.render("<p>正文</p>", title="试")


def test_it_is_an_archive_file_with_title_language_and_tags():
    data = pdf.render("<html lang='zh-CN'><body><h1>受理通知书</h1></body></html>", title="受理通知书 1号")
    with pikepdf.open(io.BytesIO(data)) as made:
        with made.open_metadata() as facts:
            assert facts.pdfa_status == "3B"
            assert facts["dc:title"] == "受理通知书 1号"
        assert str(made.Root.Lang) == "zh-CN"
        assert made.Root.MarkInfo.Marked
        assert "/AcroForm" not in made.Root


def test_a_missing_library_is_named_with_its_remedy(monkeypatch):
    monkeypatch.setattr(pdf, "_proved", False)
    monkeypatch.setitem(pdf.LIBRARIES, "libnot-here.so.9", "libharfbuzz-subset0")
    assert pdf.pdf_problems() == ["缺少生成 PDF 所需的系统库，请运行：apt-get install -y libharfbuzz-subset0"]
    with pytest.raises(pdf.PdfUnavailable, match="libharfbuzz-subset0"):
        pdf.render("<p>正文</p>", title="试")


def test_a_missing_font_is_refused_before_the_engine_crashes(monkeypatch):
    monkeypatch.setattr(pdf, "_proved", False)
    monkeypatch.setattr(config, "missing_fonts", lambda: ["NotoSerifSC-Regular.otf"])
    with pytest.raises(pdf.PdfUnavailable, match="中文字体"):
        pdf.render("<p>正文</p>", title="试")


def test_a_character_that_no_font_has_is_not_printed_as_a_box():
    page = "<p>王\U0003fffd</p><p>正文\u200b　\t</p>"
    assert pdf.render(page, title="试")
    with pytest.raises(pdf.GlyphsMissing, match=r"U\+3FFFD"):
        pdf.render(page.replace("\u200b", ""), title="试", every_glyph=True)
    assert pdf.render("<p>正文\u200b　\t㛃·</p>", title="试", every_glyph=True)


def test_this_machine_can_make_pdfs():
    assert pdf.pdf_problems() == []


def test_the_engine_does_not_make_pillow_accept_cut_off_pictures() -> None:
    pdf.warm_up()
    assert ImageFile.LOAD_TRUNCATED_IMAGES is False
