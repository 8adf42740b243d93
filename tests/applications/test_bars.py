"""C23, 行政许可法 78 and 79: warning, one year, three years; known on both sides."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from applications import actors, bars, drafts, grounds, licence_handlers, licences
from applications.errors import DataMissing, NotAllowed, NotPossible
from applications.models import Application, Bar
from identity.models import Department, User
from matters.models import Matter
from tests import factories
from tests.applications.licence_life import grant
from tests.applications.test_crossing import facts
from tests.factories import moment
from tests.helpers import move
from tests.people import login

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_rendering")]
AT = "2026-03-05 11:00"


@pytest.fixture
def matter(market_bureau: Department) -> Matter:
    """A matter of public and personal safety."""
    return factories.matter(market_bureau, header={"public_safety": True})


@pytest.fixture
def refused(awaiting_decision: Application, approver: User) -> Application:
    return move(awaiting_decision, "refuse", by=approver, at="2026-03-05 10:00")


def impose(case: Application, by: User, ground: str = "false_materials", reason: str = "场所证明系伪造。") -> Bar:
    return bars.impose(case.pk, actor=actors.staff(by), ground=ground, reason=reason, at=moment(AT))


def test_c23_false_materials_bar_for_a_year(refused: Application, approver: User) -> None:
    bar = impose(refused, approver)
    assert (bar.begins, bar.ends) == (date(2026, 3, 5), date(2027, 3, 5))
    who, matter = refused.applicant_id_hash, refused.matter
    assert bars.is_barred(who, matter, date(2027, 3, 5)) == bar
    assert bars.is_barred(who, matter, date(2027, 3, 6)) is None
    assert bars.is_barred(who, matter, date(2026, 3, 4)) is None
    assert bars.is_barred("somebody else", matter, date(2026, 6, 1)) is None
    assert bars.is_barred("", matter, date(2026, 6, 1)) is None
    paper = refused.documents.get(kind="bar")
    assert (paper.content["article"], paper.content["ends"]) == ("第七十八条", "2027-03-05")
    assert refused.events.get(action="bar").note == "给予警告，2027年3月5日前不得再次申请本事项。"


def test_c23_fraud_bars_for_three_years_after_the_revocation(
    awaiting_decision: Application, approver: User, clerk: User
) -> None:
    licence = grant(awaiting_decision, approver, clerk)
    with pytest.raises(NotPossible, match="先撤销"):
        impose(licence.application, approver, "fraud")
    licences.end(
        licence.pk, grounds.REVOKE, actor=actors.staff(approver), ground="fraud", reason="伪造。", at=moment(AT)
    )
    assert bars.possible(licence.application) == ["fraud"]
    assert impose(licence.application, approver, "fraud").ends == date(2029, 3, 5)


def test_c23_a_matter_that_touches_no_safety_knows_the_warning_only(
    market_bureau: Department, wang_fang: User, clerk: User, reviewer: User, approver: User, on_inner: str
) -> None:
    case = factories.submitted(
        wang_fang, factories.matter(market_bureau, header={"code": "YC-TEST-0002", "public_safety": False})
    )
    move(case, "refuse_intake", by=clerk)
    bar = impose(case, approver)
    assert bar.ends is None
    assert bars.is_barred(case.applicant_id_hash, case.matter, date(2026, 6, 1)) is None
    assert case.events.get(action="bar").note == "给予警告。"


def test_c23_the_outer_side_says_so_before_anything_is_filled_in(
    refused: Application, approver: User, wang_fang: User, zhou_dahai: User, matter: Matter
) -> None:
    impose(refused, approver)
    Bar.objects.update(ends="2099-01-01")
    with pytest.raises(NotPossible, match="2099年1月1日不得再次申请"):
        drafts.begin(factories.applicant(wang_fang), matter)
    assert drafts.begin(factories.applicant(zhou_dahai), matter).pk


def test_c23_a_draft_begun_before_is_not_submitted(
    refused: Application, approver: User, wang_fang: User, matter: Matter
) -> None:
    draft = factories.draft(wang_fang, matter)
    impose(refused, approver)
    with pytest.raises(DataMissing) as stopped:
        factories.file_draft(draft, wang_fang, "2026-03-06 10:00")
    assert "barred" in stopped.value.fields


def test_c23_the_inner_side_does_not_accept_what_crossed_before(
    refused: Application, approver: User, clerk: User, wang_fang: User, matter: Matter
) -> None:
    case = factories.submitted(wang_fang, matter, "2026-03-04 10:00")
    bar = impose(refused, approver)
    with pytest.raises(NotPossible, match="不得再次申请"):
        move(case, "accept", by=clerk, at="2026-03-06 10:00")
    bars.lift(bar.pk, actor=actors.staff(approver), reason="申辩成立。", at=moment("2026-03-06 11:00"))
    assert move(case, "accept", by=clerk, at="2026-03-06 12:00").state == "ACCEPTED"


def test_a_bar_is_lifted_with_a_reason_once(refused: Application, approver: User, clerk: User) -> None:
    bar = impose(refused, approver)
    with pytest.raises(NotAllowed):
        bars.lift(bar.pk, actor=actors.staff(clerk), reason="x", at=moment(AT))
    with pytest.raises(DataMissing):
        bars.lift(bar.pk, actor=actors.staff(approver), reason=" ", at=moment(AT))
    bars.lift(bar.pk, actor=actors.staff(approver), reason="申辩成立。", at=moment(AT))
    with pytest.raises(NotPossible):
        bars.lift(bar.pk, actor=actors.staff(approver), reason="再来一次", at=moment(AT))
    assert refused.events.filter(action="bar_lift").count() == 1
    assert facts("bar.changed")[-1].payload["lifted_reason"] == "申辩成立。"


def test_only_an_approver_of_the_department(refused: Application, clerk: User, outsider: User) -> None:
    for nobody in (clerk, outsider):
        with pytest.raises(NotAllowed):
            impose(refused, nobody)


def test_not_before_the_decision_not_twice_not_without_words(awaiting_decision: Application, approver: User) -> None:
    with pytest.raises(NotPossible, match="先作出不予受理或者不予许可的决定"):
        impose(awaiting_decision, approver)
    case = move(awaiting_decision, "refuse", by=approver, at="2026-03-05 10:00")
    for ground, reason in (("false_materials", " "), ("because", "x")):
        with pytest.raises(DataMissing):
            impose(case, approver, ground, reason)
    impose(case, approver)
    with pytest.raises(NotPossible, match="已经"):
        impose(case, approver)


def test_it_crosses_without_the_hash_and_follows(refused: Application, approver: User) -> None:
    bar = impose(refused, approver)
    (fact,) = facts("bar.changed")
    assert refused.applicant_id_hash not in str(fact.payload)
    Bar.objects.all().delete()
    for _ in range(2):
        licence_handlers.bar_changed(fact)
    again = Bar.objects.get()
    assert (again.uid, again.applicant_id_hash, again.ends) == (bar.uid, refused.applicant_id_hash, bar.ends)


@given(offset=st.integers(min_value=-30, max_value=400), lifted=st.none() | st.integers(min_value=0, max_value=365))
def test_in_force_is_exactly_the_days_between(offset: int, lifted: int | None, hypothesis_bar: Any) -> None:
    begins = date(2026, 3, 5)
    lifted_on = None if lifted is None else begins + timedelta(days=lifted)
    Bar.objects.filter(pk=hypothesis_bar.pk).update(lifted_on=lifted_on)
    day = begins + timedelta(days=offset)
    expected = begins <= day <= date(2027, 3, 5) and (lifted_on is None or day < lifted_on)
    assert Bar.objects.in_force(hypothesis_bar.applicant_id_hash, day).exists() is expected


@pytest.fixture
def hypothesis_bar(refused: Application, approver: User) -> Bar:
    return impose(refused, approver)


def test_the_list_asks_as_much_for_many_as_for_one(
    refused: Application, approver: User, zhou_dahai: User, matter: Matter, django_assert_num_queries: Any
) -> None:
    bar, client = impose(refused, approver), login(approver)
    client.get("/bars/")
    with CaptureQueriesContext(connection) as one:
        client.get("/bars/")
    for number in range(4):
        case = factories.submitted(zhou_dahai, matter)
        Bar.objects.create(
            application=case, applicant_id_hash=f"{number:064}", matter=matter, ground=bar.ground, begins=bar.begins
        )
    with django_assert_num_queries(len(one)):
        assert client.get("/bars/").context["page"].paginator.count == 5


@pytest.mark.parametrize("day", ["2026-03-04", "2026-03-05", "2026-09-01", "2027-03-05", "2027-03-06"])
def test_the_machine_and_the_list_agree_who_is_barred(awaiting_decision: Application, day: str) -> None:
    """Both ways of asking whether a bar holds, on the days around its borders, lifted or not, for others and for nobody."""
    on = date.fromisoformat(day)
    case = awaiting_decision
    made = {"application": case, "matter": case.matter, "ground": "fraud", "reason": "骗取", "by_name": "孙立"}
    bar = Bar.objects.create(
        applicant_id_hash=case.applicant_id_hash, begins=date(2026, 3, 5), ends=date(2027, 3, 5), **made
    )
    for lifted in (None, date(2026, 9, 1)):
        Bar.objects.filter(pk=bar.pk).update(lifted_on=lifted)
        bar.refresh_from_db()
        for who in (case.applicant_id_hash, "somebody else", ""):
            assert bar.holds(who, on) is Bar.objects.in_force(who, on).exists()
