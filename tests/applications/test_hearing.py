"""C15 听证 (行政许可法 46–48): told, asked for, held, decided on its record."""

import io
import json
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from applications import actors, requests, services
from applications.errors import DataMissing, NotAllowed, NotPossible
from applications.models import Application, Hearing
from applications.models.request import RequestState
from identity.models import User
from sync.models import Outbox
from tests import factories
from tests.conftest import switch_side
from tests.helpers import move, unguarded
from tests.people import login


@pytest.fixture
def told(awaiting_decision: Application, approver: User) -> Application:
    """C15: told of the right on Thursday 5 March 2026; until 12 March it may be asked for."""
    return move(awaiting_decision, "tell_hearing", by=approver, at="2026-03-05 10:00")


@pytest.fixture
def asked(told: Application, wang_fang: User) -> Application:
    """C15: asked for outside on the last day, 12 March, and arrived."""
    request = told.requests.create(action="ask_hearing", at=factories.moment("2026-03-12 23:50"))
    requests.answer(request)
    request.refresh_from_db()
    assert request.standing == RequestState.DONE, request.answer
    told.refresh_from_db()
    return told


@pytest.fixture
def set_(asked: Application, approver: User, clerk: User) -> Application:
    """C15: on Friday 13 March set for Tuesday 24 March."""
    return move(
        asked, "set_hearing", by=approver, at="2026-03-13 10:00", set_for="2026-03-24 09:30", presider="chenjing"
    )


def test_the_whole_way_to_a_decision_on_the_record(set_: Application, approver: User) -> None:
    """C15: the decision comes after the hearing and refers to its record (art. 48(2))."""
    case = move(set_, "hold_hearing", by=approver, at="2026-03-26 10:00")
    case = move(case, "grant", by=approver, at="2026-03-27 10:00")
    assert "2026年3月24日" in case.documents.get(kind="grant").content["hearing"]
    assert [one.kind for one in case.documents.order_by("id")][-4:] == [
        *("hearing_right", "hearing_notice", "grant", "licence")
    ]


def test_the_limits_are_clocks_of_the_case(set_: Application) -> None:
    """C15: five working days to ask, twenty to hold it."""
    dues = dict(set_.clocks.values_list("kind", "due"))
    assert dues["ask"].isoformat() == "2026-03-12"
    assert dues["hearing"].isoformat() == "2026-04-10"


def test_the_hearing_is_out_of_the_clock_once(set_: Application, approver: User) -> None:
    """C14, C15: from the notice (13th) to the day of the hearing (24th), however late its record is entered."""
    case = move(set_, "hold_hearing", by=approver, at="2026-03-30 10:00")
    assert (
        case.law_due.isoformat() == "2026-04-13"
    )  # 31 March and the eight working days out; 4 to 6 April are a holiday
    assert case.pauses.get().ended_on.isoformat() == "2026-03-25"


def test_a_pause_beside_the_hearing_is_not_counted_twice(in_review: Application, reviewer: User, clerk: User) -> None:
    """C14, C15: an expert review within the hearing's time takes nothing more; ending it leaves the hearing's pause open."""
    case = move(in_review, "tell_hearing", by=reviewer, at="2026-03-05 10:00")
    case = move(case, "ask_hearing", by=reviewer, at="2026-03-06 10:00", asker="王芳")
    notice = {"set_for": "2026-03-24 09:30", "presider": "chenjing"}
    case = move(case, "set_hearing", by=reviewer, at="2026-03-13 10:00", **notice)
    case = move(case, "pause", by=reviewer, at="2026-03-16 10:00")
    case = move(case, "resume", by=reviewer, at="2026-03-19 10:00")
    assert case.pauses.filter(ended_on=None).get().procedure == "hearing"
    case = move(case, "hold_hearing", by=reviewer, at="2026-03-24 15:00")
    assert case.law_due.isoformat() == "2026-04-13"


def test_no_decision_while_a_hearing_is_owed(asked: Application, approver: User) -> None:
    """C15: refused with the sentence, for a grant as for a refusal."""
    for action in ("grant", "refuse"):
        with pytest.raises(NotPossible, match="听证举行之前不能作出决定"):
            move(asked, action, by=approver, at="2026-03-16 10:00")


def test_no_decision_while_it_may_still_be_asked_for(told: Application, approver: User) -> None:
    """C15, C29: not before the last day's request can have crossed the gap."""
    with pytest.raises(NotPossible, match="申请听证的期限"):
        move(told, "grant", by=approver, at="2026-03-19 10:00")
    assert move(told, "grant", by=approver, at="2026-03-20 10:00").state == "GRANTED"


def test_asked_too_late_is_refused_with_the_reason(told: Application) -> None:
    """C15: the outer moment counts."""
    request = told.requests.create(action="ask_hearing", at=factories.moment("2026-03-13 00:10"))
    requests.answer(request)
    request.refresh_from_db()
    assert request.standing == RequestState.REFUSED
    assert "五个工作日" in request.answer


def test_without_being_told_nobody_can_ask(awaiting_decision: Application, approver: User) -> None:
    """C15: the right is told first."""
    with pytest.raises(NotPossible, match="还没有告知"):
        move(awaiting_decision, "ask_hearing", by=approver, at="2026-03-05 10:00")


def test_the_presider_is_not_a_reviewer(asked: Application, approver: User, reviewer: User) -> None:
    """C15: 刘洋 passed the review."""
    with pytest.raises(DataMissing) as refused:
        move(asked, "set_hearing", by=approver, at="2026-03-13 10:00", set_for="2026-03-24 09:30", presider="liuyang")
    assert "不能主持听证" in refused.value.fields["presider"]


@pytest.mark.parametrize(("day", "word"), [("2026-03-23", "7 个工作日"), ("2026-04-13", "二十个工作日")])
def test_seven_days_notice_and_twenty_days_in_all(asked: Application, approver: User, day: str, word: str) -> None:
    """C15: neither too soon nor too late."""
    with pytest.raises(DataMissing) as refused:
        move(asked, "set_hearing", by=approver, at="2026-03-13 10:00", set_for=f"{day} 09:30", presider="chenjing")
    assert word in refused.value.fields["set_for"]


def test_it_cannot_be_recorded_before_its_day_or_without_a_record(set_: Application, approver: User) -> None:
    """C15."""
    with pytest.raises(NotPossible, match="还没有到"):
        move(set_, "hold_hearing", by=approver, at="2026-03-23 10:00")
    with pytest.raises(DataMissing):
        move(set_, "hold_hearing", by=approver, at="2026-03-24 15:00", record="")


def test_given_up_the_case_goes_on(asked: Application, approver: User) -> None:
    """C15: whoever asked may give it up."""
    case = move(asked, "drop_hearing", by=approver, at="2026-03-16 10:00")
    assert move(case, "grant", by=approver, at="2026-03-17 10:00").state == "GRANTED"


def test_others_may_not(awaiting_decision: Application, reviewer: User, outsider: User) -> None:
    """C15: only who has the step."""
    for person in (reviewer, outsider):
        with pytest.raises(NotAllowed):
            move(awaiting_decision, "tell_hearing", by=person, at="2026-03-05 10:00")


def test_the_applicant_asks_on_the_page(
    told: Application, wang_fang: User, stranger: User, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """C15: the page offers it in time and says what happened; a stranger sees nothing."""
    switch_side(settings, "outer")
    monkeypatch.setattr("django.utils.timezone.now", lambda: factories.moment("2026-03-10 10:00"))
    address = f"/my/{told.uid}/hearing/"
    assert login(stranger).get(address).status_code == 404
    browser = login(wang_fang)
    assert "申请听证" in browser.get(f"/my/{told.uid}/").content.decode()
    assert "不收费" in browser.get(address).content.decode()
    page = browser.post(address, {"reason": "想当面说明"}, follow=True).content.decode()
    assert "已送出" in page
    assert told.requests.get().action == "ask_hearing"
    assert "现在不能申请听证" in browser.get(address, follow=True).content.decode()


def test_what_crosses_leads_to_the_same_hearing_there(set_: Application, approver: User) -> None:
    """C15: dates, place and presider travel; record and names of those who confirmed it stay inside."""
    case = move(set_, "hold_hearing", by=approver, at="2026-03-24 15:00")
    told = [json.loads(row.payload) for row in Outbox.objects.filter(topic="application.moved").order_by("id")]
    row = Hearing.objects.get(application=case)
    dates = (row.ask_due, row.asked_on, row.set_for, row.held_on, case.law_due)
    turn = next(place for place, one in enumerate(told) if one["action"] == "tell_hearing")
    row.delete()
    case.pauses.all().delete()
    case.clocks.filter(kind__in=["ask", "hearing"]).delete()
    with unguarded():
        case.events.all().delete()
    Application.objects.filter(pk=case.pk).update(version=told[turn]["version"] - 1, event_count=0, event_head="")
    for one in told[turn:]:
        who = actors.Actor(one["actor_kind"], one["actor_name"])
        at, data = datetime.fromisoformat(one["at"]), one["data"]
        there = services.replay(
            case.pk, one["action"], actor=who, at=at, version=one["version"], to_state=one["to_state"], data=data
        )
    again = Hearing.objects.get(application=case)
    assert (again.ask_due, again.asked_on, again.set_for, again.held_on, there.law_due) == dates
    assert again.record == ""
    assert again.confirmed_by == ""


def test_officers_see_it_and_upload_the_signed_record(told: Application, approver: User, outsider: User) -> None:
    """C15: the record as a file, checked, with its Event; others get nothing, a program nothing either."""
    browser, address = login(approver), f"/work/{told.number}/papers/"
    assert login(outsider).post(address).status_code == 404
    files = {"belongs_to": "hearing", "file": SimpleUploadedFile("笔录.exe", b"MZ")}
    browser.post(address, files)
    assert not told.case_papers.exists()
    browser.post(address, {"belongs_to": "hearing", "file": SimpleUploadedFile("笔录.png", picture())})
    paper = told.case_papers.get()
    assert told.events.last().action == "add_paper"
    page = browser.get(f"/work/{told.number}/").content.decode()
    assert "可以申请到" in page
    assert "笔录.png" in page
    assert browser.get(f"{address}{paper.pk}/").status_code == 200


def picture() -> bytes:
    """A small PNG."""
    buffer = io.BytesIO()
    Image.new("RGB", (4, 4)).save(buffer, "PNG")
    return buffer.getvalue()


def test_the_form_of_the_notice_asks_and_previews(
    asked: Application, approver: User, clerk: User, monkeypatch: Any
) -> None:
    """C15: page and interface take the same words."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: factories.moment("2026-03-13 10:00"))
    browser, address = login(approver), f"/work/{asked.number}/moves/set_hearing/"
    assert "datetime-local" in browser.get(address).content.decode()
    typed = {"set_for": "2026-03-24T09:30", "place": "三楼听证室", "presider": "chenjing", "seen": asked.seen}
    preview = browser.post(address, typed).content.decode()
    assert "听证通知书" in preview
    assert "三楼听证室" in preview
    done = browser.post(address, typed | {"confirmed": "1"}, follow=True).content.decode()
    assert "已经办理：通知举行听证" in done
