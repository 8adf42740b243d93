"""Two clicks at the same moment, in two threads as in two web processes."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from applications import drafts, uploads
from applications.errors import NotPossible
from applications.models import Application, Event
from applications.views.applicant.submit import fingerprint
from identity.models import User
from matters.models import Matter
from tests import factories, people
from tests.applications.applicant import files

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], object]) -> list[object]:
    def run(act: Callable[[], object]) -> object:
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_two_submissions_are_one_case(ready: Application, wang_fang: User) -> None:
    body = {"seen": "DRAFT.0", "checked": fingerprint(ready), "declared": "on"}
    browsers = [people.login(wang_fang) for _ in range(2)]
    answers = at_once(*(lambda one=one: one.post(f"/drafts/{ready.uid}/check/", body) for one in browsers))
    assert {answer.headers["Location"] for answer in answers} == {f"/my/{ready.uid}/submitted/"}
    assert Event.objects.filter(action="submit").count() == 1


def test_two_beginnings_are_one_draft(matter: Matter, wang_fang: User) -> None:
    who = factories.applicant(wang_fang)
    begun = at_once(*(lambda: drafts.begin_once(who, matter)[0].pk for _ in range(3)))
    assert len(set(begun)) == 1


def test_a_file_is_in_the_submission_or_not_at_all(ready: Application, wang_fang: User) -> None:
    def hand_in() -> str:
        try:
            files.hand_in(Application.objects.get(pk=ready.pk), "proof", content=files.pdf("late"))
        except NotPossible:
            return "refused"
        return "taken"

    outcome, _ = at_once(hand_in, lambda: factories.file_draft(ready, wang_fang))
    held = uploads.handed_in(ready).get("proof", [])
    assert len(held) == (1 if outcome == "taken" else 0)
