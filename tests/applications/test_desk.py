"""The work list for people who do this all day: saved lists, columns, labels, many at once, templates, files, keys."""

import io

import openpyxl
import pytest

from applications import actors, claims
from applications.desk import export, finding, many, rows
from applications.models import Application, DeskHabits, Label, OpinionTemplate, SavedFilter
from identity.models import Department, User
from tests import factories
from tests.applications.test_worklist import multiplied, numbers
from tests.helpers import move
from tests.people import login

pytestmark = pytest.mark.usefixtures("office_hours", "no_rendering")


@pytest.fixture
def three(received: Application, wang_fang: User) -> list[Application]:
    """Three real cases on the clerk's desk."""
    return [received, *(factories.submitted(wang_fang, received.matter) for _ in range(2))]


# --- lists of one's own
def test_a_list_is_saved_under_a_name(received: Application, clerk: User, reviewer: User) -> None:
    browser = login(clerk)
    kept = browser.post("/work/keep/?tab=soon&state=RECEIVED", {"save_filter": "1", "name": "快到期的"})
    assert kept.status_code == 302
    assert SavedFilter.objects.get(user=clerk).query == {"tab": "soon", "state": "RECEIVED"}
    assert "?tab=soon&amp;state=RECEIVED" in browser.get("/work/").content.decode()
    assert "快到期的" not in login(reviewer).get("/work/").content.decode()
    browser.post("/work/keep/", {"delete_filter": "快到期的"})
    assert not SavedFilter.objects.exists()
    browser.post("/work/keep/", {"save_filter": "1", "name": " "})
    assert not SavedFilter.objects.exists()


def test_columns_and_keys_are_chosen(received: Application, clerk: User) -> None:
    browser = login(clerk)
    assert "applications/keys.js" in browser.get("/work/").content.decode()
    browser.post("/work/keep/", {"columns": "1", "column": ["promise", "nonsense"]})
    assert DeskHabits.objects.get(user=clerk).columns == ["promise"]
    page = browser.get("/work/").content.decode()
    assert "承诺日</th>" in page
    assert "申请人</th>" not in page
    assert "applications/keys.js" not in page


def test_sorted_as_one_likes(received: Application, clerk: User) -> None:
    cases = multiplied(received, 3)
    assert numbers(login(clerk), sort="newest")[0] == cases[-1].number
    assert numbers(login(clerk), sort="oldest")[0] == cases[0].number


# --- labels
def test_labels_of_the_department_find_cases(
    three: list[Application], clerk: User, market_bureau: Department, outsider: User
) -> None:
    browser = login(clerk)
    made = {"department": market_bureau.pk, "name": "重点项目", "tone": "red"}
    assert browser.post("/work/labels/", made).status_code == 302
    assert browser.post("/work/labels/", made).status_code == 422
    label = Label.objects.get()
    sticking = {"act": "stick", "label": str(label.uid), "confirmed": "1", "case": three[0].number}
    assert "办成 1 件" in browser.post("/work/many/", sticking).content.decode()
    assert numbers(browser, label=str(label.uid)) == [three[0].number]
    assert "重点项目" in browser.get("/work/").content.decode()
    assert "重点项目" not in login(outsider).get("/work/labels/").content.decode()
    login(outsider).post("/work/labels/", {"delete": str(label.uid)})
    assert Label.objects.exists()
    browser.post("/work/labels/", {"delete": str(label.uid)})
    assert not Label.objects.exists()


# --- many at once
def test_many_cases_with_a_result_each(three: list[Application], clerk: User) -> None:
    browser = login(clerk)
    asked = browser.post("/work/many/", {"act": "accept", "case": [case.number for case in three]}).content.decode()
    assert "受理：3 件" in asked
    move(three[1], "tell_not_required", by=clerk, at="2026-03-02 16:00")  # meanwhile
    sent = {
        "act": "accept",
        "confirmed": "1",
        "case": [case.number for case in three],
        "seen": [f"{case.number}:{case.seen}" for case in three],
    }
    done = browser.post("/work/many/", sent).content.decode()
    assert "办成 2 件，共 3 件" in done
    assert "有了变化" in done
    assert [Application.objects.get(pk=case.pk).state for case in three] == ["ACCEPTED", "NOT_REQUIRED", "ACCEPTED"]


def test_the_whole_list_up_to_five_hundred(received: Application, clerk: User) -> None:
    multiplied(received, many.MOST + 5)
    page = login(clerk).post("/work/many/?tab=mine", {"act": "claim", "whole": "on"}).content.decode()
    assert f"由我经办：{many.MOST} 件" in page


def test_words_that_are_wanted_are_asked_for(three: list[Application], clerk: User) -> None:
    for case in three:
        move(case, "accept", by=clerk)
    sent = {"act": "pass_on", "case": [case.number for case in three], "confirmed": "1"}
    assert login(clerk).post("/work/many/", sent).status_code == 422
    fresh = [Application.objects.get(pk=case.pk) for case in three]
    sent |= {"opinion": "材料齐全。", "seen": [f"{case.number}:{case.seen}" for case in fresh]}
    assert "办成 3 件" in login(clerk).post("/work/many/", sent).content.decode()
    assert three[0].events.get(action="pass_on").data["opinion"] == "材料齐全。"


@pytest.mark.parametrize("act", ["pass_on", "deliver", "stick"])
def test_what_an_act_wants_is_no_choice(received: Application, clerk: User, act: str) -> None:
    Label.objects.create(department=received.department, name="重点项目", tone="red")
    page = login(clerk).post("/work/many/", {"act": act, "case": received.number}).content.decode()
    assert "批量办理" in page
    assert "（选填）" not in page
    assert "---------" not in page
    assert ('<option value="" selected>请选择</option>' in page) is (act == "stick")


def test_claimed_by_colleagues_stays_with_them(
    three: list[Application], clerk: User, market_bureau: Department
) -> None:
    from tests import people

    colleague = people.make_staff("zhangwei", "张伟", market_bureau, "clerk")
    claims.take(three[0], actors.staff(colleague), shown=None)
    actor = actors.staff(clerk)
    found = many.do(actor, "put_back", many.chosen(actor, [three[0].number or ""]), {}, data={}, label=None)
    assert found[0].problem == "不是由您经办的。"


def test_foreign_cases_are_not_touched(three: list[Application], outsider: User) -> None:
    assert many.chosen(actors.staff(outsider), [case.number or "" for case in three]) == []
    assert login(outsider).post("/work/many/", {"act": "claim", "case": three[0].number}).status_code == 302


# --- templates of opinions
def test_a_template_of_ones_own_and_of_the_department(
    in_review: Application, reviewer: User, market_bureau: Department, clerk: User, outsider: User
) -> None:
    browser = login(reviewer)
    mine = {"name": "通过", "text": "经审查，符合条件。", "action": "pass_on"}
    assert browser.post("/work/templates/", mine).status_code == 302
    shared = {"name": "通用", "text": "同意。", "department": market_bureau.pk}
    assert browser.post("/work/templates/", shared).status_code == 302
    assert browser.post("/work/templates/", {"name": ""}).status_code == 422
    page = browser.get(f"/work/{in_review.number}/moves/pass_on/").content.decode()
    assert "经审查，符合条件。" in page
    assert "同意。" in page
    assert "通过" not in [one.name for one in OpinionTemplate.objects.filter(user=None)]
    other = login(outsider).get("/work/templates/").content.decode()
    assert "同意。" not in other
    row = OpinionTemplate.objects.get(name="通过")
    login(clerk).post("/work/templates/", {"delete": row.pk})
    assert OpinionTemplate.objects.filter(pk=row.pk).exists()


def test_templates_are_offered_where_there_is_a_box_for_them(received: Application, clerk: User) -> None:
    OpinionTemplate.objects.create(user=clerk, name="通用", text="材料齐全。")
    browser = login(clerk)
    for action, has_box in (("refuse_intake", True), ("fix_on_spot", False)):
        page = browser.get(f"/work/{received.number}/moves/{action}/").content.decode()
        assert ("data-template" in page) is has_box


# --- files
def test_formulas_are_made_inert(received: Application, clerk: User) -> None:
    Application.objects.filter(pk=received.pk).update(applicant_name="=HYPERLINK(1)")
    browser = login(clerk)
    text = b"".join(browser.get("/work/list.csv").streaming_content).decode()
    assert "'=HYPERLINK(1)" in text
    assert received.number in text
    assert received.applicant_id not in text
    book = openpyxl.load_workbook(io.BytesIO(browser.get("/work/list.xlsx").content))
    cell = book.active["C2"]
    assert (cell.value, cell.data_type) == ("=HYPERLINK(1)", "s")
    assert browser.get("/work/list.pdf").status_code == 404


def test_the_file_follows_the_filter(three: list[Application], clerk: User) -> None:
    move(three[0], "accept", by=clerk)
    text = b"".join(login(clerk).get("/work/list.csv?tab=department&state=ACCEPTED").streaming_content).decode()
    assert [case.number in text for case in three] == [True, False, False]
    assert len(list(export.lines(rows.Listed([], rows.DUE)))) == 1


# --- finding and order
@pytest.mark.parametrize(
    ("words", "found"),
    [("新星", True), ("云川新", True), ("星川", False), ("新", False), ("云", True), ("餐饮有限", True)],
)
def test_names_are_found_by_pairs(received: Application, clerk: User, words: str, found: bool) -> None:
    """A single character is a family name: names that begin with it."""
    received.applicant_name = "云川新星餐饮有限公司"
    received.save()
    received.grams.all().delete()
    finding.index(received)
    assert (numbers(login(clerk), q=words) == [received.number]) is found


def test_numbers_are_found_by_their_beginning(received: Application, clerk: User) -> None:
    number = received.number or ""
    assert numbers(login(clerk), q=number[:9]) == [number]
    assert numbers(login(clerk), q="9" * 21) == []
    assert numbers(login(clerk), q=number[:8] + "9") == []


def test_branches_merge_in_order_without_doubles(three: list[Application], clerk: User, reviewer: User) -> None:
    """What two posts both show is there once."""
    move(move(three[0], "accept", by=clerk), "pass_on", by=clerk)
    for user, role in ((clerk, "reviewer"), (clerk, "approver")):
        user.posts.create(department=three[0].department, role=role)
    actor = actors.staff(clerk)
    listed = rows.Listed(rows.waiting(actor), rows.DUE)
    shown = listed[0:10]
    assert sorted(case.pk for case in shown) == sorted(case.pk for case in three)
    assert [case.sort_due for case in shown] == sorted(case.sort_due for case in shown)
    assert listed.count() == 3
    assert listed.beside(shown[1]) == (shown[0].pk, shown[2].pk)
    assert listed.beside(shown[0])[0] is None
    assert rows.Listed(rows.everything(actor), rows.NEWEST).beside(shown[0])[0] != shown[0].pk


def test_an_ended_case_leaves_the_desk(in_review: Application, reviewer: User) -> None:
    assert rows.Listed(rows.waiting(actors.staff(reviewer)), rows.DUE).count() == 1
    move(in_review, "terminate", by=reviewer, at="2026-03-04 10:00")
    in_review.refresh_from_db()
    assert (in_review.desk, rows.Listed(rows.waiting(actors.staff(reviewer)), rows.DUE).count()) == (0, 0)
