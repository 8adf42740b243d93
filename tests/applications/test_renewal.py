"""C20, 行政许可法 50: asked for thirty days before expiry, decided before expiry, renewed by silence."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from applications import actors, licence_filing, licence_reminders, licence_terms, services, tick
from applications.documents import issue
from applications.errors import DataMissing, NotAllowed, NotPossible
from applications.models import Application, Licence, LicenceReminder
from applications.states import State
from identity.models import User
from sync.models import Outbox
from tests.applications.licence_life import ask, changes_of, grant, reviewed
from tests.applications.test_crossing import facts
from tests.factories import moment
from tests.helpers import move
from tests.people import login

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_rendering")]
IN_TIME, LAST_DAY_IN_TIME, LATE = "2029-01-15 10:00", "2029-02-02 23:59", "2029-02-03 00:01"
EXPIRY = date(2029, 3, 4)


@pytest.fixture
def licence(awaiting_decision: Application, approver: User, clerk: User) -> Licence:
    found = grant(awaiting_decision, approver, clerk)
    assert found.valid_to == EXPIRY
    return found


def test_c20_a_granted_renewal_goes_on_from_the_old_last_day_with_the_same_number(
    licence: Licence, wang_fang: User, clerk: User, reviewer: User, approver: User
) -> None:
    old_face, number = licence.document_id, licence.number
    case = reviewed(ask(licence, wang_fang, "renewal", IN_TIME), clerk, reviewer, "2029-01-16 10:00")
    case = move(case, "grant", by=approver, at="2029-01-17 10:00")
    licence.refresh_from_db()
    assert (licence.valid_from, licence.valid_to) == (date(2026, 3, 5), date(2032, 3, 4))
    assert (licence.number, licence.version, licence.document_id != old_face) == (number, 2, True)
    assert changes_of(licence) == [("renewed", 2, {"有效期至": "2029年3月4日"}, {"有效期至": "2032年3月4日"})]
    decision = case.documents.get(kind="renewal")
    assert decision.title == "准予延续行政许可决定书"
    assert (decision.content["old_valid_to"], decision.content["valid_from"]) == ("2029-03-04", "2029-03-05")
    assert not case.documents.filter(kind="grant").exists()
    assert licence.document.content["licence_number"] == number
    assert not Licence.objects.filter(application=case).exists()


def test_c20_silence_until_expiry_renews_whatever_the_stage(
    licence: Licence, wang_fang: User, clerk: User, reviewer: User
) -> None:
    case = move(ask(licence, wang_fang, "renewal", IN_TIME), "accept", by=clerk, at="2029-01-16 10:00")
    assert (case.renewal_due, case.title) == (EXPIRY, "小餐饮经营许可（延续）")
    assert tick.run(moment("2029-03-04 23:59")).renewed == []
    assert [tick.run(moment("2029-03-05 00:01")).renewed for _ in range(3)] == [[case.number], [], []]
    case.refresh_from_db()
    licence.refresh_from_db()
    assert (case.state, licence.valid_to) == (State.GRANTED, date(2032, 3, 4))
    paper = case.documents.get(kind="renewal")
    assert paper.content["deemed"] is True
    assert changes_of(licence)[0][0] == "deemed_renewed"
    event = case.events.get(action="deem_renewed")
    assert (event.actor_kind, "第五十条第二款" in event.note) == ("system", True)


def test_c20_a_pause_does_not_hold_up_the_expiry(
    licence: Licence, wang_fang: User, clerk: User, reviewer: User
) -> None:
    case = move(ask(licence, wang_fang, "renewal", IN_TIME), "accept", by=clerk, at="2029-01-16 10:00")
    case = move(case, "pass_on", by=clerk, at="2029-01-16 10:00")
    move(case, "pause", by=reviewer, at="2029-02-20 10:00", expected_days=60)
    assert tick.run(moment("2029-03-05 00:01")).renewed == [case.number]
    assert not case.pauses.filter(ended_on=None).exists()


def test_c20_five_silent_days_and_then_silence_until_expiry(licence: Licence, wang_fang: User) -> None:
    case = ask(licence, wang_fang, "renewal", IN_TIME)
    tick.run(moment("2029-03-05 09:00"))
    case.refresh_from_db()
    assert (case.state, case.accepted_on) == (State.GRANTED, date(2029, 1, 15))
    assert [one.action for one in case.events.all()][-2:] == ["deem_accepted", "deem_renewed"]


def test_c20_an_application_on_its_way_counts_from_the_outer_moment(licence: Licence, wang_fang: User) -> None:
    """C29: it arrives after the licence expired; filed in time, it renews all the same."""
    tick.run(moment("2029-03-20 09:00"))
    case = ask(licence, wang_fang, "renewal", IN_TIME)
    assert tick.run(moment("2029-03-21 09:00")).renewed == [case.number]


def test_c20_what_was_filed_late_is_taken_but_silence_does_not_renew_it(
    licence: Licence, wang_fang: User, clerk: User, reviewer: User, approver: User
) -> None:
    case = ask(licence, wang_fang, "renewal", LATE)
    assert case.renewal_due is None
    assert tick.run(moment("2029-03-05 09:00")).renewed == []
    case.refresh_from_db()
    case = move(case, "pass_on", by=clerk, at="2029-03-05 10:00")
    case = move(case, "pass_on", by=reviewer, at="2029-03-05 10:00")
    move(case, "grant", by=approver, at="2029-03-06 10:00")
    licence.refresh_from_db()
    assert licence.valid_to == date(2032, 3, 4)


def test_c20_the_last_day_in_time_is_thirty_natural_days_before(licence: Licence, wang_fang: User) -> None:
    assert licence_terms.ask_until(licence) == date(2029, 2, 2)
    assert licence_filing.late_warning(licence, date(2029, 2, 2)) == ""
    assert "不会视为准予延续" in licence_filing.late_warning(licence, date(2029, 2, 3))
    assert ask(licence, wang_fang, "renewal", LAST_DAY_IN_TIME).renewal_due == EXPIRY


def test_c20_the_office_sees_a_red_mark(licence: Licence, wang_fang: User, clerk: User) -> None:
    case = ask(licence, wang_fang, "renewal", IN_TIME)
    url = reverse("applications:staff-case", args=[case.number])
    assert "红牌" not in login(clerk).get(url).content.decode()
    tick.run(moment("2029-03-05 09:00"))
    assert "红牌：届满前没有作出决定" in login(clerk).get(url).content.decode()


def test_only_time_or_the_window_confirms_the_silence(
    licence: Licence, wang_fang: User, clerk: User, reviewer: User, outsider: User
) -> None:
    case = ask(licence, wang_fang, "renewal", IN_TIME)
    for nobody in (reviewer, outsider):
        with pytest.raises(NotAllowed):
            move(case, "deem_renewed", by=nobody, at="2029-03-05 10:00")
    with pytest.raises(NotPossible, match="还没有届满"):
        move(case, "deem_renewed", by=clerk, at="2029-03-04 10:00")
    assert move(case, "deem_renewed", by=clerk, at="2029-03-05 10:00").state == State.GRANTED


def test_a_new_application_is_never_renewed(received: Application, clerk: User) -> None:
    with pytest.raises(NotPossible, match="不是按时提出的延续申请"):
        move(received, "deem_renewed", by=clerk, at="2029-03-05 10:00")


def test_after_the_expiry_it_cannot_be_refused_any_more(
    licence: Licence, wang_fang: User, clerk: User, reviewer: User, approver: User
) -> None:
    case = reviewed(ask(licence, wang_fang, "renewal", IN_TIME), clerk, reviewer, "2029-01-16 10:00")
    with pytest.raises(NotPossible, match="已视为准予延续"):
        move(case, "refuse", by=approver, at="2029-03-05 10:00")
    assert move(case, "refuse", by=approver, at="2029-03-02 10:00").state == State.REFUSED
    licence.refresh_from_db()
    assert licence.valid_to == EXPIRY
    assert not licence.changes.exists()


def test_a_revoked_licence_is_not_renewed(
    licence: Licence, wang_fang: User, clerk: User, reviewer: User, approver: User
) -> None:
    case = reviewed(ask(licence, wang_fang, "renewal", IN_TIME), clerk, reviewer, "2029-01-16 10:00")
    Licence.objects.update(standing="revoked")
    with pytest.raises(NotPossible, match="已撤销，不能再延续"):
        move(case, "grant", by=approver, at="2029-01-17 10:00")
    assert tick.run(moment("2029-03-05 09:00")).renewed == []


def test_an_expired_licence_or_one_already_being_renewed_cannot_be_asked_for(licence: Licence, wang_fang: User) -> None:
    with pytest.raises(DataMissing, match="有效期已经届满"):
        ask(licence, wang_fang, "renewal", "2029-03-05 10:00")
    case = ask(licence, wang_fang, "renewal", IN_TIME)
    with pytest.raises(DataMissing, match=f"{case.number}）正在办理"):
        ask(licence, wang_fang, "renewal", IN_TIME)


def test_the_desk_sees_the_expiry_as_a_limit(licence: Licence, wang_fang: User, clerk: User) -> None:
    case = ask(licence, wang_fang, "renewal", LAST_DAY_IN_TIME)
    Application.objects.filter(pk=case.pk).update(renewal_due="2029-02-07")
    assert move(case, "accept", by=clerk, at="2029-02-05 10:00").next_due == date(2029, 2, 7)


def test_the_fact_carries_history_and_the_other_side_renews_by_the_same_move(
    licence: Licence, wang_fang: User, settings: Any
) -> None:
    case = ask(licence, wang_fang, "renewal", IN_TIME)
    submitted = facts("application.submitted")[-1].payload
    assert (submitted["purpose"], submitted["about_licence"]) == ("renewal", str(licence.uid))
    tick.run(moment("2029-03-05 09:00"))
    told = facts("application.moved")[-1].payload
    assert (told["action"], told["to_state"]) == ("deem_renewed", "GRANTED")
    before = len(facts("licence.changed"))
    issue.mark_ready(case.documents.get(kind="licence"), b"%PDF-1.7 second face")
    changed = facts("licence.changed")
    assert len(changed) == before + 1
    assert changed[-1].payload["valid_to"] == "2032-03-04"
    assert [row["kind"] for row in changed[-1].payload["changes"]] == ["deemed_renewed"]


# --- reminders
@pytest.mark.parametrize(
    ("today", "marks"),
    [
        (date(2028, 12, 3), []),
        (date(2028, 12, 4), [90]),
        (date(2029, 1, 3), [60]),
        (date(2029, 1, 18), [45]),
        (date(2029, 2, 2), [30]),
        (date(2029, 3, 4), [30]),
        (date(2029, 3, 5), []),
    ],
)
def test_c20_holders_are_reminded_at_90_60_45_and_30_days(licence: Licence, today: date, marks: list[int]) -> None:
    assert [one.days for one in licence_reminders.due_reminders(today)] == marks


def test_each_mark_is_given_once_and_silence_is_not_made_up_for_three_times(licence: Licence, settings: Any) -> None:
    settings.IS_OUTER, settings.HALL_SIDE = True, "outer"
    for day in ("2028-12-04", "2028-12-05", "2029-02-10", "2029-02-11"):
        tick.run(moment(f"{day} 09:00"))
    assert list(LicenceReminder.objects.values_list("days", flat=True)) == [90, 30]


def test_who_has_asked_is_left_in_peace(licence: Licence, wang_fang: User) -> None:
    ask(licence, wang_fang, "renewal", IN_TIME)
    assert licence_reminders.due_reminders(date(2029, 2, 2)) == []


def test_reminders_ask_two_questions_however_many(licence: Licence, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(2):
        (one,) = licence_reminders.due_reminders(date(2029, 2, 2))
        assert "2029年2月2日以前" in one.words


@given(left=st.integers(min_value=-10, max_value=400))
def test_the_mark_is_the_nearest_one_reached(left: int) -> None:
    from datetime import timedelta

    today = date(2029, 1, 1)
    mark = licence_reminders.mark_of(Licence(valid_to=today + timedelta(days=left)), today)
    assert (mark is None) == (left > 90)
    assert mark is None or left <= mark


def test_services_know_the_move(licence: Licence, wang_fang: User, clerk: User) -> None:
    case = ask(licence, wang_fang, "renewal", IN_TIME)
    moves = services.possible_moves(case, actors.staff(clerk), moment("2029-03-05 10:00"))
    assert "deem_renewed" in moves
    assert Outbox.objects.exists()
