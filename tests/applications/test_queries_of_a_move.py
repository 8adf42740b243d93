"""How many statements a move costs: one more is a decision, not an accident. Guides are parsed once, calendars built once."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from applications.models import Application
from identity.models import User
from matters import calendar
from matters.models import GuideVersion
from tests.helpers import move

# Move → the most statements it may take (BEGIN and COMMIT not counted, one for the person's posts is).
MOST = {"accept": 17, "pass_on": 18, "grant": 62}


def statements(act: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as captured:
        act()
    return len([one for one in captured if not one["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))])


def test_the_moves_of_an_ordinary_case(received: Application, clerk: User, reviewer: User, approver: User) -> None:
    taken = {}
    taken["accept"] = statements(lambda: move(received, "accept", by=clerk))
    taken["pass_on"] = statements(lambda: move(received, "pass_on", by=clerk))
    move(received, "pass_on", by=reviewer, at="2026-03-04 10:00")
    taken["grant"] = statements(lambda: move(received, "grant", by=approver, at="2026-03-05 10:00"))
    assert {name: count for name, count in taken.items() if count > MOST[name]} == {}


def test_a_published_guide_is_parsed_once(received: Application) -> None:
    version = received.guide_version
    GuideVersion.objects.filter(pk=version.pk).update(digest="")
    fresh = [GuideVersion.objects.get(pk=version.pk) for _ in range(2)]
    assert fresh[0].parsed is not fresh[1].parsed  # without a digest nobody knows that it is the same
    for one in fresh:
        one.__dict__.pop("parsed", None)
        one.digest = "d" * 64
    assert fresh[0].parsed is fresh[1].parsed


def test_a_draft_is_parsed_each_time(received: Application) -> None:
    version = received.guide_version
    version.state, version.digest = "draft", "e" * 64
    version.__dict__.pop("parsed", None)
    first = version.parsed
    version.__dict__.pop("parsed", None)
    assert version.parsed is not first


@pytest.mark.django_db
def test_an_unchanged_calendar_is_built_once() -> None:
    assert calendar.current() is calendar.current()
