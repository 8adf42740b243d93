"""Thousands of random acts by random people on random days: no illegal state, no lost history, nothing half done.

Five thousand sequences on one database (marked ``slow``); a handful wherever else the tests run. What is legal is read from
the tables that are written out in test_machine_table.py, not from the code.
"""

import itertools
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from applications import actors, services, tick, verifying
from applications.errors import MoveRefused
from applications.models import Application, Event
from applications.states import ENDED, State
from identity.models import User
from matters.models import Matter
from tests import factories
from tests.applications.test_machine_table import TABLE
from tests.helpers import DATA

LEGAL = {(state, move, target) for state, move, target, _ in TABLE}
MOVES = sorted({move for _, move, _, _ in TABLE})
OUT_OF = {state: sorted({move for where, move, _, _ in TABLE if where == state}) for state, *_ in TABLE}
SUPPLY = {
    "materials": [
        {
            "key": "lease",
            "file_name": "合同.pdf",
            "content_type": "application/pdf",
            "size": 9,
            "sha256": "2" * 64,
            "uploaded_at": "2026-03-05T10:00:00+08:00",
        }
    ]
}
PEOPLE = ("clerk", "reviewer", "approver", "inspector", "outsider", "system", "applicant")
# Mostly a move that leads out of where the case is, made by whoever may; the rest by anybody, anything, any time.
ACT = st.tuples(
    st.sampled_from(["likely", "likely", "likely", "any", "tick"]),
    st.integers(0, 1_000),
    st.sampled_from(PEOPLE),
    st.sampled_from([0, 0, 1, 1, 2, 5, 8, 40]),
)
ACTS = st.lists(ACT, min_size=1, max_size=14)
SHARDS, PER_SHARD = 5, 1000
QUIET = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]
Act = tuple[str, int, str, int]


@pytest.fixture
def cast(
    clerk: User, reviewer: User, approver: User, inspector: User, outsider: User, monkeypatch: pytest.MonkeyPatch
) -> dict[str, actors.Actor]:
    monkeypatch.setattr("applications.tasks.enqueue", lambda uid: None)
    staff = {"clerk": clerk, "reviewer": reviewer, "approver": approver, "inspector": inspector, "outsider": outsider}
    found = {name: actors.staff(user) for name, user in staff.items()}
    return found | {"system": actors.system(), "applicant": actors.applicant_named("王芳")}


@pytest.fixture
def live(on_inner: str, matter: Matter, wang_fang: User, cast: dict[str, actors.Actor]) -> Callable[[list[Act]], None]:
    """One life of a case that was just submitted, taken back at its end."""
    case = factories.file_draft(factories.draft(wang_fang, matter), wang_fang)

    def run(acts: list[Act]) -> None:
        with transaction.atomic():
            when = factories.moment("2026-03-02 10:00")
            for kind, number, person, days in acts:
                when += timedelta(days=days)
                act(case, kind, number, cast, person, when)
            check_history(case)
            transaction.set_rollback(True)

    return run


@given(acts=ACTS)
@pytest.mark.django_db
def test_any_life_stays_within_the_law(live: Callable[[list[Act]], None], acts: list[Act]) -> None:
    live(acts)


@pytest.mark.slow
@pytest.mark.parametrize("shard", range(SHARDS))
@pytest.mark.django_db
def test_five_thousand_lives_stay_within_the_law(live: Callable[[list[Act]], None], shard: int) -> None:
    @settings(
        max_examples=PER_SHARD, deadline=None, database=None, suppress_health_check=QUIET, phases=[Phase.generate]
    )
    @given(acts=ACTS)
    def lives(acts: list[Act]) -> None:
        live(acts)
        seen.append(len(acts))

    seen: list[int] = []
    lives()
    assert len(seen) >= PER_SHARD


def act(case: Application, kind: str, number: int, cast: dict[str, actors.Actor], person: str, when: datetime) -> None:
    if kind == "tick":
        make_due_moves(case, when)
        return
    state = row_of(case)["state"]
    moves = OUT_OF.get(state, MOVES) if kind == "likely" else MOVES
    action = moves[number % len(moves)]
    if kind == "likely":
        person = PEOPLE_FOR.get((state, action), person)
    try_move(case, action, cast[person], when)


# Who usually makes a move, so that lives get far; anybody tries where nothing is said.
USUAL = {"clerk": "clerk", "approver": "approver", "inspector": "inspector", "applicant": "applicant"}
PEOPLE_FOR = {(state, move): USUAL[role] for state, move, _, role in sorted(TABLE) if role in USUAL}
PEOPLE_FOR |= {(state, move): "reviewer" for state, move, _, role in TABLE if role == "step"}
PEOPLE_FOR |= {
    (state, move): "approver" for state, move, _, role in TABLE if (state, role) == ("PENDING_DECISION", "step")
}


def make_due_moves(case: Application, when: datetime) -> None:
    """The part of ``tick`` that moves cases."""
    before, done = row_of(case), tick.Done()
    for due in tick.TIME_MADE:
        tick._move_each(due, done, when)
    assert done.failed == []
    after = row_of(case)
    if after["state"] != before["state"]:
        assert (before["state"], after["state"]) in {
            (state, target) for state, _, target, role in TABLE if role == "system"
        }


def row_of(case: Application) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM applications_application WHERE id = %s", [case.pk])
        names = [column[0] for column in cursor.description]
        return dict(zip(names, cursor.fetchone(), strict=True))


def try_move(case: Application, action: str, actor: actors.Actor, when: datetime) -> None:
    """Make the move if it is allowed; a refused one must change nothing."""
    before = row_of(case)
    data = dict(DATA.get(action, {}))
    if action in ("supplement", "supply_owed"):
        data["request"] = str(case.requests.create(action=action, at=when, changes=SUPPLY).uid)
    try:
        moved = services.perform(case.pk, action, actor=actor, seen=None, at=when, render=False, **data)
    except MoveRefused:
        assert row_of(case) == before
    else:
        assert actor.name != "外人", "another department moved the case"
        assert (before["state"], action, moved.state) in LEGAL
        assert before["state"] not in ENDED
        assert (moved.version, moved.event_count) == (before["version"] + 1, before["event_count"] + 1)


def check_history(case: Application) -> None:
    """Events form one unbroken chain from the draft to where the case is."""
    now = Application.objects.get(pk=case.pk)
    events = list(Event.objects.moves().filter(application=case).order_by("place"))
    assert [event.version for event in events] == list(range(1, now.version + 1))
    assert events[0].from_state == State.DRAFT
    assert all(first.to_state == second.from_state for first, second in itertools.pairwise(events))
    assert events[-1].to_state == now.state
    asked = [{item["target"] for item in event.data["items"]} for event in events if event.action == "ask_correction"]
    assert all(later <= earlier for earlier, later in itertools.pairwise(asked)), "a second notice with new items"
    assert len([event for event in events if event.action == "extend"]) <= 1
    assert list(verifying.chains(number=now.number)) == []
    if now.state in ENDED:
        assert not now.clocks.filter(stopped_on=None).exists()
