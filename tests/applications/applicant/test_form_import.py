"""A form that was filled in on the screen is read back into the draft, and nothing that was typed online is lost."""

import errno
import io
from functools import cache
from typing import Any

import pikepdf
import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from applications import drafts, form_import, pdf_probe
from applications.documents import application_form
from applications.models import Application
from matters.formdef import FormDefinition
from tests import factories
from tests.applications.applicant.conftest import FORM
from tests.applications.documents.test_fillable_form import filled
from tests.people import login

FILLED = {"place.name": "青禾小厨·㛃", "place.area": "80.5", "staff.1.name": "赵敏", "staff.3.name": "李𠮷"}


@cache
def blank() -> bytes:
    content = {"header": {"type_code": "01"}, "guide": {"matter_name": "小餐饮经营许可"}, "form": FORM}
    return application_form.blank_form(content)


def sent(user: Any, case: Application, content: bytes, name: str = "表.pdf", **more: str) -> Any:
    file = SimpleUploadedFile(name, content, "application/pdf")
    return login(user).post(f"/drafts/{case.uid}/import/", {"file": file, **more})


def answers(case: Application) -> dict[str, Any]:
    return Application.objects.get(pk=case.pk).answers


# --- it works


def test_answers_go_from_the_file_into_the_draft(draft, wang_fang):
    page = sent(wang_fang, draft, filled(blank(), FILLED))
    assert page.status_code == 200
    assert "青禾小厨·㛃" in page.text
    stored = answers(draft)
    assert stored["place"] == {"name": "青禾小厨·㛃", "area": "80.5", "owner": "王芳"}  # the owner is known to the hall
    assert stored["staff"] == [{"name": "赵敏"}, {"name": "李𠮷"}]


def test_every_part_is_to_be_looked_at_again(draft, wang_fang):
    drafts.save_section(draft, "place", {"name": "旧名"}, complete=True)
    sent(wang_fang, draft, filled(blank(), FILLED), replace="1")
    assert Application.objects.get(pk=draft.pk).sections_done == []


def test_what_was_typed_online_stays_unless_asked(draft, wang_fang):
    drafts.save_section(draft, "place", {"name": "旧名"}, complete=False)
    page = sent(wang_fang, draft, filled(blank(), FILLED))
    assert answers(draft)["place"] == {"name": "旧名", "area": "80.5"}
    assert "网上现在是：旧名" in page.text
    sent(wang_fang, draft, filled(blank(), FILLED), replace="1")
    assert answers(draft)["place"]["name"] == "青禾小厨·㛃"


def test_a_table_that_was_begun_online_stays_whole(draft, wang_fang):
    drafts.save_section(draft, "staff", [{"name": "周大海"}], complete=False)
    sent(wang_fang, draft, filled(blank(), FILLED))
    assert answers(draft)["staff"] == [{"name": "周大海"}]


def test_what_breaks_a_rule_is_taken_and_told(draft, wang_fang):
    page = sent(wang_fang, draft, filled(blank(), FILLED | {"place.area": "三间"}))
    assert "需要改正（1）" in page.text
    assert answers(draft)["place"]["area"] == "三间"


def test_twice_the_same_file_changes_nothing(draft, wang_fang):
    sent(wang_fang, draft, filled(blank(), FILLED))
    before = answers(draft)
    assert "没有改动" in sent(wang_fang, draft, filled(blank(), FILLED)).text
    assert answers(draft) == before


def test_the_task_list_leads_here(draft, wang_fang):
    assert f"/drafts/{draft.uid}/import/" in login(wang_fang).get(f"/drafts/{draft.uid}/").text
    assert "空白表" in login(wang_fang).get(f"/drafts/{draft.uid}/import/").text


# --- who


def test_strangers_find_nothing(draft, stranger, wang_fang):
    assert sent(stranger, draft, filled(blank(), FILLED)).status_code == 404
    assert answers(draft) == {}


def test_nobody_needs_to_log_in_for_a_404(draft, client):
    assert client.get(f"/drafts/{draft.uid}/import/").status_code == 302


def test_what_is_submitted_is_not_changed(ready, wang_fang):
    factories.file_draft(ready, wang_fang)
    before = answers(ready)
    assert sent(wang_fang, ready, filled(blank(), FILLED), replace="1").status_code == 302
    assert answers(ready) == before


# --- bad input


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "a.pdf", "空的"),
        (b"%PDF-1.7 nonsense", "a.pdf", "打不开"),
        (b"MZ\x90\x00", "a.pdf", "程序"),
        (b"hello", "a.docx", "不能上传"),
    ],
)
def test_what_is_no_pdf_is_refused_with_the_reason(draft, wang_fang, content, name, words):
    page = sent(wang_fang, draft, content, name)
    assert page.status_code == 422
    assert words in page.text
    assert answers(draft) == {}


def test_a_form_with_nothing_in_it_says_what_to_do(draft, wang_fang):
    page = sent(wang_fang, draft, blank())
    assert page.status_code == 422
    assert "打印为 PDF" in page.text


def test_no_file_and_too_large_a_file(draft, wang_fang, settings):
    assert "还没有选择文件" in login(wang_fang).post(f"/drafts/{draft.uid}/import/", {}).text
    settings.HALL_MAX_UPLOAD_MB = 1
    assert "超过 1 MB" in sent(wang_fang, draft, filled(blank(), FILLED)).text


def test_a_disk_that_fills_while_the_form_arrives(draft, wang_fang, monkeypatch):
    def full(self: object, *args: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(MemoryFileUploadHandler, "receive_data_chunk", full)
    page = sent(wang_fang, draft, filled(blank(), FILLED))
    assert page.status_code == 507
    assert "存储空间暂时用完" in page.text


def test_forms_need_the_token_of_the_page(draft, wang_fang):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(wang_fang)
    file = SimpleUploadedFile("表.pdf", filled(blank(), FILLED), "application/pdf")
    assert strict.post(f"/drafts/{draft.uid}/import/", {"file": file}).status_code == 403
    assert answers(draft) == {}


def test_a_form_of_a_matter_without_a_form_is_not_asked_for(on_outer, market_bureau, wang_fang):
    matter = factories.matter(market_bureau, form={"sections": []})
    case = drafts.begin(factories.applicant(wang_fang), matter)
    assert login(wang_fang).get(f"/drafts/{case.uid}/import/").status_code == 404


def made(change: Any) -> dict[str, str]:
    """What is read from a small PDF whose form ``change`` made."""
    pdf = pikepdf.new()
    pdf.add_blank_page()
    change(pdf)
    out = io.BytesIO()
    pdf.save(out)
    return pdf_probe.filled_in(out)


def field(pdf: pikepdf.Pdf, **entries: Any) -> pikepdf.Object:
    return pdf.make_indirect(pikepdf.Dictionary(entries))


def in_a_ring(pdf: pikepdf.Pdf) -> None:
    one = field(pdf, **{"/T": "a", "/V": "x"})
    one.Kids = pikepdf.Array([one])
    pdf.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([one]))


def of_wrong_types(pdf: pikepdf.Pdf) -> None:
    pdf.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([1, pikepdf.Array([]), pikepdf.String("x")]))


def very_many(pdf: pikepdf.Pdf) -> None:
    fields = [pikepdf.Dictionary({"/T": f"f{number}", "/V": "x" * 30_000}) for number in range(100)]
    pdf.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array(fields))


def test_hostile_forms_are_read_within_limits():
    assert len(made(in_a_ring)) <= pdf_probe.DEPTH + 1
    assert made(of_wrong_types) == {}
    read = made(very_many)
    assert sum(map(len, read.values())) <= pdf_probe.MOST_LETTERS_IN_ALL + pdf_probe.MOST_LETTERS
    assert made(lambda pdf: None) == {}


def test_values_of_any_kind_are_texts_or_nothing():
    def several(pdf: pikepdf.Pdf) -> None:
        kinds = {"a": "中文", "b": pikepdf.Name("/ticked"), "c": pikepdf.Name.Off, "d": 5, "e": pikepdf.Array([])}
        fields = [pikepdf.Dictionary({"/T": name, "/V": value}) for name, value in kinds.items()]
        pdf.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array(fields))

    assert made(several) == {"a": "中文", "b": "ticked"}


def test_a_form_saved_by_another_program_in_its_own_way_is_read():
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(blank()))
    writer.update_page_form_field_values(writer.pages[0], {"place.name": "青禾"}, auto_regenerate=False)
    out = io.BytesIO()
    writer.write(out)
    assert pdf_probe.filled_in(out)["place.name"] == "青禾"


# --- the plan, pure

CHOICES = [{"value": "a", "label": "甲"}, {"value": "b", "label": "乙"}]
KINDS = FormDefinition.model_validate(
    {"sections": [{"key": "s", "title": "段", "fields": [
        {"key": "one", "type": "choice", "label": "单选", "choices": CHOICES},
        {"key": "many", "type": "multichoice", "label": "多选", "choices": CHOICES},
        {"key": "yes", "type": "yesno", "label": "是否"},
        {"key": "day", "type": "date", "label": "日期"},
        {"key": "text", "type": "textarea", "label": "说明"},
    ]}]}
)  # fmt: skip


def test_every_kind_of_answer_is_understood():
    values = {
        "s.one": "b",
        "s.many.1": "a",
        "s.many.2": "b",
        "s.yes": "yes",
        "s.day": "2026年3月1日",
        "s.text": "一\r\n二",
    }
    made_plan = form_import.plan(KINDS, {}, values)
    assert made_plan.answers["s"] == {
        "one": "b",
        "many": ["a", "b"],
        "yes": "yes",
        "day": "2026年3月1日",
        "text": "一\n二",
    }
    assert not made_plan.wrong
    assert {line.value for line in made_plan.taken} >= {"乙", "甲、乙", "是"}


def test_an_option_of_another_edition_is_told():
    (line,) = form_import.plan(KINDS, {}, {"s.one": "z"}).wrong
    assert line.where == "段 · 单选"


@given(
    st.dictionaries(
        st.sampled_from(["s.one", "s.many.1", "s.yes", "s.day", "s.text", "x.y", "s", "", "_electronic"]), st.text()
    )
)
def test_any_values_make_a_plan_and_lose_nothing(values):
    before = {"s": {"text": "已填"}}
    made_plan = form_import.plan(KINDS, before, values)
    assert made_plan.answers.get("s", before["s"])["text"] == "已填"
