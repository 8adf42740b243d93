"""A workbook goes out, is edited, and comes back through a dry run."""

import io
from typing import Any

import openpyxl
import pytest
from django.utils import translation

from bench.many_guides import many
from identity.models import Department, User
from matters import services
from matters.models import GuideChange, GuideVersion, Matter
from matters.workbook import document, exporting, writing
from matters.workbook.content import normal
from tests.matters.guides import whole
from tests.matters.workbooks import download, edited, judged, put, said, save

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_inner")]


@pytest.mark.parametrize("kind", [writing, document])
def test_a_download_comes_back_without_a_difference(
    food: Matter, market_bureau: Department, editor: User, kind: Any
) -> None:
    services.save_draft(whole(matter_name="食品销售备案", header={"code": "YC-2"}), market_bureau)
    batch = judged(download(kind), editor)
    assert said(batch) == {}
    assert (batch.created, batch.changed, batch.unchanged) == (0, 0, 2)
    assert not batch.can_be_applied


def test_the_language_of_the_page_does_not_matter(food: Matter, editor: User) -> None:
    with translation.override("en"):
        assert judged(download(), editor).unchanged == 1


def test_the_draft_goes_out_before_the_guide_in_force(food: Matter, market_bureau: Department) -> None:
    services.save_draft(whole(matter_name="食品经营许可（新）"), market_bureau)
    assert [content["guide"]["matter_name"] for _, content in exporting.contents(Matter.objects.all())] == [
        "食品经营许可（新）"
    ]


def test_a_change_becomes_a_draft(food: Matter, editor: User) -> None:
    batch = judged(edited(put("材料", "材料名称", "平面布置图", 3)), editor)
    assert (batch.created, batch.changed, batch.unchanged, batch.errors) == (0, 1, 0, 0)
    assert batch.items.get().fields == ["materials"]
    assert GuideVersion.objects.count() == 1, "a dry run saves nothing"
    save(batch, editor)
    draft = GuideVersion.objects.get(state="draft")
    assert (draft.number, draft.guide.materials[1].name, draft.matter) == (2, "平面布置图", food)
    assert normal(draft.content) == draft.content
    change = draft.changes.get()
    assert (change.action, change.by, change.fields) == (GuideChange.Action.IMPORTED, editor, ["materials"])
    assert "事项.xlsx" in change.note


def test_a_draft_is_overwritten_and_counted_on(market_bureau: Department, editor: User) -> None:
    draft = services.save_draft(whole(), market_bureau)
    save(judged(edited(put("事项", "业务名称", "食品销售许可")), editor), editor)
    after = GuideVersion.objects.get()
    assert (after.pk, after.revision, after.matter.name) == (draft.pk, 1, "食品销售许可")
    assert after.updated_at > draft.updated_at


def test_a_new_row_is_a_new_matter(food: Matter, editor: User, market_bureau: Department) -> None:
    def add(book: openpyxl.Workbook) -> None:
        book["事项"].append(["YC-NEW", None, "小餐饮备案"])
        book["材料"].append(["YC-NEW", "form", "备案表"])

    batch = judged(edited(add), editor)
    assert (batch.created, batch.changed, batch.unchanged, batch.errors) == (1, 0, 1, 0)
    assert batch.lacks > 5
    save(batch, editor)
    made = Matter.objects.get(code="YC-NEW")
    assert (made.name, made.department, made.active) == ("小餐饮备案", market_bureau, False)
    assert made.versions.get().guide.materials[0].key == "form"


def test_columns_and_sheets_may_stand_in_another_order(food: Matter, editor: User) -> None:
    def turn(book: openpyxl.Workbook) -> None:
        rows = [list(row) for row in book["材料"].iter_rows(values_only=True)]
        del book["材料"]
        sheet = book.create_sheet("材料", 0)
        for row in rows:
            sheet.append([row[0], None, *reversed(row[1:])])
        sheet.cell(2, 1 + 1 + len(rows[0]) - 1).value = None  # 材料标识, now last

    batch = judged(edited(turn), editor)
    assert said(batch, blocks=True) == {}
    assert batch.changed == 1
    assert said(batch)["材料!T2"].startswith("第 1 份材料的标识")


def test_removed_rows_are_removed_and_matters_left_out_stay(
    food: Matter, market_bureau: Department, editor: User
) -> None:
    services.save_draft(whole(header={"code": "YC-2"}, matter_name="另一个"), market_bureau)
    batch = judged(
        edited(
            lambda book: (
                book["事项"].delete_rows(2),
                [s.delete_rows(2, 99) for s in book if s.title not in ("事项", "填写说明", "可选值")],
            )
        ),
        editor,
    )
    # The second matter lost its lists, the first is not in the file.
    assert (batch.changed, batch.unchanged) == (1, 0)
    assert batch.items.get().code == "YC-SCJG-0001"


# --- many


def test_two_hundred_matters_round_trip_and_are_saved_in_bulk(
    market_bureau: Department, editor: User, django_assert_max_num_queries: Any
) -> None:
    contents = [("YC-SCJG", content) for content in many(200)]
    writing.write(contents, out := io.BytesIO())
    batch = judged(out, editor)
    assert (batch.created, batch.errors) == (200, 0)
    with django_assert_max_num_queries(40):
        save(batch, editor)
    assert [content for _, content in exporting.contents(Matter.objects.all())] == [content for _, content in contents]
    again = judged(download(), editor)
    assert (again.unchanged, again.changed, again.created) == (200, 0, 0)


@pytest.mark.parametrize("number", [2, 60])
def test_judging_asks_as_often_for_two_as_for_sixty(
    market_bureau: Department, editor: User, number: int, django_assert_max_num_queries: Any
) -> None:
    document.write([("YC-SCJG", content) for content in many(number)], out := io.BytesIO())
    with django_assert_max_num_queries(13):
        judged(out, editor)
