"""Thousands of random acts by random people on random days: no illegal state, no lost history, nothing half done."""

import itertools
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from applications import actors, machine, services
from applications.errors import MoveRefused
from applications.models import Application, Event
from applications.states import ENDED, State
from identity.models import User
from tests import factories
from tests.helpers import DATA

TABLE = {(state, move, target) for state, move, target, _ in machine.table()}
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
ACTS = st.lists(
    st.tuples(st.sampled_from(list(machine.moves())), st.sampled_from(PEOPLE), st.integers(0, 12)),
    min_size=1,
    max_size=25,
)


@given(acts=ACTS)
@pytest.mark.django_db
def test_any_life_stays_within_the_law(
    received: Application,
    clerk: User,
    reviewer: User,
    approver: User,
    inspector: User,
    outsider: User,
    acts: list[tuple[str, str, int]],
) -> None:
    cast = {
        "clerk": actors.staff(clerk),
        "reviewer": actors.staff(reviewer),
        "approver": actors.staff(approver),
        "inspector": actors.staff(inspector),
        "outsider": actors.staff(outsider),
        "system": actors.system(),
        "applicant": actors.applicant_named("王芳"),
    }
    with transaction.atomic():
        when = factories.moment("2026-03-02 10:00")
        for action, person, days in acts:
            when += timedelta(days=days)
            try_move(received, action, cast[person], when)
        check_history(received)
        transaction.set_rollback(True)


def try_move(case: Application, action: str, actor: actors.Actor, when: object) -> None:
    """Make the move if it is allowed; a refused one must change nothing."""
    before = Application.objects.values().get(pk=case.pk)
    data = dict(DATA.get(action, {}))
    if action in ("supplement", "supply_owed"):
        data["request"] = str(case.requests.create(action=action, at=when, changes=SUPPLY).uid)
    try:
        moved = services.perform(case.pk, action, actor=actor, seen=None, at=when, render=False, **data)  # type: ignore[arg-type]
    except MoveRefused:
        after = Application.objects.values().get(pk=case.pk)
        assert after == before
    else:
        assert actor.name != "外人", "another department moved the case"
        assert (before["state"], action, moved.state) in TABLE
        assert before["state"] not in ENDED


def check_history(case: Application) -> None:
    """Events form one unbroken chain from the draft to where the case is."""
    now = Application.objects.get(pk=case.pk)
    events = list(Event.objects.filter(application=case).order_by("version"))
    assert [event.version for event in events] == list(range(1, now.version + 1))
    assert events[0].from_state == State.DRAFT
    assert all(first.to_state == second.from_state for first, second in itertools.pairwise(events))
    assert events[-1].to_state == now.state
    asked = [{item["target"] for item in event.data["items"]} for event in events if event.action == "ask_correction"]
    extensions = [event for event in events if event.action == "extend"]
    assert all(later <= earlier for earlier, later in itertools.pairwise(asked)), "a second notice with new items"
    assert len(extensions) <= 1
    if now.state in ENDED:
        assert not now.clocks.filter(stopped_on=None).exists()
