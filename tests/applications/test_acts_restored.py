"""Acts of the office that come back from the outer side stand on the record of their case again, once."""

import pytest

from applications import actors, bars, grounds, licences
from applications.models import Application, Bar, Licence
from applications.models.licence import LicenceState
from applications.restored import acts_again, inner
from identity.models import User
from tests.applications.test_crossing import facts
from tests.factories import moment
from tests.helpers import move

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_rendering")]
AT = moment("2026-03-05 11:00")


def acts(case: Application, action: str) -> list[tuple[str, str]]:
    """What the record says of this act: who did it, and the sentence."""
    rows = case.events.filter(is_move=False, action=action).order_by("place")
    return list(rows.values_list("actor_name", "note"))


@pytest.fixture
def bar(awaiting_decision: Application, approver: User) -> Bar:
    case = move(awaiting_decision, "refuse", by=approver, at="2026-03-05 10:00")
    words = {"ground": "false_materials", "reason": "场所证明系伪造。"}
    return bars.impose(case.pk, actor=actors.staff(approver), **words, at=AT)


def test_a_bar_that_was_lost(bar: Bar) -> None:
    case, [fact] = bar.application, facts("bar.changed")
    Bar.objects.all().delete()
    acts_again.bar_again(fact)
    assert acts(case, "bar") == [("孙立", "给予警告。"), (case.department.name, "给予警告。")]
    assert acts(case, "bar_lift") == []


def test_only_the_lift_of_a_bar_was_lost(bar: Bar) -> None:
    """Who imposed it is in the backup, and stays."""
    case, [fact] = bar.application, facts("bar.changed")
    lifted = {"lifted_on": "2026-03-06", "lifted_reason": "申辩成立。"}
    acts_again.bar_again(fact._replace(payload={**fact.payload, **lifted}))
    assert Bar.objects.get().by_name == "孙立"
    assert len(acts(case, "bar")) == 1
    assert acts(case, "bar_lift") == [(case.department.name, "解除不得再次申请的限制。")]


def test_the_end_of_a_licence(licence: Licence, approver: User) -> None:
    words = {"ground": "fraud", "reason": "伪造。"}
    licences.end(licence.pk, grounds.REVOKE, actor=actors.staff(approver), **words, at=AT)
    told = [fact for fact in facts("licence.changed") if fact.payload["uid"] == str(licence.uid)]
    known = acts(licence.application, "licence_revoke")
    Licence.objects.filter(pk=licence.pk).update(standing=LicenceState.VALID)
    for _ in range(2):
        inner.licence_again(told[-1])
    assert acts(licence.application, "licence_revoke") == [*known, (licence.application.department.name, known[0][1])]
