"""Several people act on one case in the same moment: exactly one wins, nobody overwrites anybody."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections

from applications import actors, numbering, services
from applications.errors import CaseMoved, MoveRefused
from applications.models import Application, Event
from identity.models import Department, User
from tests import factories
from tests.factories import moment
from tests.helpers import DATA

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("on_inner")]
WORKERS = 8


def at_once(acts: list[Callable[[], object]]) -> list[object]:
    """Run the acts in parallel threads with connections of their own; results or refusals in order."""

    def run(act: Callable[[], object]) -> object:
        try:
            return act()
        except MoveRefused as refused:
            return refused
        finally:
            connections.close_all()

    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(run, acts))


@pytest.mark.parametrize("round_", range(5))
def test_eight_acts_on_one_case_have_one_winner(
    market_bureau: Department, wang_fang: User, clerk: User, round_: int
) -> None:
    case = factories.submitted(wang_fang, factories.matter(market_bureau))
    actor, seen = actors.staff(clerk), case.seen
    when = moment("2026-03-03 10:00") + timedelta(minutes=round_)

    def act(action: str) -> Callable[[], object]:
        return lambda: services.perform(
            case.pk, action, actor=actor, seen=seen, at=when, render=False, **DATA.get(action, {})
        )

    results = at_once([act("accept"), act("refuse_intake"), act("ask_correction"), act("tell_not_required")] * 2)
    winners = [result for result in results if isinstance(result, Application)]
    assert len(winners) == 1
    assert all(isinstance(result, CaseMoved) for result in results if not isinstance(result, Application))
    assert Event.objects.filter(application=case).count() == 3


def test_numbers_drawn_in_parallel_differ() -> None:
    day = moment("2026-03-02 10:00").date()
    numbers = at_once([lambda: numbering.next_number("519901", day)] * 24)
    assert len(set(map(str, numbers))) == 24
