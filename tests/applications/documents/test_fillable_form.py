"""A blank form can be filled in on the screen, in Chinese, with programs that know nothing of us: pypdf fills it, Poppler reads it."""

import copy
import io
import re
import subprocess
from functools import cache
from typing import Any

import pypdf
import pytest
from PIL import Image
from pypdf.generic import NameObject, TextStringObject

from applications import pdf
from applications.documents import application_form, form_inputs
from applications.fonts import form_font
from hall.demo import city
from matters.formdef import FormDefinition
from matters.guide import GuideContent
from tests.applications.documents.reading import poppler, words
from tests.applications.documents.test_form_layout import CONTENT, FORM

RADICALS = re.compile("[\u2e80-\u2fdf]")
MULTILINE, REQUIRED, RADIO = 1 << 12, 1 << 1, 1 << 15


@cache
def blank() -> bytes:
    return application_form.blank_form(CONTENT)


def fields(file: bytes) -> dict[str, Any]:
    return pypdf.PdfReader(io.BytesIO(file)).get_fields() or {}


def filled(file: bytes, texts: dict[str, str], ticks: dict[str, str] | None = None) -> bytes:
    """The file with values only, as a program that draws nothing leaves it: what is shown is up to the reader."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(file))
    for widget in widgets(writer):
        field = widget.get("/Parent", widget).get_object()
        name = field["/T"]
        if name in texts:
            field[NameObject("/V")] = TextStringObject(texts[name])
        state = "/" + (ticks or {}).get(name, "")
        if state in widget.get("/AP", {}).get("/N", {}):
            field[NameObject("/V")] = widget[NameObject("/AS")] = NameObject(state)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def widgets(reader: Any) -> list[Any]:
    return [each.get_object() for page in reader.pages for each in page.get("/Annots", [])]


def read(file: bytes) -> Any:
    return pypdf.PdfReader(io.BytesIO(file))


def test_inputs_have_names_in_the_forms_order():
    wanted = ["one.名称", "one.人数", "one.日期", "one.类别", "one.细类", "one.说明"]
    wanted += [f"rows.{row}.{name}" for row in (1, 2, 3) for name in ("姓名", "工种.1", "工种.2")]
    assert [each["/T"] for each in read(blank()).trailer["/Root"]["/AcroForm"]["/Fields"]] == [*wanted, "_given.1", "_electronic"]  # fmt: skip


def test_inputs_say_what_they_want():
    found = fields(blank())
    assert found["one.日期"]["/TU"] == "日期栏（写成 2026-03-01）"
    assert found["rows.2.姓名"]["/TU"] == "人员第 2 行，姓名栏"
    assert found["one.名称"]["/Ff"] & REQUIRED
    assert not found["one.细类"]["/Ff"] & REQUIRED  # asked only after a certain answer
    assert not found["rows.2.姓名"]["/Ff"] & REQUIRED
    assert found["one.说明"]["/Ff"] & MULTILINE
    assert found["one.类别"]["/Ff"] & RADIO
    lengths = {each["/T"]: each.get("/MaxLen") for each in widgets(read(blank())) if "/T" in each}
    assert lengths["one.名称"] == 200
    assert lengths["one.日期"] == form_inputs.SHORT_ANSWER


def test_boxes_offer_the_values_of_the_form():
    states = {}
    for widget in widgets(read(blank())):
        if "/AP" in widget:
            name = widget.get("/Parent", widget).get_object()["/T"]
            states.setdefault(name, []).extend(key[1:] for key in widget["/AP"]["/N"] if key != "/Off")
    assert states["one.类别"] == ["a", "b"]
    assert states["rows.1.工种.2"] == ["b"]
    assert states["_electronic"] == ["yes", "no"]


def test_no_input_lies_over_another_or_over_the_edge():
    for page in read(blank()).pages:
        boxes = [tuple(float(side) for side in each.get_object()["/Rect"]) for each in page["/Annots"]]
        assert all(40 < left < right < 556 and 40 < low < high < 802 for left, low, right, high in boxes)
        for place, (left, low, right, high) in enumerate(boxes):
            for other in boxes[:place]:
                assert right <= other[0] or other[2] <= left or high <= other[1] or other[3] <= low


def test_the_printed_page_is_untouched():
    page = application_form.blank_page(CONTENT)
    bare, _spots = pdf.render_with_spots(page.html, title=page.title, css=page.css)
    assert words(blank()) == words(bare)
    assert not RADICALS.search(words(blank()))


def test_every_input_is_tagged_for_screen_readers():
    reader = read(blank())
    root = reader.trailer["/Root"]
    tags = [each.get_object() for each in root["/StructTreeRoot"]["/K"][0].get_object()["/K"]]
    tagged = [tag["/K"]["/Obj"] for tag in tags if tag["/S"] == "/Form"]
    assert tagged == widgets(reader)
    assert root["/Lang"].startswith("zh")
    assert all(page["/Tabs"] == "/S" for page in reader.pages)


def test_chinese_that_another_program_filled_in_is_drawn_by_a_third():
    text = "云川市青禾餐饮管理有限公司·行"
    file = filled(blank(), {"one.名称": text, "rows.1.姓名": "李㛃"}, {"one.类别": "b", "rows.1.工种.1": "a"})
    seen = words(file)
    assert text in seen
    assert "李㛃" in seen
    assert not RADICALS.search(seen)
    assert ink(file, "one.名称") > 100 + ink(blank(), "one.名称")
    assert fields(file)["one.类别"]["/V"] == "/b"


def test_a_program_that_draws_finds_a_font_for_chinese_in_the_file():
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(blank()))
    writer.update_page_form_field_values(writer.pages[0], {"one.名称": "青禾餐饮·行㛃"}, auto_regenerate=False)
    out = io.BytesIO()
    writer.write(out)
    assert "青禾餐饮·行㛃" in words(out.getvalue())


def test_long_text_becomes_small_rather_than_hidden():
    text = "经营场所位于云川市青溪区滨河路十八号。" * 9
    assert words(filled(blank(), {"one.说明": text})).count("滨河路十八号") == 9


def test_a_character_no_font_has_is_kept_though_not_drawn():
    assert fields(filled(blank(), {"one.名称": "𠮷野"}))["one.名称"]["/V"] == "𠮷野"


def test_the_font_has_what_the_office_types():
    held = set(form_font.load().characters.values())
    assert set("云川市青禾餐饮管理有限公司行㛃·《》“”（），。、：；？！—…０１２３ABCabc012@-_") <= held
    assert len(held) > 6763


@pytest.mark.parametrize("kind", ["text", "textarea", "choice", "yesno", "multichoice", "date", "money"])
def test_a_form_of_one_question_has_its_input(kind):
    content = copy.deepcopy(CONTENT)
    field = {"key": "q", "type": kind, "label": "问", "choices": [{"value": "甲 1/2", "label": "甲"}]}
    content["form"] = {"sections": [{"key": "s", "title": "段", "fields": [field]}]}
    names = fields(application_form.blank_form(content))
    assert any(name.startswith("s.q") for name in names)


def test_a_table_has_no_more_rows_than_the_form_takes():
    form = FormDefinition.model_validate(FORM)
    form.sections[1].max_rows = 2
    assert form_inputs.rows(form.sections[1]) == [1, 2]


def test_the_same_form_is_the_same_file_and_not_a_large_one():
    assert application_form.blank_form(CONTENT) == blank()
    assert len(blank()) < 2_000_000
    assert application_form.blank_page(CONTENT).digest != application_form.sample_page(CONTENT).digest


def test_a_changed_way_of_laying_is_another_file(monkeypatch):
    before = application_form.blank_page(CONTENT).digest
    monkeypatch.setattr(application_form, "LAYOUT", application_form.LAYOUT + 1)
    assert application_form.blank_page(CONTENT).digest != before


def test_only_the_blank_form_can_be_filled_in():
    assert not fields(application_form.sample_form(CONTENT))


@pytest.mark.parametrize("path", city.guide_files(), ids=lambda path: path.stem)
def test_every_matter_of_the_demo_city_has_a_form_with_all_its_inputs(path):
    content = GuideContent.model_validate(city.guide_content(path))
    page = application_form.blank_page(content.model_dump(mode="json"))
    spots = set(re.findall(r'id="spot\.([^"]+)"', page.html))
    wanted = {f"{one.name}#{n}" for one in page.inputs for n in range(1, len(one.options) + 1)}
    wanted |= {one.name for one in page.inputs if not one.options}
    assert spots == wanted


def ink(file: bytes, name: str) -> int:
    """How many dark dots Poppler draws inside an input of the first page."""
    box = next(each["/Rect"] for each in widgets(read(file)) if each.get("/T") == name)
    done = subprocess.run(["pdftoppm", "-r", "72", "-l", "1", "-gray"], input=file, capture_output=True, check=True)
    left, low, right, high = (int(side) for side in box)
    image = Image.open(io.BytesIO(done.stdout))
    return sum(image.crop((left, image.height - high, right, image.height - low)).histogram()[:128])


def test_poppler_finds_the_form():
    assert "AcroForm" in poppler("pdfinfo", blank())
