"""The life of a version: who may do what when (the whole table), four eyes, stale forms, and what each move asks for."""

from datetime import date

import pytest

from identity.models import Department
from matters import publishing, reviewing, services
from matters.models import GuideChange, GuideVersion
from matters.publishing import NotPublishable
from matters.reviewing import MOVES, MoveRefused, VersionMoved, perform
from sync.models import Outbox
from tests.matters.guides import whole
from tests.matters.versions import OPINION, TABLE, People, act, bring_to, written

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("standing", list(TABLE))
def test_who_may_do_what_when(standing: str, people: People, market_bureau: Department) -> None:
    version = bring_to(standing, people, market_bureau)
    assert version.standing == standing
    found = {
        name: {who for who, user in people.items() if name in reviewing.moves_for(version, user)} for name in MOVES
    }
    assert {name: who for name, who in found.items() if who} == TABLE[standing]


@pytest.mark.parametrize("name", list(MOVES))
@pytest.mark.parametrize("standing", list(TABLE))
def test_what_the_table_does_not_allow_is_refused(
    standing: str, name: str, people: People, market_bureau: Department
) -> None:
    version = bring_to(standing, people, market_bureau)
    before = (version.state, version.revision, GuideChange.objects.count(), Outbox.objects.count())
    for who, user in people.items():
        if who in TABLE[standing].get(name, set()):
            continue
        with pytest.raises(MoveRefused) as refused:
            act(version, name, user)
        assert refused.value.status == (403 if name in TABLE[standing] else 409)
    version.refresh_from_db()
    assert (version.state, version.revision, GuideChange.objects.count(), Outbox.objects.count()) == before


def test_a_whole_life_leaves_a_whole_record(people: People, market_bureau: Department) -> None:
    version = written(people, market_bureau)
    act(version, "submit", people["author"])
    act(version, "send-back", people["editor"])
    services.save_draft(whole(aliases=1, matter_name="食品经营许可证"), market_bureau, by=people["author"])
    act(version, "submit", people["author"])
    act(version, "approve", people["editor"], opinion="可以。")
    version = act(version, "publish", people["publisher"])
    assert (version.standing, version.published_by_name) == ("in_force", "罗宁二")
    rows = version.changes.order_by("pk").values_list("action", "by_name", "note")
    assert list(rows) == [
        ("drafted", "作者", ""),
        ("edited", "作者兼发布", ""),
        ("submitted", "作者", ""),
        ("returned", "何苗二", OPINION),
        ("edited", "作者", ""),
        ("submitted", "作者", ""),
        ("approved", "何苗二", "可以。"),
        ("published", "罗宁二", ""),
    ]


def test_only_a_whole_guide_is_submitted(people: People, market_bureau: Department) -> None:
    version = written(people, market_bureau, conditions=[])
    with pytest.raises(NotPublishable) as refused:
        act(version, "submit", people["author"])
    assert [problem.field for problem in refused.value.problems] == ["conditions"]
    assert GuideVersion.objects.get(pk=version.pk).state == "draft"


def test_what_was_approved_is_published_to_the_letter(people: People, market_bureau: Department) -> None:
    approved = bring_to("approved", people, market_bureau)
    published = act(approved, "publish", people["publisher"])
    assert published.content == approved.content
    assert published.digest == publishing.digest_of(approved.content)


def test_who_submitted_what_others_wrote_is_an_author_too(people: People, market_bureau: Department) -> None:
    version = services.save_draft(whole(), market_bureau, by=people["author"])
    act(version, "submit", people["editor"])
    with pytest.raises(MoveRefused, match="四眼"):
        act(version, "approve", people["editor"])


def test_a_row_without_account_counts_by_its_name(people: People, market_bureau: Department) -> None:
    version = services.save_draft(whole(), market_bureau, by="罗宁二")
    act(version, "submit", people["author"])
    act(version, "approve", people["editor"])
    with pytest.raises(MoveRefused, match="四眼"):
        act(version, "publish", people["publisher"])


# --- stale forms


def test_a_stale_form_changes_nothing(people: People, market_bureau: Department) -> None:
    version = bring_to("review", people, market_bureau)
    act(version, "take-back", people["author"])
    act(version, "submit", people["author"])
    with pytest.raises(VersionMoved):
        perform(version, "approve", by=people["editor"], seen=version.seen)
    assert GuideVersion.objects.get(pk=version.pk).state == "review"


def test_sent_back_is_not_the_draft_it_was(people: People, market_bureau: Department) -> None:
    draft = written(people, market_bureau)
    act(draft, "submit", people["author"])
    act(draft, "send-back", people["editor"])
    with pytest.raises(VersionMoved):
        perform(draft, "submit", by=people["author"], seen=draft.seen)


# --- input


@pytest.mark.parametrize(("name", "standing"), [("send-back", "review"), ("withdraw", "in_force")])
def test_an_opinion_is_asked_for(name: str, standing: str, people: People, market_bureau: Department) -> None:
    version = bring_to(standing, people, market_bureau)
    with pytest.raises(MoveRefused, match="请写明"):
        act(version, name, people["publisher"], opinion="  ")
    with pytest.raises(MoveRefused, match="不能超过"):
        act(version, name, people["publisher"], opinion="长" * 2001)


@pytest.mark.parametrize("day", [None, date(2020, 1, 1)])
def test_nothing_is_published_for_the_past(day: date | None, people: People, market_bureau: Department) -> None:
    version = bring_to("approved", people, market_bureau)
    with pytest.raises(MoveRefused, match="不能早于今天"):
        act(version, "publish", people["publisher"], effective_on=day)


def test_a_newer_version_does_not_overtake_one_that_waits(people: People, market_bureau: Department) -> None:
    bring_to("scheduled", people, market_bureau)
    version = written(people, market_bureau)
    act(version, "submit", people["author"])
    act(version, "approve", people["editor"])
    with pytest.raises(MoveRefused, match="第 1 版定于"):
        act(version, "publish", people["publisher"])
