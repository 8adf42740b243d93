"""The demo's history, played on one database: what crosses the gap is carried by hand here (tests/stories use real batches)."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import override_settings
from django.utils import timezone
from pytest_django import DjangoDbBlocker, Settings

from applications import actors, requests, services, tick
from applications.models import Application, Document, Event
from applications.models.request import Request, RequestState
from applications.states import State
from hall.demo import fates, history_inner, history_outer, loader, officetime, traffic
from hall.demo.filing import DemoIncomplete
from hall.demo.playing import Player, Staff
from matters import calendar
from tests.conftest import switch_side

pytestmark = pytest.mark.django_db
COUNT = len(fates.ON_THE_DESKS) + 4
ASLEEP = {State.DRAFT, State.SUBMITTED}


def silent(line: str) -> None:
    """Say nothing."""


@pytest.fixture(scope="module")
def loaded(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """Both halves of the city in one database, once for all tests here."""
    folder = tmp_path_factory.mktemp("demo")
    with django_db_blocker.unblock(), transaction.atomic():
        for side in ("inner", "outer"):
            with override_settings(HALL_SIDE=side, IS_OUTER=side == "outer", HALL_DATA_DIR=folder):
                loader.load(silent)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def hall(loaded: None, settings: Settings) -> Settings:
    """The loaded city; what a test does is undone."""
    return settings


def arrive(now: datetime) -> None:
    """What the importer does on the inner side."""
    for case in Application.objects.filter(state=State.SUBMITTED).order_by("submitted_at"):
        services.perform(case.pk, "receive", actor=actors.system(), seen=None, at=case.submitted_at, render=False)
    for request in Request.objects.filter(standing=RequestState.SENT):
        requests.answer(request)


def play_all(settings: Settings, now: datetime) -> None:
    for _round in range(2):
        switch_side(settings, "outer")
        history_outer.submit(COUNT, silent, now=now)
        switch_side(settings, "inner")
        arrive(now)
        history_inner.play(silent, now=now)
    switch_side(settings, "outer")
    history_outer.submit(COUNT, silent, now=now)  # some say how it was
    switch_side(settings, "inner")


def test_desks_show_every_state(hall: Settings) -> None:
    now = timezone.now()
    play_all(hall, now)
    states = Counter(Application.objects.values_list("state", flat=True))
    assert set(State) - ASLEEP <= set(states)
    for case in Application.objects.exclude(state=State.DRAFT):
        stop = fates.fate_of(fates.number_of(case.uid)).stop
        assert stop is None or case.state == stop
    assert {"pause", "extend"} <= set(Event.objects.values_list("action", flat=True))
    assert Application.objects.filter(state=State.IN_REVIEW, promise_due__lt=timezone.localdate(now)).exists()
    assert Application.objects.filter(state=State.IN_REVIEW, law_due__lt=timezone.localdate(now)).exists()
    # Again: nothing is filed or played twice.
    before = (Application.objects.count(), Event.objects.count(), Request.objects.count())
    play_all(hall, now)
    assert (Application.objects.count(), Event.objects.count(), Request.objects.count()) == before


def test_at_midnight_and_after_time_has_moved_the_desks_are_as_they_shall_be(hall: Settings) -> None:
    """Built before the office opens, and looked at after ``tick``: nothing has lapsed that a visitor should find."""
    now = timezone.localtime().replace(hour=0, minute=7)
    play_all(hall, now)
    done = tick.Done()
    for due in tick.TIME_MADE:
        tick._move_each(due, done, now)
    elsewhere = {
        str(case.uid): (fate.stop, case.state)
        for case in Application.objects.exclude(state=State.DRAFT)
        if (fate := fates.fate_of(fates.number_of(case.uid))).stop not in (None, case.state)
    }
    assert elsewhere == {}


def test_staff_act_in_office_hours_and_in_order(hall: Settings) -> None:
    now = timezone.now()
    play_all(hall, now)
    days = calendar.current()
    for event in Event.objects.filter(actor_kind="staff"):
        local = timezone.localtime(event.at)
        assert days.is_workday(local.date()), (event.action, local)
        assert 9 <= local.hour < 18, (event.action, local)
        assert event.at <= now
    for case in Application.objects.all():
        moments = list(case.events.moves().order_by("place").values_list("at", flat=True))
        assert moments == sorted(moments)
    assert not Document.objects.exclude(state="pending").exists()


def test_decisions_are_numbered_in_the_order_of_time(hall: Settings) -> None:
    play_all(hall, timezone.now())
    numbers: dict[str, list[int]] = {}
    for document in Document.objects.filter(kind__in=("grant", "refusal")).exclude(number="").order_by("created_at"):
        series, _, number = document.number.rpartition("〕")
        numbers.setdefault(series, []).append(int(number.rstrip("号")))
    assert numbers
    assert all(row == sorted(row) for row in numbers.values())


def test_a_fate_is_the_same_on_both_sides() -> None:
    assert [fates.fate_of(n) for n in range(200)] == [fates.fate_of(n) for n in range(200)]
    assert fates.number_of(fates.uid_of(123)) == 123
    with pytest.raises(ValueError, match="不是历史办件"):
        fates.number_of(uuid4())


def test_inner_waits_for_the_cases(hall: Settings) -> None:
    switch_side(hall, "inner")
    with pytest.raises(DemoIncomplete, match="外网"):
        history_inner.play(silent)


def test_nothing_happens_before_its_time(hall: Settings) -> None:
    long_ago = timezone.now() - timedelta(days=400)
    switch_side(hall, "outer")
    history_outer.submit(3, silent)
    switch_side(hall, "inner")
    arrive(timezone.now())
    player = Player(calendar.current(), Staff(), long_ago)
    assert [player.next_move(case) for case in Application.objects.exclude(state=State.DRAFT)] == [None] * (
        3 + sum(map(len, fates.JOINTS))
    )


def test_workdays_before_skips_rest_days() -> None:
    days = calendar.Calendar()
    assert str(officetime.workdays_before(days, datetime(2026, 11, 22).date(), 0)) == "2026-11-20"
    assert str(officetime.workdays_before(days, datetime(2026, 10, 9).date(), 2)) == "2026-09-30"


def test_traffic_files_with_attachments_of_the_size_asked_for(hall: Settings) -> None:
    switch_side(hall, "outer")
    cases = list(traffic.file(3, size=20_000, matter="food-business-licence", seed=5))
    assert [case.state for case in cases] == [State.SUBMITTED] * 3
    sizes = {material.size for case in cases for material in case.materials.all()}
    assert sizes == {20_000}
    contents = [material.sha256 for case in cases for material in case.materials.all()]
    assert len(set(contents)) == len(contents)


def test_traffic_belongs_outside(hall: Settings) -> None:
    switch_side(hall, "inner")
    with pytest.raises(DemoIncomplete, match="外网"):
        list(traffic.file(1))
