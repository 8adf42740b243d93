"""The package arrives whole: every member on its desk, the joint case beside them; or nothing at all."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from applications.joint import sync_facts, sync_handlers
from applications.models import Application, JointCase, PeerHead
from applications.states import State
from sync.registry import Reject
from tests.applications.joint.conftest import FIRE, FOOD, LAND, arrive, child
from tests.applications.test_crossing import facts, forget
from tests.factories import moment

pytestmark = pytest.mark.django_db
SAMPLES = Path(__file__).parents[2] / "sync" / "samples"


def test_every_member_is_received_at_its_outer_moment(arrived: JointCase) -> None:
    children = list(arrived.children.all())
    assert {one.matter.code for one in children} == {FOOD, FIRE, LAND}
    assert {one.state for one in children} == {State.RECEIVED}
    assert {one.submitted_at for one in children} == {moment("2026-03-02 10:00")}
    assert {one.department.code for one in children} == {"YC-SCJG", "YC-ZJ", "YC-RS"}
    assert child(arrived, FIRE).answers["fire"] == {"exits": 2}
    assert arrived.answers == {}  # the office has each member's part in its case


def test_the_heads_of_the_members_chains_are_kept(filed: JointCase, settings: Any) -> None:
    heads = {str(one.uid): (one.event_count, one.event_head) for one in filed.children.all()}
    arrive(filed, settings)
    assert {str(row.case_uid): (row.place, row.digest) for row in PeerHead.objects.all()} == heads


def test_a_package_that_one_member_does_not_fit_is_refused_whole(filed: JointCase, settings: Any) -> None:
    fact = facts("joint.submitted")[0]
    fact.payload["members"][2]["guide"] = "00000000-0000-0000-0000-000000000000"  # type: ignore[index]
    for one in filed.children.all():
        forget(one)
    filed.delete()
    settings.HALL_SIDE = "inner"
    with pytest.raises(Reject, match="办事指南"), transaction.atomic():  # as the inbox does
        sync_handlers.submitted(fact)
    assert not Application.objects.exists()
    assert not JointCase.objects.exists()


def test_a_package_unknown_here_is_refused(filed: JointCase) -> None:
    fact = facts("joint.submitted")[0]
    fact.payload["version"] = "00000000-0000-0000-0000-000000000000"  # type: ignore[index]
    with pytest.raises(Reject, match="一件事"):
        sync_handlers.submitted(fact)


@pytest.mark.parametrize("topic", ["joint.submitted", "joint.extended"])
def test_what_is_sent_today_has_the_keys_of_the_samples(topic: str, filed: JointCase) -> None:
    sample = json.loads((SAMPLES / f"{topic}.v1.json").read_text(encoding="utf-8"))
    if topic == "joint.extended":
        sync_facts.record_extension(filed)
    sent = facts(topic)[0].payload
    assert set(sample) <= set(sent)
    if topic == "joint.submitted":
        assert set(sample["members"][0]) <= set(sent["members"][0])
