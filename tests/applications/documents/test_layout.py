"""GB/T 9704 and typography, measured on the finished pages."""

import io
import re
import time

import pikepdf
import pypdf
import pytest
from fontTools.ttLib import TTFont

from applications import pdf
from applications.documents.render import document_html, stylesheet
from applications.fonts import config
from tests.applications.documents.reading import fresh, lines, made, pages, picture, poppler, words
from tests.applications.documents.samples import LONG_NAME, all_samples, sample

RADICALS = re.compile("[\u2e80-\u2fdf]")
RARE = "㛃𠮷𬱖·"


def notice_page(body: str) -> bytes:
    return pdf.render(f"<html lang='zh-CN'><body>{body}</body></html>", title="试", css=stylesheet("notice"))


def test_a_page_holds_22_lines_of_28_characters():
    line = "行政许可事项办理时限自受理之日起计算不含法定节假日和调休"
    assert len(line) == 28
    data = notice_page(f"<p class='flat'>{line * 44}</p>")
    assert [one for one in lines(data) if not one.startswith("—")] == [line] * 44
    assert len(pages(data)) == 2


def test_page_numbers_have_dashes_odd_right_even_left():
    boxes = poppler("pdftotext", notice_page("<p>正文</p>" * 40), "-bbox")
    left = {n: float(x) for x, n in re.findall(r'xMin="([\d.]+)"[^>]*>([12])</word>', boxes)}
    assert left["1"] > 400
    assert left["2"] < 130
    assert boxes.count("—") == 4


def test_the_paper_and_margins_are_those_of_the_standard():
    with pikepdf.open(io.BytesIO(notice_page("<p>正文</p>"))) as file:
        width, height = (round(float(side) / 72 * 25.4) for side in file.pages[0].MediaBox[2:])
    assert (width, height) == (210, 297)
    assert "margin: 37mm 26mm 34.8mm 28mm" in stylesheet("notice")


@pytest.mark.parametrize("name", all_samples())
def test_copied_text_holds_characters_not_radicals(name):
    text = words(made(name))
    assert not RADICALS.search(text)
    assert all_samples()[name]["case"]["organ"]["name"][:3] in text


def test_the_famous_phrase_survives():
    assert "行政机关应当当场或者在五个工作日内一次告知" in words(made("correction"))


@pytest.mark.parametrize("name", ["grant_long", "licence", "receipt"])
def test_all_fonts_are_embedded_subsets(name):
    rows = poppler("pdffonts", made(name)).splitlines()[2:]
    assert rows
    for row in rows:
        assert row.split()[-5:-2] == ["yes", "yes", "yes"], row


def test_the_shipped_font_has_what_notices_use():
    cmap = TTFont(config.shipped("NotoSerifSC-Regular.otf"), lazy=True).getBestCmap()
    assert {ord(letter) for letter in "㛃·〔〕—＊"} <= set(cmap)


@pytest.mark.skipif(not config.has_rare_characters(), reason="needs fonts-noto-cjk")
def test_rare_characters_have_glyphs():
    """A glyph that is missing is drawn as the same box for every letter."""
    assert all(letter in words(made("licence")) for letter in "㛃𠮷·")
    box = picture(notice_page("<p>\U0003fffd</p>"))
    drawn = {letter: picture(notice_page(f"<p>{letter}</p>")) for letter in RARE}
    assert box not in drawn.values()
    assert len(set(drawn.values())) == len(RARE)


def test_thirty_items_run_over_pages_with_repeated_heads_and_no_lonely_seal():
    texts = pages(made("correction_long"))
    assert len(texts) > 4
    assert all(f"第{n}项材料" in "".join(texts) for n in range(1, 31))
    assert sum("补正要求" in text for text in texts) >= len(texts) - 2
    assert "逾期不告知的" in texts[-1]
    assert "2026年3月6日" in texts[-1]


@pytest.mark.parametrize("paragraphs", range(1, 16, 2))
def test_the_seal_never_stands_on_a_page_without_text(paragraphs):
    texts = pages(fresh("refusal", reasons=[f"第{n}条理由。" for n in range(paragraphs)]))
    assert "六个月" in texts[-1]
    assert "2026年3月6日" in texts[-1]


def test_long_names_wrap_and_are_whole():
    for name in ("grant_long", "receipt_long"):
        assert LONG_NAME in words(made(name)), name


@pytest.mark.parametrize("name", ["licence", "licence_long", "licence_dense"])
def test_certificates_are_one_landscape_page(name):
    reader = pypdf.PdfReader(io.BytesIO(made(name)))
    assert len(reader.pages) == 1
    assert reader.pages[0].mediabox.width > reader.pages[0].mediabox.height


def test_what_people_typed_stays_text():
    html = document_html("refusal", sample("refusal", reasons=["<img src=file:///etc/hostname><b>x</b>"]))
    assert "&lt;img src=file:///etc/hostname&gt;" in html


def test_a_warm_notice_takes_seconds_at_most_even_on_a_busy_machine():
    """0.2 to 0.3 s when nothing else runs; without libharfbuzz-subset it would be ten times that."""
    made("acceptance")
    began = time.process_time()
    fresh("acceptance")
    assert time.process_time() - began < 1.5
