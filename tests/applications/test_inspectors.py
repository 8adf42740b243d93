"""效能监察: an inspector watches the departments of the posts held, and strikes cases of those departments only."""

import pytest
from django.urls import reverse

from applications import actors, machine, queries
from applications.models import Application
from applications.states import State
from identity.models import Department, Role, User
from tests import factories
from tests.helpers import move
from tests.people import login, make_staff

pytestmark = pytest.mark.usefixtures("office_hours")


@pytest.fixture
def city_inspector(market_bureau: Department, housing_bureau: Department, hr_bureau: Department) -> User:
    """纪严 of the service bureau: a post as inspector in every department that is watched."""
    bureau = Department.objects.create(code="YC-ZWFW", name="云川市政务服务管理局", short_name="市政务服务局")
    user = make_staff("jiyan", "纪严", market_bureau)
    for department in (bureau, market_bureau, housing_bureau):
        user.posts.create(department=department, role=Role.INSPECTOR)
    return user


@pytest.fixture
def elsewhere(received: Application, housing_bureau: Department, wang_fang: User) -> Application:
    """A case of 住建局 that has nothing to do with 市场监管局."""
    matter = factories.matter(housing_bureau, header={"code": "YC-TEST-0002"}, matter_name="施工许可")
    return factories.submitted(wang_fang, matter)


def seen_by(user: User) -> set[str]:
    answer = login(user).get(reverse("api-staff:applications"), {"tab": "all"})
    return {row["number"] for row in answer.json()["results"]}


def offered(case: Application, user: User) -> set[str]:
    return {row["action"] for row in login(user).get(reverse("api-staff:moves", args=[case.number])).json()}


def test_posts_in_many_departments_watch_many(
    received: Application, elsewhere: Application, city_inspector: User, inspector: User
) -> None:
    assert seen_by(city_inspector) == {received.number, elsewhere.number}
    assert seen_by(inspector) == {received.number}


def test_watching_begins_with_what_is_running_not_with_an_empty_desk(received: Application, inspector: User) -> None:
    page = login(inspector).get(reverse("applications:worklist"))
    assert [row.case for row in page.context["rows"]] == [received]


def test_what_an_inspector_sees_by_a_post_an_inspector_may_strike(
    received: Application, elsewhere: Application, city_inspector: User
) -> None:
    actor = actors.staff(city_inspector)
    cases = list(queries.visible_to(actor))
    assert len(cases) == 2
    assert all(machine.permitted(case, "void", actor) for case in cases)
    assert offered(elsewhere, city_inspector) == {"void"}


def test_void_by_the_page(elsewhere: Application, city_inspector: User) -> None:
    url = reverse("applications:staff-move", args=[elsewhere.number, "void"])
    data = {"seen": elsewhere.seen, "reason": "与同日提交的另一件重复。", "confirmed": "1"}
    assert login(city_inspector).post(url, data).status_code == 302
    elsewhere.refresh_from_db()
    assert (elsewhere.state, elsewhere.finish_kind) == (State.VOIDED, "2")


def test_an_inspector_of_another_department_sees_nothing(elsewhere: Application, inspector: User) -> None:
    url = reverse("applications:staff-move", args=[elsewhere.number, "void"])
    assert login(inspector).post(url, {"seen": elsewhere.seen, "reason": "重复"}).status_code == 404


def test_a_step_lets_an_inspector_watch_but_not_strike(
    on_inner: str, market_bureau: Department, housing_bureau: Department, wang_fang: User, clerk: User
) -> None:
    steps = factories.content(market_bureau)["guide"]["procedure"]
    both = steps[2] | {"department": housing_bureau.name, "name": "消防设计审查"}
    matter = factories.matter(market_bureau, procedure=[*steps[:3], both, *steps[3:]])
    case = move(factories.submitted(wang_fang, matter), "accept", by=clerk)
    watcher = make_staff("qinzheng", "秦正", housing_bureau, Role.INSPECTOR)
    assert seen_by(watcher) == {case.number}
    assert offered(case, watcher) == set()
    url = reverse("api-staff:moves", args=[case.number])
    answer = login(watcher).post(url, {"action": "void", "seen": case.seen, "reason": "重复"}, "application/json")
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
