"""C22: withdrawal (行政许可法 8), revocation (69), cancellation (70, six grounds)."""

from typing import Any

import pytest
from django.test import Client

from applications import actors, grounds, licences, tick
from applications.documents import issue
from applications.errors import DataMissing, NotAllowed, NotPossible
from applications.grounds import CANCEL, REVOKE, WITHDRAW
from applications.models import Licence
from identity.models import User
from tests.applications.licence_life import ask, changes_of
from tests.applications.test_crossing import facts
from tests.conftest import switch_side
from tests.factories import moment

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_rendering")]


def end(
    licence: Licence, act: str, ground: str, by: User, at: str = "2026-06-01 10:00", reason: str = "经查属实。"
) -> Licence:
    return licences.end(licence.pk, act, actor=actors.staff(by), ground=ground, reason=reason, at=moment(at))


@pytest.mark.parametrize(
    ("act", "ground", "standing", "title", "article"),
    [
        (REVOKE, "unqualified", "revoked", "撤销行政许可决定书", "第六十九条第一款第（四）项"),
        (REVOKE, "fraud", "revoked", "撤销行政许可决定书", "第六十九条第二款"),
        (WITHDRAW, "law_changed", "withdrawn", "撤回行政许可决定书", "第八条第二款"),
        (CANCEL, "death", "cancelled", "注销行政许可决定书", "第七十条第（二）项"),
        (CANCEL, "force_majeure", "cancelled", "注销行政许可决定书", "第七十条第（五）项"),
        (CANCEL, "other", "cancelled", "注销行政许可决定书", "第七十条第（六）项"),
    ],
)
def test_c22_each_end_has_its_ground_reason_paper_act_history_and_fact(
    licence: Licence, approver: User, act: str, ground: str, standing: str, title: str, article: str
) -> None:
    before = len(facts("licence.changed"))
    ended = end(licence, act, ground, approver)
    assert (ended.standing, ended.ground, ended.reason) == (standing, ground, "经查属实。")
    paper = licence.application.documents.get(kind="licence_end")
    assert (paper.title, paper.content["article"]) == (title, article)
    event = licence.application.events.get(action=act)
    assert (event.is_move, event.data["ground"]) == (False, ground)
    assert [row[0] for row in changes_of(licence)] == [standing]
    told = facts("licence.changed")
    assert len(told) == before + 1
    assert (told[-1].payload["standing"], told[-1].payload["ground"]) == (standing, ground)


@pytest.mark.parametrize("act", grounds.GROUNDS)
def test_only_the_approver_of_the_organ_that_granted_it(
    licence: Licence, clerk: User, outsider: User, act: str
) -> None:
    for nobody in (clerk, outsider):
        with pytest.raises(NotAllowed):
            end(licence, act, next(iter(grounds.GROUNDS[act])), nobody)
    with pytest.raises(NotAllowed):
        licences.end(licence.pk, REVOKE, actor=actors.system(), ground="fraud", reason="x")


def test_the_six_grounds_of_article_70_are_all_there() -> None:
    assert len(grounds.GROUNDS[CANCEL]) == 6
    assert len(grounds.GROUNDS[REVOKE]) == 6
    assert set(grounds.REVOKE_ARTICLES) == set(grounds.GROUNDS[REVOKE])


def test_a_revoked_licence_is_then_cancelled_on_that_ground_and_no_other(licence: Licence, approver: User) -> None:
    with pytest.raises(DataMissing):
        end(licence, CANCEL, "ended", approver)
    end(licence, REVOKE, "fraud", approver)
    with pytest.raises(NotPossible, match="已撤销，不能再撤回"):
        end(licence, WITHDRAW, "law_changed", approver)
    with pytest.raises(DataMissing):
        end(licence, CANCEL, "force_majeure", approver)
    assert end(licence, CANCEL, "ended", approver).standing == "cancelled"
    with pytest.raises(NotPossible, match="已注销"):
        end(licence, CANCEL, "ended", approver)
    assert [row[0] for row in changes_of(licence)] == ["revoked", "cancelled"]


def test_bad_grounds_and_missing_reasons_are_told_at_their_field(licence: Licence, approver: User) -> None:
    for act, ground, reason, field in (
        (REVOKE, "expired", "x", "ground"),
        (REVOKE, "fraud", "  ", "reason"),
        (CANCEL, "expired", "x", "ground"),
        (CANCEL, "dissolved", "x", "ground"),
    ):
        with pytest.raises(DataMissing) as refused:
            end(licence, act, ground, approver, reason=reason)
        assert field in refused.value.fields
    licence.refresh_from_db()
    assert licence.standing == "valid"
    assert not licence.application.documents.filter(kind="licence_end").exists()


@pytest.mark.parametrize(("act", "ground", "word"), [(WITHDRAW, "law_changed", "已撤回"), (CANCEL, "other", "已注销")])
def test_the_public_check_page_tells_it(
    licence: Licence, approver: User, settings: Any, act: str, ground: str, word: str
) -> None:
    end(licence, act, ground, approver)
    issue.mark_ready(licence.application.documents.get(kind="licence_end"), b"%PDF-1.7 end")
    switch_side(settings, "outer")
    page = Client().get(f"/check/{licence.document.check_code}/").content.decode()
    assert word in page
    assert "经查属实" in page
    code = licence.application.documents.get(kind="licence_end").check_code
    assert "目前有效" in Client().get(f"/check/{code}/").content.decode()


# --- by time
def test_an_expired_licence_is_cancelled_a_month_later_once(licence: Licence) -> None:
    assert tick.run(moment("2029-04-03 09:00")).cancelled == []
    assert [tick.run(moment("2029-04-04 09:00")).cancelled for _ in range(3)] == [[licence.number], [], []]
    licence.refresh_from_db()
    assert (licence.standing, licence.ground) == ("cancelled", "expired")
    paper = licence.application.documents.get(kind="licence_end")
    assert paper.content["article"] == "第七十条第（一）项"


def test_never_while_a_renewal_is_undecided(licence: Licence, wang_fang: User, approver: User) -> None:
    ask(licence, wang_fang, "renewal", "2029-03-01 10:00")  # late: silence does not renew it
    assert tick.run(moment("2029-05-04 09:00")).cancelled == []
    with pytest.raises(DataMissing, match="还没有办完"):
        end(licence, CANCEL, "expired", approver, at="2029-05-04 10:00")


def test_the_outer_side_cancels_nothing(licence: Licence, settings: Any) -> None:
    switch_side(settings, "outer")
    assert tick.run(moment("2029-05-04 09:00")).cancelled == []
    licence.refresh_from_db()
    assert licence.standing == "valid"
