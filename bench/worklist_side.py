"""Runs on the office's site: open cases, half of them of one department, at the window, in review and before the decision."""

import itertools
import json
import os
import random
import statistics
import sys
import uuid
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import django

from bench import timing

PORTION = 5_000
ROUNDS = 6
OFFICERS = ("sunli", "chengang", "gaoyuan")
SURNAMES, GIVEN = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗", "芳伟敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚"
QUERIES = (
    *({"tab": tab} for tab in ("mine", "department", "soon", "overdue", "all")),
    *({"tab": "department", "sort": sort} for sort in ("newest", "oldest")),
    *({"tab": tab, "q": words} for tab in ("mine", "all") for words in ("欧阳", "王芳", "食品", "B00042")),
    {"tab": "department", "state": "IN_REVIEW"},
    {"tab": "mine", "page": "3"},
)


def measure(few: int, many: int) -> dict[str, float]:
    """p95 over all requests of all officers, each made several times; what was filled in is taken away again."""
    from django.db import connection

    found, made = {}, 0
    for wanted in (few, many):
        fill(made, wanted)
        made = wanted
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
        rounds = [list(_spent()) for _ in range(ROUNDS)]
        _tell(rounds)
        spent = sorted(itertools.chain.from_iterable(rounds))
        found[wanted] = statistics.quantiles(spent, n=20)[-1]
        print(
            f"{wanted}: p50 {statistics.median(spent) * 1000:.1f} ms, p95 {found[wanted] * 1000:.1f} ms",
            file=sys.stderr,
        )
    take_away()
    return {"worklist_p95_100k_over_1k": found[many] / found[few]}


def _tell(rounds: list[list[float]]) -> None:
    """The slowest kinds of request, for whoever looks at the run."""
    kinds = [(name, query) for name in OFFICERS for query in QUERIES]
    medians = [statistics.median(taken) for taken in zip(*rounds, strict=True)]
    for taken, (name, query) in sorted(zip(medians, kinds, strict=True), key=lambda row: -row[0])[:5]:
        print(f"  {taken * 1000:.0f} ms {name} {query}", file=sys.stderr)


def _spent() -> Iterator[float]:
    """Seconds of each request; each is made once before it counts."""
    from django.test import Client

    from identity.models import User

    for name in OFFICERS:
        browser = Client(HTTP_HOST="127.0.0.1")
        browser.force_login(User.objects.get(username=name))
        for query in QUERIES:
            _ask(browser, query)
            yield timing.seconds(partial(_ask, browser, query))


def _ask(browser: Any, query: dict[str, str]) -> None:
    answer = browser.get("/work/", query)
    assert answer.status_code == 200, (answer.status_code, answer.headers.get("Location"))


def fill(made: int, wanted: int) -> None:
    """More open cases with their steps and the pairs of their names."""
    from applications.desk import finding
    from applications.models import Application, CaseGram, RouteStep
    from identity.models import Department
    from matters.models import Matter

    market = Department.objects.get(posts__user__username=OFFICERS[0])
    matters = list(Matter.objects.filter(active=True).exclude(current=None).select_related("department").order_by("pk"))
    mine = [one for one in matters if one.department_id == market.pk]
    chance = random.Random(made)
    for start in range(made, wanted, PORTION):
        numbers = range(start, min(start + PORTION, wanted))
        cases = Application.objects.bulk_create(
            _case(chance.choice(mine if number % 2 else matters), number, chance) for number in numbers
        )
        RouteStep.objects.bulk_create(step for case in cases for step in _steps(case, RouteStep))
        CaseGram.objects.bulk_create(
            CaseGram(gram=gram, application=case) for case in cases for gram in finding.grams(case.applicant_name)
        )


def _case(matter: Any, number: int, chance: random.Random) -> Any:
    from django.utils import timezone

    from applications.models import Application
    from applications.states import desk_of

    today = timezone.localdate()
    state = ("RECEIVED", "IN_REVIEW", "PENDING_DECISION", "GRANTED")[number // 2 % 4]
    due = today + timedelta(days=chance.randint(-5, 40))
    name = "欧阳春晓" if number % 997 == 0 else chance.choice(SURNAMES) + "".join(chance.choices(GIVEN, k=2))
    return Application(
        uid=uuid.uuid4(),
        number=f"B{number:020d}",
        matter=matter,
        guide_version_id=matter.current_id,
        department_id=matter.department_id,
        applicant_kind="person",
        applicant_name=name,
        state=state,
        submitted_at=timezone.now() - timedelta(minutes=number),
        accepted_on=None if state == "RECEIVED" else today,
        silence_due=due if state == "RECEIVED" else None,
        law_due=due,
        promise_due=due,
        next_due=due,
        sort_due=due,
        desk=desk_of(state),
    )


def _steps(case: Any, step: Any) -> Iterator[Any]:
    """The step at which the case is, as ``perform`` would have left it."""
    role = {"IN_REVIEW": "reviewer", "PENDING_DECISION": "approver"}.get(case.state)
    if role:
        yield step(
            application=case,
            order=3,
            kind="review" if role == "reviewer" else "decide",
            name="审查",
            role=role,
            department_id=case.department_id,
            standing="current",
            case_due=case.sort_due,
        )


def take_away() -> None:
    """Another measurement may use the site next."""
    from applications.models import Application, CaseGram, RouteStep

    for model in (CaseGram, RouteStep):
        model.objects.filter(application__number__startswith="B0").delete()
    Application.objects.filter(number__startswith="B0").delete()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hall.settings")
    django.setup()
    print(json.dumps(measure(int(sys.argv[1]), int(sys.argv[2]))))
