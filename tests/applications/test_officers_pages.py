"""The officer's pages: list, case, a move with its preview, a stale form, foreign cases."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from applications.models import Application, Document, Event
from applications.states import State
from identity.models import User
from tests import factories
from tests.helpers import move
from tests.people import login


pytestmark = pytest.mark.usefixtures("office_hours")


def move_url(case: Application, action: str) -> str:
    return reverse("applications:staff-move", args=[case.number, action])


def test_the_list_shows_what_waits_for_me(received: Application, clerk: User, reviewer: User) -> None:
    url = reverse("applications:worklist")
    assert received.number in login(clerk).get(url).content.decode()
    assert received.number not in login(reviewer).get(url).content.decode()
    assert received.number in login(reviewer).get(url, {"tab": "department"}).content.decode()


def test_the_list_needs_the_same_number_of_queries_for_any_number_of_rows(
    received: Application, clerk: User, wang_fang: User, django_assert_max_num_queries: Any
) -> None:
    for _ in range(5):
        factories.submitted(wang_fang, received.matter)
    client = login(clerk)
    with django_assert_max_num_queries(18):
        client.get(reverse("applications:worklist"))


def test_a_foreign_case_and_an_unknown_number_look_alike(received: Application, outsider: User) -> None:
    client = login(outsider)
    foreign = client.get(reverse("applications:staff-case", args=[received.number]))
    unknown = client.get(reverse("applications:staff-case", args=["5" * 21]))
    assert (foreign.status_code, unknown.status_code) == (404, 404)


def test_the_case_page_has_exactly_this_persons_buttons(received: Application, clerk: User, reviewer: User) -> None:
    def actions(user: User) -> set[str]:
        page = login(user).get(reverse("applications:staff-case", args=[received.number]))
        return {button["action"] for button in page.context["moves"]}

    assert actions(clerk) == {"accept", "ask_correction", "refuse_intake", "tell_not_required", "terminate"}
    assert actions(reviewer) == set()


def test_no_full_identity_number_is_shown(received: Application, clerk: User) -> None:
    page = login(clerk).get(reverse("applications:staff-case", args=[received.number])).content.decode()
    assert received.applicant_id not in page


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


def test_claiming_tells_colleagues(received: Application, clerk: User, reviewer: User) -> None:
    login(clerk).post(reverse("applications:staff-claim", args=[received.number]))
    page = login(reviewer).get(reverse("applications:staff-case", args=[received.number])).content.decode()
    assert "陈静 正在办理这件申请" in page


def test_a_licence_is_revoked_by_the_approver_only(awaiting_decision: Application, approver: User, clerk: User) -> None:
    case = move(awaiting_decision, "grant", by=approver)
    url = reverse("applications:staff-revoke", args=[case.number])
    assert login(clerk).post(url, {"reason": "弄虚作假"}).status_code == 403
    assert login(approver).post(url, {"reason": ""}).status_code == 422
    asked_again = login(approver).post(url, {"reason": "弄虚作假"})
    assert (asked_again.status_code, "再确认一次" in asked_again.content.decode()) == (200, True)
    case.licence.refresh_from_db()
    assert case.licence.standing == "valid"
    assert login(approver).post(url, {"reason": "弄虚作假", "confirmed": "1"}).status_code == 302
    case.licence.refresh_from_db()
    assert (case.licence.standing, case.licence.reason) == ("revoked", "弄虚作假")


def test_nobody_without_a_post_gets_in(received: Application, wang_fang: User) -> None:
    assert Client().get(reverse("applications:worklist")).status_code == 302
    assert login(wang_fang).get(reverse("applications:worklist")).status_code == 302  # no applicant is known here
