"""A/B 角: posts of an absent colleague for named days, told in the name of the act; four eyes hold."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from applications import actors, services
from applications.errors import NotAllowed
from applications.models import Application
from identity import deputies
from identity.models import Department, Deputy, User
from tests import people
from tests.helpers import move
from tests.people import login


@pytest.fixture
def today() -> date:
    return timezone.localdate()


@pytest.fixture
def colleague(market_bureau: Department) -> User:
    return people.make_staff("zhangwei", "张伟", market_bureau, "clerk")


def stand_in(principal: User, deputy: User, today: date, days: int = 3) -> Deputy:
    return deputies.arrange(
        principal, deputy, begins=today, ends=today + timedelta(days=days), reason="年休假", by=principal, today=today
    )


def test_the_deputy_holds_the_posts_and_is_named_with_the_principal(
    in_review: Application, reviewer: User, colleague: User, today: date
) -> None:
    with pytest.raises(NotAllowed):
        move(in_review, "pass_on", by=colleague, at="2026-03-04 10:00")
    stand_in(reviewer, colleague, today)
    case = move(in_review, "pass_on", by=colleague, at="2026-03-04 10:00")
    assert case.events.latest("place").actor_name == "张伟（代刘洋）"


def test_ones_own_post_needs_no_other_name(received: Application, reviewer: User, colleague: User, today: date) -> None:
    stand_in(reviewer, colleague, today)
    assert move(received, "accept", by=colleague).events.latest("place").actor_name == "张伟"


def test_who_reviewed_for_somebody_does_not_decide_for_somebody(
    in_review: Application, reviewer: User, approver: User, colleague: User, today: date
) -> None:
    stand_in(reviewer, colleague, today)
    stand_in(approver, colleague, today)
    case = move(in_review, "pass_on", by=colleague, at="2026-03-04 10:00")
    with pytest.raises(NotAllowed, match="另一位工作人员"):
        move(case, "grant", by=colleague, at="2026-03-05 10:00")


def test_only_in_those_days_and_until_it_is_ended(reviewer: User, colleague: User, today: date) -> None:
    arranged = stand_in(reviewer, colleague, today)
    assert "reviewer" in {role for _, role in actors.staff(colleague).posts}
    deputies.end(arranged, by=reviewer, today=today)
    assert "reviewer" not in {role for _, role in actors.staff(colleague).posts}
    assert not deputies.end(arranged, by=reviewer, today=today)
    Deputy.objects.filter(pk=arranged.pk).update(ended_on=None, begins=today + timedelta(days=1))
    assert "reviewer" not in {role for _, role in actors.staff(colleague).posts}


def test_deputised_posts_are_not_passed_on(
    reviewer: User, colleague: User, approver: User, clerk: User, today: date
) -> None:
    """Who is away stands in for nobody; posts that are held for somebody go no further."""
    stand_in(reviewer, colleague, today)
    with pytest.raises(ValidationError) as refused:
        deputies.arrange(approver, reviewer, begins=today, ends=today, reason="开会", by=approver, today=today)
    assert "deputy" in refused.value.message_dict
    Deputy.objects.create(principal=colleague, deputy=clerk, begins=today, ends=today, reason="病假", set_by=colleague)
    assert "reviewer" not in {role for _, role in actors.staff(clerk).posts}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"begins": -1}, "begins"),
        ({"ends": -1}, "ends"),
        ({"ends": 93}, "ends"),
        ({"reason": " "}, "reason"),
        ({"deputy": "outsider"}, "deputy"),
        ({"by": "clerk"}, "principal"),
    ],
)
def test_what_cannot_be_arranged(
    reviewer: User, colleague: User, outsider: User, clerk: User, today: date, change: dict[str, object], field: str
) -> None:
    begins, ends = (today + timedelta(days=int(str(change.get(name, 0)))) for name in ("begins", "ends"))
    with pytest.raises(ValidationError) as refused:
        deputies.arrange(
            reviewer,
            outsider if change.get("deputy") else colleague,
            begins=begins,
            ends=ends,
            reason=str(change.get("reason", "年休假")),
            by=clerk if change.get("by") else reviewer,
            today=today,
        )
    assert field in refused.value.message_dict


def test_the_leader_arranges_it_for_the_department(
    on_inner: str, reviewer: User, colleague: User, approver: User, outsider: User, today: date
) -> None:
    typed = {
        "principal": reviewer.pk,
        "deputy": colleague.pk,
        "begins": today.isoformat(),
        "ends": today.isoformat(),
        "reason": "出差",
    }
    browser = login(approver)
    assert browser.post("/account/deputies/", typed | {"reason": ""}).status_code == 422
    assert browser.post("/account/deputies/", typed).status_code == 302
    assert "张伟 代 刘洋" in browser.get("/account/deputies/").content.decode()
    row = Deputy.objects.get()
    assert login(outsider).post(f"/account/deputies/{row.pk}/end/").status_code == 404
    assert browser.post(f"/account/deputies/{row.pk}/end/").status_code == 302
    row.refresh_from_db()
    assert row.ended_on == today


def test_moves_of_a_deputy_are_offered(in_review: Application, reviewer: User, colleague: User, today: date) -> None:
    assert "pass_on" not in services.possible_moves(in_review, actors.staff(colleague))
    stand_in(reviewer, colleague, today)
    assert "pass_on" in services.possible_moves(in_review, actors.staff(colleague))
