"""Who is working on a case: told to colleagues before they begin, and given up with the case."""

import pytest
from django.urls import reverse

from applications.models import Application
from identity.models import Department, Role, User
from tests.people import login, make_staff

pytestmark = pytest.mark.usefixtures("office_hours")


@pytest.fixture
def second_clerk(market_bureau: Department) -> User:
    """周晴, at the window beside 陈静's."""
    return make_staff("zhouqing", "周晴", market_bureau, Role.CLERK)


def claim(case: Application, user: User, **data: str) -> str:
    """Press the button; the page that follows."""
    url = reverse("applications:staff-claim", args=[case.number])
    return login(user).post(url, data, follow=True).content.decode()


def act(case: Application, user: User, action: str, **data: str) -> None:
    case.refresh_from_db()
    url = reverse("applications:staff-move", args=[case.number, action])
    assert login(user).post(url, {"seen": case.seen, "confirmed": "1"} | data).status_code == 302


def handler(case: Application) -> User | None:
    case.refresh_from_db()
    return case.handler


def test_a_claim_is_told_on_the_case_on_the_form_and_in_the_list(
    received: Application, clerk: User, second_clerk: User
) -> None:
    claim(received, clerk)
    client = login(second_clerk)
    assert "陈静 正在办理这件申请" in client.get(f"/work/{received.number}/").content.decode()
    assert "陈静 正在办理这件申请" in client.get(f"/work/{received.number}/moves/refuse_intake/").content.decode()
    assert "陈静" in client.get("/work/").content.decode()


def test_of_two_who_claim_at_once_the_second_is_told(received: Application, clerk: User, second_clerk: User) -> None:
    claim(received, clerk, shown="")
    assert "陈静刚刚认领了这件申请" in claim(received, second_clerk, shown="")
    assert handler(received) == clerk


def test_a_claim_is_taken_over_knowingly(received: Application, clerk: User, second_clerk: User) -> None:
    claim(received, clerk)
    claim(received, second_clerk, shown=str(clerk.pk))
    assert handler(received) == second_clerk


def test_a_claim_is_put_back_by_its_holder_only(received: Application, clerk: User, second_clerk: User) -> None:
    claim(received, clerk)
    claim(received, second_clerk, put_back="1")
    assert handler(received) == clerk
    claim(received, clerk, put_back="1")
    assert handler(received) is None


def test_who_can_do_nothing_claims_nothing(received: Application, reviewer: User, inspector: User) -> None:
    assert "不用认领" in claim(received, reviewer)
    assert "不用认领" in claim(received, inspector)  # voiding is no desk work
    assert handler(received) is None


def test_a_claim_needs_a_post_request(received: Application, clerk: User) -> None:
    assert login(clerk).get(reverse("applications:staff-claim", args=[received.number])).status_code == 405


def test_acting_takes_the_case_and_passing_it_on_gives_it_up(
    received: Application, clerk: User, second_clerk: User
) -> None:
    claim(received, second_clerk)
    act(received, clerk, "accept")
    assert handler(received) == clerk
    act(received, clerk, "pass_on", opinion="材料齐全。")
    assert handler(received) is None


def test_an_extension_leaves_the_reviewers_claim(in_review: Application, reviewer: User, approver: User) -> None:
    claim(in_review, reviewer)
    act(in_review, approver, "extend", reason="需要补充核查。")
    assert handler(in_review) == reviewer


def test_the_interface_settles_claims_too(received: Application, clerk: User) -> None:
    url = reverse("api-staff:moves", args=[received.number])
    login(clerk).post(url, {"action": "accept", "seen": received.seen}, "application/json")
    assert handler(received) == clerk
