"""Several people act on one case in the same moment: exactly one wins, nobody overwrites anybody."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections

from applications import actors, numbering, services, verifying
from applications.errors import CaseMoved, MoveRefused
from applications.models import Application, Event
from identity.models import Department, User
from tests import factories
from tests.factories import moment
from tests.helpers import DATA, move

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("on_inner")]
WORKERS = 8


Act = Callable[[], object]


def at_once(acts: list[Act], pool: ThreadPoolExecutor | None = None) -> list[object]:
    """Run the acts in parallel threads with connections of their own; results or refusals in order."""

    def run(act: Act) -> object:
        try:
            return act()
        except MoveRefused as refused:
            return refused
        finally:
            connections.close_all()

    if pool is not None:
        return list(pool.map(run, acts))
    with ThreadPoolExecutor(WORKERS) as own:
        return list(own.map(run, acts))


ROUNDS = 200
# What the people of one office may try on a case that was just received, two of them each: a new move needs a word here.
TRIED = ("accept", "refuse_intake", "ask_correction", "tell_not_required")
# Two people on a case in review; and somebody who only claims it, which is an act and no move.
TRIED_IN_REVIEW = ("pass_on", "pause", "transfer_up", "terminate")


def test_two_hundred_times_eight_acts_on_one_case_have_one_winner(
    market_bureau: Department, wang_fang: User, clerk: User, reviewer: User
) -> None:
    """Whoever is first wins; every other is told that the case has moved; nothing is written twice, no chain is broken."""
    matter = factories.matter(market_bureau)
    with ThreadPoolExecutor(WORKERS) as pool:
        for number in range(ROUNDS):
            case = factories.submitted(wang_fang, matter)
            who, tried = clerk, TRIED
            if number % 4 == 3:
                case = move(move(case, "accept", by=clerk), "pass_on", by=clerk)
                who, tried = reviewer, TRIED_IN_REVIEW
            one_round(case, actors.staff(who), tried, number, pool)
    assert list(verifying.chains()) == []


def one_round(
    case: Application, actor: actors.Actor, tried: tuple[str, ...], number: int, pool: ThreadPoolExecutor
) -> None:
    seen, before = case.seen, case.event_count
    when = moment("2026-03-03 10:00") + timedelta(seconds=number)

    def act(action: str) -> Act:
        data = DATA.get(action, {})
        return lambda: services.perform(case.pk, action, actor=actor, seen=seen, at=when, render=False, **data)

    turned = [*tried[number % len(tried) :], *tried[: number % len(tried)]]  # nobody is always first
    results = at_once([act(action) for action in turned * 2], pool)
    winners = [result for result in results if isinstance(result, Application)]
    assert len(winners) == 1
    assert all(isinstance(result, CaseMoved) for result in results if not isinstance(result, Application))
    case.refresh_from_db()
    assert (case.state, case.version, case.event_count) == (winners[0].state, winners[0].version, before + 1)
    assert Event.objects.filter(application=case).count() == before + 1


def test_numbers_drawn_in_parallel_differ() -> None:
    day = moment("2026-03-02 10:00").date()
    numbers = at_once([lambda: numbering.next_number("519901", day)] * 24)
    assert len(set(map(str, numbers))) == 24
