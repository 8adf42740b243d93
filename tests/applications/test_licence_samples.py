"""The golden samples of the facts about licences and bars: what was sent once must be understood for good."""

import json
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from applications import actors, bars, licence_handlers
from applications.models import Application, Bar, Document, Licence
from identity.models import User
from sync.registry import Fact
from tests.applications.licence_life import ask, grant, reviewed
from tests.applications.test_crossing import facts
from tests.helpers import move

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_rendering")]
SAMPLES = Path(__file__).parents[1] / "sync" / "samples"


def sample(topic: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((SAMPLES / f"{topic}.v1.json").read_text())
    return loaded


def arrived(topic: str, payload: dict[str, Any]) -> Fact:
    return Fact(topic, 1, f"application:{payload['application']}", 1, 1, payload, [], timezone.now())


def known(case: Application, payload: dict[str, Any]) -> None:
    """Let the case be the one that the sample speaks of."""
    Application.objects.filter(pk=case.pk).update(uid=uuid.UUID(payload["application"]))


def test_the_sample_of_a_licence(awaiting_decision: Application, approver: User) -> None:
    payload = sample("licence.changed")
    case = move(awaiting_decision, "grant", by=approver)
    Licence.objects.all().delete()
    Document.objects.filter(pk=case.documents.get(kind="licence").pk).update(uid=payload["document"])
    known(case, payload)
    licence_handlers.licence_changed(arrived("licence.changed", payload))
    licence = Licence.objects.get(number=payload["number"])
    assert (licence.version, str(licence.valid_to)) == (2, "2032-03-04")
    change = licence.changes.get()
    assert (change.kind, change.new, change.application) == ("renewed", {"有效期至": "2032年3月4日"}, None)


def test_the_sample_of_a_bar(received: Application) -> None:
    payload = sample("bar.changed")
    known(received, payload)
    licence_handlers.bar_changed(arrived("bar.changed", payload))
    bar = Bar.objects.get(uid=payload["uid"])
    assert (bar.matter, str(bar.ends), bar.applicant_id_hash) == (
        received.matter,
        "2027-03-05",
        received.applicant_id_hash,
    )


def test_what_is_sent_today_has_the_keys_of_the_samples(
    awaiting_decision: Application, wang_fang: User, clerk: User, reviewer: User, approver: User
) -> None:
    licence = grant(awaiting_decision, approver, clerk)
    case = reviewed(ask(licence, wang_fang, "renewal", "2029-01-15 10:00"), clerk, reviewer, "2029-01-16 10:00")
    move(case, "refuse", by=approver, at="2029-01-17 10:00")
    bars.impose(case.pk, actor=actors.staff(approver), ground="false_materials", reason="伪造。")
    for topic in ("licence.changed", "bar.changed"):
        assert set(facts(topic)[-1].payload) == set(sample(topic))
