"""Applications and ratings that arrive together leave the same rows as one after the other."""

from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid5

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from applications import sync_facts, sync_handlers
from applications.models import Application, Bar, Rating, Remedy, Request
from applications.models.request import RequestState
from applications.ratings import sync_handlers as ratings
from applications.restored import waiting
from identity.fields import keyed_hash
from identity.models import User
from matters.models import Matter
from sync import chain, dead_letters, registry, returning
from sync.applying import Applier
from sync.models import DeadLetter, InboxRecord, Restoration, Stream
from sync.registry import Fact
from tests import factories
from tests.applications.test_crossing import facts, forget
from tests.conftest import switch_side
from tests.factories import moment
from tests.sync.peer import line

SPACE = UUID("5e9f4f3e-0000-4000-8000-000000000002")
EVERYTHING = [*apps.get_app_config("applications").get_models(), apps.get_model("sync", "Outbox")]


@pytest.fixture
def told(on_outer: str, matter: Matter, wang_fang: User, settings: Any, office_hours: None) -> dict[str, Any]:
    """What the outer side says of one submission, on an inner side that has never heard of it."""
    case = factories.file_draft(factories.draft(wang_fang, matter), wang_fang, "2026-02-15 23:59")
    payload = dict(facts("application.submitted")[0].payload)
    forget(case)
    apps.get_model("sync", "Outbox").objects.all().delete()
    apps.get_model("sync", "Aggregate").objects.all().delete()
    switch_side(settings, "inner")
    return payload


def another(payload: dict[str, Any], nth: int, **changes: Any) -> dict[str, Any]:
    """The submission of another applicant."""
    made = deepcopy(payload) | {"uid": str(uuid5(SPACE, str(nth))), "number": f"2026{nth:06d}"}
    made["applicant"] |= {"name": f"第{nth}号饭馆"}
    made["head"] = {"place": 1, "digest": f"{nth:064x}"}
    return made | changes


def arriving(topic: str, payloads: Sequence[dict[str, Any]], key: str = "uid") -> list[Any]:
    """Records with their lines."""
    lines = [
        line(at + 1, f"application:{payload[key]}", payload, topic=topic, agg_version=1)
        for at, payload in enumerate(payloads)
    ]
    return [(chain.from_line(one), one) for one in lines]


def left_by(act: Callable[[], object]) -> list[Any]:
    """Every row that is there afterwards, cases named by their uid; undone."""
    with transaction.atomic():
        act()
        uids = dict(Application.objects.values_list("pk", "uid"))
        found = [
            (model.__name__, [_plain(row, uids) for row in model._default_manager.order_by("pk")])
            for model in EVERYTHING
        ]
        transaction.set_rollback(True)
    return found


def _plain(row: models.Model, uids: dict[int, UUID]) -> dict[str, Any]:
    values = {
        field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if not field.primary_key
    }
    values.pop("rating_id", None)
    return {name: uids[value] if name == "application_id" else value for name, value in values.items()}


def applied(records: list[Any], *, careful: bool) -> list[Any]:
    """What the importer leaves, with its own log."""
    found: list[Any] = []

    def act() -> None:
        stream = Stream.objects.create(direction="in", epoch=SPACE, chain="")
        Applier(stream, careful=careful).apply(records)
        found.append(list(InboxRecord.objects.order_by("rseq").values_list("rseq", "key", "state", "line")))
        found.append(list(DeadLetter.objects.order_by("record__rseq").values_list("record__rseq", "reason")))

    return [*left_by(act), found]


WRONG: list[dict[str, Any]] = [
    {"guide": str(SPACE)},
    {"number": "2026000001"},  # of the first one
    {"submitted_at": None},
    {"head": {"place": 0, "digest": "x"}},
    {"about_licence": str(SPACE)},
]
RIGHT: list[dict[str, Any]] = [
    {},
    {"head": None},
    {"materials": []},
    {"submitted_at": "2026-02-27T16:59:00.000001+08:00"},
    {
        "postal": {
            "recipient": "王芳",
            "phone": "13800138000",
            "address": "云川市",
            "agreed_at": "2026-02-15T23:00:00+08:00",
        }
    },
]


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, print_blob=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kinds=st.lists(st.sampled_from([*RIGHT, *RIGHT, *WRONG]), min_size=2, max_size=6))
def test_together_is_as_one_by_one(told: dict[str, Any], kinds: list[dict[str, Any]]) -> None:
    payloads = [another(told, at + 1, **changes) for at, changes in enumerate(kinds)]
    records = arriving("application.submitted", payloads)
    assert applied(records, careful=False) == applied(records, careful=True)


def test_all_are_received_by_the_one_function(told: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    records = arriving("application.submitted", [another(told, number) for number in range(1, 8)])
    calls: list[int] = []
    known = registry.find("application.submitted", 1)
    assert known
    assert known.many is sync_handlers.submitted_together

    def counted(some: Sequence[Fact]) -> None:
        calls.append(len(some))
        sync_handlers.submitted_together(some)

    monkeypatch.setitem(registry._topics, "application.submitted", replace(known, many=counted))
    Applier(Stream.objects.create(direction="in", epoch=SPACE, chain="")).apply(records)
    assert calls == [7]
    assert set(Application.objects.values_list("state", "version", "event_count")) == {("RECEIVED", 2, 2)}


def test_an_applicant_who_is_barred_is_treated_alike(told: dict[str, Any]) -> None:
    first = another(told, 1)
    sync_handlers.file(first)
    bar = Bar(application=Application.objects.get(), begins=moment("2026-01-01 00:00").date(), ground="fraud")
    bar.matter, bar.applicant_id_hash = bar.application.matter, keyed_hash(told["applicant"]["id"])
    bar.save()
    records = arriving("application.submitted", [another(told, number) for number in (2, 3)])
    assert applied(records, careful=False) == applied(records, careful=True)


def given_back_in_vain(payload: dict[str, Any]) -> DeadLetter:
    """The receipt of that case, given back after a restoration, could not be done again: the submission itself had failed."""
    stream = Stream.objects.create(direction="in", epoch=uuid5(SPACE, "back"), chain="00" * 32, current=False)
    key = returning.key_of(f"application:{payload['uid']}")
    dead = {"state": InboxRecord.State.DEAD, "line": "{}"}
    record = InboxRecord.objects.create(stream=stream, rseq=1, topic="acts.returned", key=key, agg_version=1, **dead)
    return DeadLetter.objects.create(record=record, reason="没有这件申请")


@pytest.mark.parametrize("careful", [False, True], ids=["together", "one by one"])
def test_what_arrives_of_a_case_whose_receipt_is_stuck_waits_for_it(told: dict[str, Any], careful: bool) -> None:
    """An operator tries a submission again by hand when the return has ended: its receipt is behind it, not missing."""
    payloads = [another(told, number) for number in (1, 2, 3)]
    letter = given_back_in_vain(payloads[1])
    Applier(Stream.objects.create(direction="in", epoch=SPACE, chain="00" * 32), careful=careful).apply(
        arriving("application.submitted", payloads)
    )
    states = Application.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["RECEIVED", "SUBMITTED", "RECEIVED"]
    assert waiting.go_on() == []  # and tick leaves it alone, too
    assert list(states.all()) == ["RECEIVED", "SUBMITTED", "RECEIVED"]
    dead_letters.dismiss(letter.pk, "系统管理员", "不再补做")
    assert waiting.go_on() == []
    assert list(states.all()) == ["RECEIVED", "RECEIVED", "RECEIVED"]


@pytest.mark.parametrize("careful", [False, True], ids=["together", "one by one"])
def test_what_arrives_while_the_answers_are_on_their_way_back_waits_for_them(
    told: dict[str, Any], careful: bool
) -> None:
    """Else the applicant would have two receipts of one submission: the one from before the restoration, and another."""
    applier = Applier(Stream.objects.create(direction="in", epoch=SPACE, chain="00" * 32), careful=careful)
    records = arriving("application.submitted", [another(told, number) for number in (1, 2, 3, 4)])
    states = Application.objects.order_by("pk").values_list("state", flat=True)
    restored = Restoration.objects.create(source="backup")
    applier.apply(records[:2])
    assert list(states) == ["SUBMITTED"] * 2
    Restoration.objects.filter(pk=restored.pk).update(settled_at=moment("2026-03-05 09:00"))
    epoch = uuid5(SPACE, "own")
    Stream.objects.create(direction="out", epoch=epoch, chain="00" * 32, number=2, awaits_return=True)
    applier.apply(records[2:])
    assert waiting.go_on() == []
    assert list(states.all()) == ["SUBMITTED"] * 4
    returning.note_end(str(epoch))
    assert waiting.go_on() == []
    assert list(states.all()) == ["RECEIVED"] * 4


def test_what_is_asked_of_a_case_of_which_something_is_stuck_waits_for_it(told: dict[str, Any]) -> None:
    payload = another(told, 1)
    sync_handlers.file(payload)
    letter = given_back_in_vain(payload)
    asked = {"uid": str(uuid5(SPACE, "asked")), "application": payload["uid"], "action": "withdraw", "changes": {}}
    asked |= {"at": "2026-03-05T10:00:00+08:00", "reason": "不办了", "head": {"place": 2, "digest": "ab" * 32}}
    records = arriving("application.requested", [asked], key="application")
    Applier(Stream.objects.create(direction="in", epoch=SPACE, chain="00" * 32)).apply(records)
    assert Request.objects.get().standing == RequestState.SENT
    dead_letters.dismiss(letter.pk, "系统管理员", "不再补做")
    assert waiting.go_on() == []
    assert Request.objects.get().standing != RequestState.SENT


def rating(payload: dict[str, Any], number: int, grade: int, **changes: Any) -> dict[str, Any]:
    """What the applicant says of the service."""
    said = {"uid": str(uuid5(SPACE, f"rating {number}")), "application": payload["uid"], "grade": grade, "aspects": {}}
    said |= {"text": f"第 {number} 个", "contact_name": "王芳", "contact_phone": "13800138000"}
    return said | {"given_at": "2026-03-01T09:00:00.000001+08:00"} | changes


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, print_blob=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(grades=st.lists(st.sampled_from([1, 2, 3, 4, 5, -1, -2]), min_size=2, max_size=6))
def test_ratings_together_are_as_one_by_one(told: dict[str, Any], grades: list[int]) -> None:
    """-1 rates a case that is not here, -2 one that was rated before, under another key."""
    cases = [another(told, number + 1) for number in range(6)]
    said = [rating(case, at, max(grade, 1)) for at, (case, grade) in enumerate(zip(cases, grades, strict=False))]
    for one, grade in zip(said, grades, strict=True):
        one["application"] = {-1: str(SPACE), -2: cases[0]["uid"]}.get(grade, one["application"])
    with transaction.atomic():
        for case in cases:
            sync_handlers.file(case)
        records = arriving("rating.given", said, key="uid")
        assert applied(records, careful=False) == applied(records, careful=True)
        transaction.set_rollback(True)


def test_a_bad_rating_among_others_opens_its_own_remedy(told: dict[str, Any]) -> None:
    cases = [another(told, number) for number in (1, 2, 3)]
    for case in cases:
        sync_handlers.file(case)
    said = [rating(case, at, grade) for at, (case, grade) in enumerate(zip(cases, (1, 5, 2), strict=True))]
    come = [
        Fact("rating.given", 1, f"k{at}", 1, at + 1, one, [], moment("2026-03-02 10:00")) for at, one in enumerate(said)
    ]
    ratings.given_together(come)
    assert [row.grade for row in Rating.objects.order_by("pk")] == [1, 5, 2]
    assert Remedy.objects.get().rating.application.uid == UUID(cases[1]["uid"])
    with pytest.raises(IntegrityError), transaction.atomic():
        ratings.given_together(come)


def test_the_sender_says_what_the_bulk_path_reads(told: dict[str, Any]) -> None:
    """The payload of the tests has the fields that the outer side really sends."""
    sync_handlers.file(another(told, 1))
    assert set(sync_facts.submission(Application.objects.get())) | {"head"} == set(told)
