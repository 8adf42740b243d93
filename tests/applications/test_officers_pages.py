"""The officer's pages of one case: what is shown, a move with its preview, a stale form, foreign cases, revocation."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications.models import Application, Document, Event
from applications.states import State
from identity.models import Department, Role, User
from sync.models import Outbox
from tests import factories
from tests.helpers import move
from tests.people import WANG_FANG_ID, login, make_staff

pytestmark = pytest.mark.usefixtures("office_hours")


def move_url(case: Application, action: str) -> str:
    return reverse("applications:staff-move", args=[case.number, action])


def test_a_foreign_case_and_an_unknown_number_look_alike(received: Application, outsider: User) -> None:
    client = login(outsider)
    foreign = client.get(reverse("applications:staff-case", args=[received.number]))
    unknown = client.get(reverse("applications:staff-case", args=["5" * 21]))
    assert (foreign.status_code, unknown.status_code) == (404, 404)


def test_the_case_page_has_exactly_this_persons_buttons(received: Application, clerk: User, reviewer: User) -> None:
    def actions(user: User) -> set[str]:
        page = login(user).get(reverse("applications:staff-case", args=[received.number]))
        return {button["action"] for button in page.context["moves"]}

    assert actions(clerk) == {
        "accept", "ask_correction", "fix_on_spot", "refuse_intake", "tell_not_required", "terminate",
    }  # fmt: skip
    assert actions(reviewer) == set()


def test_the_case_costs_the_same_for_any_number_of_events_and_files(
    received: Application, clerk: User, reviewer: User, approver: User
) -> None:
    client, url = login(clerk), reverse("applications:staff-case", args=[received.number])

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(url).status_code == 200
        return len(seen)

    case = move(move(received, "accept", by=clerk), "pass_on", by=clerk)
    case = move(case, "pass_on", by=reviewer)
    few = queries()
    for _ in range(5):
        case = move(move(case, "send_back", by=approver), "pass_on", by=reviewer)
        file = received.materials.first()
        file.pk = None
        file.save()
    assert queries() == few


def test_long_histories_are_folded(in_review: Application, reviewer: User, approver: User, clerk: User) -> None:
    case = in_review
    for _ in range(4):
        case = move(move(case, "pass_on", by=reviewer), "send_back", by=approver)
    page = login(clerk).get(reverse("applications:staff-case", args=[case.number]))
    assert (len(page.context["recent"]), len(page.context["earlier"])) == (6, 6)
    assert "更早的 6 条" in page.content.decode()


def test_a_number_that_is_no_number_is_not_found(received: Application, clerk: User) -> None:
    for number in ("5" * 60, "1' or 1=1", "...", "编号"):
        assert login(clerk).get(f"/work/{number}/").status_code == 404


def test_no_full_identity_number_is_shown(received: Application, clerk: User) -> None:
    page = login(clerk).get(reverse("applications:staff-case", args=[received.number])).content.decode()
    assert received.applicant_id not in page


def test_identity_numbers_in_the_form_are_masked(
    on_inner: str, market_bureau: Department, wang_fang: User, clerk: User
) -> None:
    fields = [{"key": "boss", "type": "id_number", "label": "负责人身份证号", "example": WANG_FANG_ID}]
    form = {"sections": [{"key": "who", "title": "负责人", "fields": fields}]}
    case = factories.submitted(wang_fang, factories.matter(market_bureau, form=form))
    page = login(clerk).get(reverse("applications:staff-case", args=[case.number])).content.decode()
    assert "负责人身份证号" in page
    assert WANG_FANG_ID not in page


def test_a_file_that_has_not_crossed_yet_is_told(received: Application, clerk: User) -> None:
    received.materials.update(sha256="0" * 64)
    page = login(clerk).get(reverse("applications:staff-case", args=[received.number])).content.decode()
    assert "还没有传到本网" in page
    assert "<iframe" not in page
    material = reverse("applications:staff-material", args=[received.number, received.materials.get().pk])
    assert login(clerk).get(material).status_code == 404


def test_the_next_case_of_the_same_list_is_one_click_away(received: Application, clerk: User, wang_fang: User) -> None:
    others = [factories.submitted(wang_fang, received.matter, at=f"2026-03-02 1{hour}:00") for hour in (1, 2)]
    listed = [received, *others]
    middle = login(clerk).get(reverse("applications:staff-case", args=[others[0].number]), {"tab": "department"})
    assert middle.context["neighbours"] == {"previous": listed[0].number, "next": listed[2].number}
    assert f"/work/{listed[2].number}/?tab=department" in middle.content.decode()
    newest = login(clerk).get(reverse("applications:staff-case", args=[others[1].number]), {"tab": "all"})
    assert newest.context["neighbours"] == {"previous": None, "next": others[0].number}


def test_after_a_move_the_next_case_is_the_first_that_waits(
    received: Application, clerk: User, wang_fang: User
) -> None:
    other = factories.submitted(wang_fang, received.matter)
    url = move_url(received, "tell_not_required") + "?tab=mine"
    data = {"seen": received.seen, "reason": "无需许可。", "late_reason": "停电。", "confirmed": "1"}
    page = login(clerk).post(url, data, follow=True)
    assert page.redirect_chain[-1][0] == f"/work/{received.number}/?tab=mine"
    assert "已经办理：告知无需办理。现在的状态：无需办理。" in page.content.decode()
    assert page.context["neighbours"] == {"previous": None, "next": other.number}


def test_a_move_that_asks_for_nothing_is_shown_at_once(received: Application, clerk: User) -> None:
    page = login(clerk).get(move_url(received, "accept")).content.decode()
    assert "确认受理" in page
    assert "受理日期" in page
    received.refresh_from_db()
    assert (received.state, received.version) == (State.RECEIVED, 2)


def test_the_preview_reads_like_the_paper_and_keeps_no_trace(awaiting_decision: Application, approver: User) -> None:
    case, facts = awaiting_decision, Outbox.objects.count()
    data = {"seen": case.seen, "reason": "距污染源不足二十五米。", "legal_basis": "《食品安全法》第三十三条"}
    page = login(approver).post(move_url(case, "refuse"), data)
    paper = page.context["preview"]["documents"][0]
    assert paper["title"] == "不予行政许可决定书"
    assert {"label": "理由", "value": "距污染源不足二十五米。"} in paper["rows"]
    assert "这一步不能撤销" in page.content.decode()
    assert Outbox.objects.count() == facts
    done = login(approver).post(move_url(case, "refuse"), data | {"confirmed": "1"})
    assert done.status_code == 302
    assert case.documents.get(kind="refusal").number == paper["number"]


def test_the_preview_says_who_comes_next(in_review: Application, reviewer: User) -> None:
    data = {"seen": in_review.seen, "opinion": "符合条件。"}
    page = login(reviewer).post(move_url(in_review, "pass_on"), data)
    assert page.context["preview"]["next"] == ["市市场监管局 · 决定"]


def test_back_from_the_preview_nothing_typed_is_lost(in_review: Application, reviewer: User) -> None:
    data = {"seen": in_review.seen, "opinion": "第一行\n第二行 <b>"}
    client = login(reviewer)
    assert "第一行\n第二行 &lt;b&gt;" in client.post(move_url(in_review, "pass_on"), data).content.decode()
    again = client.post(move_url(in_review, "pass_on"), data | {"edit": "1"})
    assert again.context["form"]["opinion"].value() == data["opinion"]
    assert "<textarea" in again.content.decode()


def test_a_move_is_previewed_then_confirmed(received: Application, clerk: User) -> None:
    client = login(clerk)
    seen = {"seen": received.seen}
    preview = client.post(move_url(received, "accept"), seen)
    assert "受理通知书" in preview.content.decode()
    received.refresh_from_db()
    assert (received.state, Document.objects.filter(kind="acceptance").count()) == (State.RECEIVED, 0)
    done = client.post(move_url(received, "accept"), seen | {"confirmed": "1"})
    assert done.status_code == 302
    received.refresh_from_db()
    assert received.state == State.ACCEPTED
    assert Event.objects.get(application=received, action="accept").actor_name == "陈静"


def test_a_missing_reason_is_told_at_its_field_and_keeps_the_rest(received: Application, clerk: User) -> None:
    page = login(clerk).post(
        move_url(received, "refuse_intake"), {"seen": received.seen, "right_organ": "云川市文化旅游局"}
    )
    assert page.status_code == 422
    text = page.content.decode()
    assert "请填写理由。" in text
    assert "云川市文化旅游局" in text


def test_a_stale_form_shows_what_changed_and_loses_nothing(received: Application, clerk: User) -> None:
    seen = received.seen
    move(received, "ask_correction", by=clerk)
    page = login(clerk).post(
        move_url(received, "refuse_intake"), {"seen": seen, "reason": "打了很多字的理由", "right_organ": "某局"}
    )
    assert page.status_code == 409
    text = page.content.decode()
    assert "打了很多字的理由" in text
    assert "一次性告知补正" in text


def test_who_lost_the_step_meanwhile_keeps_what_was_typed(
    on_inner: str, market_bureau: Department, housing_bureau: Department, wang_fang: User, clerk: User, reviewer: User
) -> None:
    steps = factories.content(market_bureau)["guide"]["procedure"]
    both = steps[2] | {"department": housing_bureau.name, "name": "消防设计审查"}
    matter = factories.matter(market_bureau, procedure=[*steps[:3], both, *steps[3:]])
    case = move(move(factories.submitted(wang_fang, matter), "accept", by=clerk), "pass_on", by=clerk)
    seen, colleague = case.seen, make_staff("tongshi", "同事", market_bureau, Role.REVIEWER)
    move(case, "pass_on", by=colleague)
    page = login(reviewer).post(move_url(case, "pass_on"), {"seen": seen, "opinion": "写了很久的意见"})
    assert page.status_code == 409
    assert "写了很久的意见" in page.content.decode()
    assert "您的岗位不能对这件申请" in page.content.decode()
    assert page.context["events"][0]["who"] == "同事"


def test_a_stale_form_can_go_on_when_the_move_is_still_possible(
    in_review: Application, reviewer: User, approver: User
) -> None:
    seen = in_review.seen
    case = move(in_review, "extend", by=approver)
    page = login(reviewer).post(move_url(case, "pass_on"), {"seen": seen, "opinion": "符合条件。"})
    assert (page.status_code, page.context["refusal"], page.context["seen"]) == (409, None, case.seen)
    data = {"seen": page.context["seen"], "opinion": "符合条件。", "confirmed": "1"}
    assert login(reviewer).post(move_url(case, "pass_on"), data).status_code == 302


@pytest.mark.parametrize("seen", ["", "nonsense", "RECEIVED.", "NOWHERE.99", "RECEIVED.²"])
def test_a_spoilt_form_is_stale_and_no_error(received: Application, clerk: User, seen: str) -> None:
    page = login(clerk).post(move_url(received, "accept"), {"seen": seen, "confirmed": "1"})
    assert page.status_code == 409
    received.refresh_from_db()
    assert received.state == State.RECEIVED


@pytest.mark.parametrize(("action", "status"), [("grant", 409), ("no_such_move", 404)])
def test_a_move_that_is_not_possible_is_refused_in_words(
    received: Application, clerk: User, action: str, status: int
) -> None:
    assert login(clerk).get(move_url(received, action)).status_code == status
    assert login(clerk).post(move_url(received, action), {"seen": received.seen}).status_code == status


def test_the_wrong_post_gets_no_form(received: Application, reviewer: User) -> None:
    page = login(reviewer).get(move_url(received, "accept"))
    assert (page.status_code, "您的岗位不能" in page.content.decode()) == (403, True)
    assert login(reviewer).post(move_url(received, "accept"), {"seen": received.seen}).status_code == 403


def test_a_colleague_who_is_quicker_by_a_breath_is_seen_too(
    received: Application, clerk: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def meanwhile(case: Application, *_: object) -> None:
        if case.state == State.RECEIVED:
            move(received, "ask_correction", by=clerk)

    monkeypatch.setattr("applications.views.staff.move.why_not", meanwhile)
    data = {"seen": received.seen, "reason": "申请人已经注销。", "confirmed": "1"}
    page = login(clerk).post(move_url(received, "terminate"), data)
    assert (page.status_code, "申请人已经注销。" in page.content.decode()) == (409, True)
    received.refresh_from_db()
    assert received.state == State.CORRECTION


def test_a_double_click_moves_once(received: Application, clerk: User) -> None:
    client = login(clerk)
    data = {"seen": received.seen, "confirmed": "1"}
    assert client.post(move_url(received, "accept"), data).status_code == 302
    assert client.post(move_url(received, "accept"), data).status_code == 409
    assert Event.objects.filter(application=received, action="accept").count() == 1


def test_all_corrections_are_written_at_once(received: Application, clerk: User) -> None:
    data = {
        "seen": received.seen,
        "confirmed": "1",
        "problem-material:plan": "缺少比例尺",
        "problem-section:place": "面积与平面图不符",
        "remedy-section:place": "按实测面积填写",
    }
    assert login(clerk).post(move_url(received, "ask_correction"), data).status_code == 302
    assert received.corrections.count() == 2


def test_an_empty_correction_is_refused(received: Application, clerk: User) -> None:
    page = login(clerk).post(move_url(received, "ask_correction"), {"seen": received.seen})
    assert page.status_code == 422
    assert "至少写明一项" in page.content.decode()


def test_a_material_is_shown_in_the_page_and_only_to_the_department(
    received: Application, clerk: User, outsider: User
) -> None:
    url = reverse("applications:staff-material", args=[received.number, received.materials.get().pk])
    answer = login(clerk).get(url)
    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert login(outsider).get(url).status_code == 404


def test_nobody_without_a_post_gets_in(received: Application, wang_fang: User) -> None:
    assert Client().get(reverse("applications:worklist")).status_code == 302
    assert login(wang_fang).get(reverse("applications:worklist")).status_code == 302  # no applicant is known here
