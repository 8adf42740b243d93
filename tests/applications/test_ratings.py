"""好差评: once a case, after the end; a bad mark opens a case of its own that is called back, mended and answered in time."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from applications import actors, services
from applications.errors import DataMissing, NotAllowed, NotPossible
from applications.models import Application, Event, Rating, Remedy
from applications.ratings import giving, queries, remedies, sync_handlers
from identity.models import Department, User
from identity.numbers import clean_callback
from sync.models import Outbox
from sync.registry import Fact, Reject
from tests import factories
from tests.applications.test_crossing import facts
from tests.conftest import switch_side
from tests.factories import moment
from tests.helpers import move
from tests.people import login

pytestmark = pytest.mark.django_db
SAMPLES = Path(__file__).parents[1] / "sync" / "samples"
RATED_AT = moment("2026-03-10 10:00")


@pytest.fixture
def ended(on_outer: str, market_bureau: Department, wang_fang: User) -> Application:
    """Withdrawn on 3 March: it has an end."""
    case = factories.file_draft(factories.draft(wang_fang, factories.matter(market_bureau)), wang_fang)
    case = move(case, "receive", by=None, at="2026-03-02 10:01")
    return services.perform(
        case.pk, "withdraw", actor=actors.applicant(wang_fang), seen=None, at=moment("2026-03-03 10:00"), render=False
    )


def give(case: Application, by: User, grade: int = 5, **more: Any) -> Rating:
    return giving.give(case, actor=actors.applicant(by), grade=grade, at=RATED_AT, **more)


@pytest.fixture
def bad(ended: Application, wang_fang: User, settings: Any) -> Remedy:
    """A bad mark with a telephone number, arrived inside on Tuesday 10 March."""
    give(ended, wang_fang, text="等了很久没有人答复。", contact_name="王女士", contact_phone="13900010001")
    fact = arrived("rating.given")
    Rating.objects.all().delete()
    switch_side(settings, "inner")
    sync_handlers.given(fact)
    return Remedy.objects.get()


def arrived(topic: str) -> Fact:
    """The last fact of a topic, as it reaches the other side."""
    fact = facts(topic)[-1]
    return Fact(fact.topic, 1, fact.key, 1, 1, fact.payload, [], RATED_AT)


def test_a_rating_is_given_once_and_for_ever(ended: Application, wang_fang: User) -> None:
    rating = give(ended, wang_fang, grade=2, aspects={"efficiency": 1})
    assert (rating.get_grade_display(), rating.is_bad) == ("满意", False)
    with pytest.raises(NotPossible, match="只评价一次"):
        give(ended, wang_fang)
    assert Rating.objects.count() == 1


def test_nothing_is_rated_before_its_end(on_outer: str, market_bureau: Department, wang_fang: User) -> None:
    case = factories.file_draft(factories.draft(wang_fang, factories.matter(market_bureau)), wang_fang)
    with pytest.raises(NotPossible, match="办结以后"):
        give(case, wang_fang)


@pytest.mark.parametrize("wrong", [{"grade": 6}, {"grade": 0}, {"aspects": {"speed": 1}}, {"aspects": {"ease": 9}}])
def test_a_grade_that_is_none_is_refused(ended: Application, wang_fang: User, wrong: dict[str, Any]) -> None:
    with pytest.raises(DataMissing):
        give(ended, wang_fang, **wrong)
    assert not Rating.objects.exists()


def test_the_record_says_that_it_was_rated_but_not_how(ended: Application, wang_fang: User) -> None:
    give(ended, wang_fang, text="不好")
    event = Event.objects.get(application=ended, action="rate")
    assert (event.note, event.data, event.is_move) == ("", {}, False)
    assert Outbox.objects.filter(topic="rating.given").count() == 1


def test_the_account_page_rates_only_ones_own_case(ended: Application, wang_fang: User, stranger: User) -> None:
    address = f"/my/{ended.uid}/rate/"
    assert login(stranger).get(address).status_code == 404
    assert "您对这次办事满意吗" in login(wang_fang).get(address).content.decode()
    assert login(wang_fang).post(address, {"text": "好"}).status_code == 422
    answer = login(wang_fang).post(address, {"grade": "1", "aspect-ease": "2", "text": "好"}, follow=True)
    assert "谢谢您的评价" in answer.content.decode()
    assert "我的评价" in answer.content.decode()
    assert Rating.objects.get().aspects == {"ease": 2}


def test_whoever_holds_number_and_code_may_rate(ended: Application) -> None:
    client, receipt = Client(), {"number": ended.number, "code": ended.query_code}
    assert "评价这次办事" in client.post("/status/", receipt).content.decode()
    assert "您对这次办事满意吗" in client.post("/status/rate/", receipt).content.decode()
    assert client.post("/status/rate/", receipt | {"sent": "1"}).status_code == 422
    client.post("/status/rate/", receipt | {"sent": "1", "grade": "3"})
    assert Rating.objects.get().grade == 3
    assert client.post("/status/rate/", {"number": ended.number, "code": "AAAAAA"}).status_code == 404


@pytest.mark.parametrize("number", ["13900010001", "+86 139 0001 0001", "0839-5550100", ""])
def test_numbers_that_can_be_called(number: str) -> None:
    assert clean_callback(number) == number.replace("+86", "").replace(" ", "").replace("-", "")


@pytest.mark.parametrize("number", ["12345", "1390001000", "张三"])
def test_numbers_that_cannot(number: str) -> None:
    with pytest.raises(ValidationError):
        clean_callback(number)


def test_a_good_mark_opens_nothing(ended: Application, wang_fang: User) -> None:
    give(ended, wang_fang, grade=3)
    fact = arrived("rating.given")
    Rating.objects.all().delete()
    sync_handlers.given(fact)
    assert (Rating.objects.count(), Remedy.objects.count()) == (1, 0)
    with pytest.raises(Reject, match="只评价一次"):
        sync_handlers.given(fact)


def test_facts_of_the_first_version_are_read_for_ever(ended: Application) -> None:
    given = json.loads((SAMPLES / "rating.given.v1.json").read_text()) | {"application": str(ended.uid)}
    sync_handlers.given(Fact("rating.given", 1, "", 1, 1, given, [], RATED_AT))
    rating = Rating.objects.get()
    assert (rating.grade, rating.contact_name, rating.given_at) == (4, "王女士", RATED_AT)
    answer = json.loads((SAMPLES / "rating.answered.v1.json").read_text())
    sync_handlers.answered(Fact("rating.answered", 1, "", 1, 1, answer, [], RATED_AT))
    assert Remedy.objects.get().answer == "已经增加值班人员。"


def test_a_bad_mark_has_five_working_days(bad: Remedy) -> None:
    assert (bad.opened_on.isoformat(), bad.due.isoformat()) == ("2026-03-10", "2026-03-17")


def test_it_is_called_back_before_it_is_answered(bad: Remedy, clerk: User, wang_fang: User) -> None:
    who = actors.staff(clerk)
    with pytest.raises(NotPossible, match="请先回访"):
        remedies.act(bad.pk, "answer", actor=who, text="已经改进。")
    remedies.act(bad.pk, "call_back", actor=who, text="电话核实，确实等了三天。", at=moment("2026-03-11 09:00"))
    done = remedies.act(bad.pk, "answer", actor=who, text="已经增加值班人员。", at=moment("2026-03-12 09:00"))
    assert (done.standing, done.called_back_on.isoformat()) == ("answered", "2026-03-11")  # type: ignore[union-attr]
    told = facts("rating.answered")[-1].payload
    assert told["answer"] == "已经增加值班人员。"
    assert "三天" not in str(told)
    assert remedies.possible(done, who) == []


def test_the_answer_reaches_the_rater(bad: Remedy, clerk: User, wang_fang: User, settings: Any) -> None:
    remedies.act(bad.pk, "call_back", actor=actors.staff(clerk), text="已回访。")
    remedies.act(bad.pk, "answer", actor=actors.staff(clerk), text="已经增加值班人员。")
    fact = facts("rating.answered")[-1]
    bad.steps.all().delete()
    bad.delete()
    switch_side(settings, "outer")
    sync_handlers.answered(fact)
    page = login(wang_fang).get(f"/my/{Application.objects.get().uid}/").content.decode()
    assert "已经增加值班人员。" in page


def test_a_hard_one_goes_on_the_ledger(bad: Remedy, clerk: User) -> None:
    hard = remedies.act(bad.pk, "put_on_ledger", actor=actors.staff(clerk), text="要改造大厅。")
    assert (hard.standing, hard.due.isoformat()) == ("hard", "2026-03-31")
    with pytest.raises(NotPossible):
        remedies.act(bad.pk, "put_on_ledger", actor=actors.staff(clerk), text="再来一次。")


def test_an_untrue_mark_is_judged_by_the_inspector(bad: Remedy, clerk: User, approver: User, inspector: User) -> None:
    with pytest.raises(NotAllowed):
        remedies.act(bad.pk, "contest", actor=actors.staff(clerk), text="没有这件事。")
    remedies.act(bad.pk, "contest", actor=actors.staff(approver), text="当天没有这位申请人的来电。")
    with pytest.raises(NotAllowed):
        remedies.act(bad.pk, "set_aside", actor=actors.staff(approver), text="不计。")
    ended = remedies.act(bad.pk, "set_aside", actor=actors.staff(inspector), text="录音可以证明。")
    assert ended.standing == "set_aside"
    assert not queries.counted().exists()
    assert sum(row["number"] for row in queries.distribution()) == 0  # type: ignore[misc]


def test_another_department_neither_sees_nor_acts(bad: Remedy, outsider: User) -> None:
    with pytest.raises(NotAllowed):
        remedies.act(bad.pk, "call_back", actor=actors.staff(outsider), text="回访。")
    assert login(outsider).get(f"/ratings/{bad.rating.uid}/").status_code == 404


def test_nothing_is_done_without_words(bad: Remedy, clerk: User) -> None:
    with pytest.raises(DataMissing):
        remedies.act(bad.pk, "call_back", actor=actors.staff(clerk), text="  ")
    with pytest.raises(NotPossible):
        remedies.act(bad.pk, "burn", actor=actors.staff(clerk), text="x")
    assert not bad.steps.exists()
    assert not Event.objects.filter(action="remedy").exists()


def test_the_officers_pages(bad: Remedy, clerk: User) -> None:
    page = login(clerk).get("/ratings/").content.decode()
    assert "非常不满意" in page
    address = f"/ratings/{bad.rating.uid}/"
    shown = login(clerk).get(address).content.decode()
    assert "13900010001" in shown
    assert "整改完成，答复" not in shown  # the call comes first
    login(clerk).post(address, {"act": "call_back", "text": "已回访。"})
    answer = login(clerk).post(address, {"act": "answer", "text": "已经改进。"}, follow=True).content.decode()
    assert "已整改答复" in answer
    assert "13900010001" not in answer  # kept for the call alone


def test_the_list_asks_as_much_for_many_as_for_one(
    ended: Application, wang_fang: User, clerk: User, settings: Any, django_assert_num_queries: Any
) -> None:
    give(ended, wang_fang)
    switch_side(settings, "inner")
    client = login(clerk)
    client.get("/ratings/?tab=all")
    with CaptureQueriesContext(connection) as one:
        client.get("/ratings/?tab=all")
    for number in range(5):
        case = factories.submitted(wang_fang, ended.matter)
        Rating.objects.create(application=case, grade=number % 5 + 1, given_at=RATED_AT)
    with django_assert_num_queries(len(one)):
        assert "6" in client.get("/ratings/?tab=all").content.decode()
