"""The pages on which a version is submitted, reviewed, published and withdrawn."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from identity.models import Department
from matters.models import GuideVersion
from matters.reviewing import MOVES
from tests.conftest import switch_side
from tests.matters.versions import OPINION, TABLE, People, act, bring_to, written
from tests.people import login

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(settings: Settings) -> None:
    switch_side(settings, "inner")


def address(version: GuideVersion, name: str) -> str:
    return f"/catalogue/{version.matter.uid}/versions/{version.number}/{name}/"


def test_a_page_shows_what_it_does_and_does_it(office: None, people: People, market_bureau: Department) -> None:
    version = bring_to("approved", people, market_bureau)
    client = login(people["publisher"])
    page = client.get(address(version, "publish"))
    assert "发布后不能修改" in page.text
    day = timezone.localdate() + timedelta(days=3)
    answer = client.post(address(version, "publish"), {"seen": version.seen, "effective_on": str(day)}, follow=True)
    assert "已发布" in answer.text
    assert GuideVersion.objects.get().standing == "scheduled"


def test_the_reviewer_sees_the_differences_first(office: None, people: People, market_bureau: Department) -> None:
    bring_to("in_force", people, market_bureau)
    version = written(people, market_bureau, promised_limit={"value": 7, "unit": "G"})
    version = act(version, "submit", people["author"])
    page = login(people["editor"]).get(address(version, "approve")).text
    assert "<del>10</del><ins>7</ins>" in page


def test_problems_are_listed_instead_of_a_button(office: None, people: People, market_bureau: Department) -> None:
    version = written(people, market_bureau, conditions=[])
    client = login(people["author"])
    assert "申请条件至少要有一条" in client.get(address(version, "submit")).text
    assert client.post(address(version, "submit"), {"seen": version.seen}).status_code == 422


@pytest.mark.parametrize(
    ("who", "status"),
    [("author", 403), ("clerk", 403), ("housing publisher", 404), ("publisher", 302), ("centre publisher", 302)],
)
def test_who_may_use_the_page(who: str, status: int, office: None, people: People, market_bureau: Department) -> None:
    version = bring_to("approved", people, market_bureau)
    data = {"seen": version.seen, "effective_on": str(timezone.localdate())}
    assert login(people[who]).post(address(version, "publish"), data).status_code == status


def test_a_stale_page_keeps_what_was_typed(office: None, people: People, market_bureau: Department) -> None:
    version = bring_to("review", people, market_bureau)
    act(version, "take-back", people["author"])
    act(version, "submit", people["author"])
    client = login(people["editor"])
    answer = client.post(address(version, "send-back"), {"seen": version.seen, "opinion": OPINION})
    assert (answer.status_code, OPINION in answer.text) == (409, True)
    act(version, "take-back", people["author"])
    answer = client.post(address(version, "send-back"), {"seen": version.seen, "opinion": OPINION})
    assert (answer.status_code, OPINION in answer.text) == (409, True)


def test_an_opinion_that_is_missing_is_asked_for(office: None, people: People, market_bureau: Department) -> None:
    version = bring_to("review", people, market_bureau)
    answer = login(people["editor"]).post(address(version, "send-back"), {"seen": version.seen, "opinion": ""})
    assert (answer.status_code, "请写明退回的意见" in answer.text) == (422, True)


@pytest.mark.parametrize(
    "path", ["versions/1/nonsense/", "versions/7/submit/", "versions/1/diff/?with=99", "versions/1/diff/?with=x"]
)
def test_what_is_not_there_is_not_found(path: str, office: None, people: People, market_bureau: Department) -> None:
    version = bring_to("draft", people, market_bureau)
    assert login(people["author"]).get(f"/catalogue/{version.matter.uid}/{path}").status_code == 404


@pytest.mark.parametrize("standing", list(TABLE))
def test_the_matters_page_says_what_is_next(
    standing: str, office: None, people: People, market_bureau: Department
) -> None:
    version = bring_to(standing, people, market_bureau)
    offered: Callable[[str], str] = lambda who: login(people[who]).get(f"/catalogue/{version.matter.uid}/").text  # noqa: E731
    for name in MOVES:
        for who in ("author", "editor", "publisher"):
            is_allowed = who in TABLE[standing].get(name, set())
            assert (address(version, name) in offered(who)) is is_allowed, (name, who)
