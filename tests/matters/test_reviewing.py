"""The life of a version: who may do what when (the whole table), four eyes, what is frozen, and the record of it."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone
from pytest_django import Settings

from identity.models import Department, Role, User
from matters import catalogue, publishing, queries, reviewing, services
from matters.models import GuideChange, GuideVersion, Matter
from matters.publishing import NotPublishable
from matters.reviewing import MOVES, MoveRefused, VersionMoved, perform
from sync.models import Outbox
from tests.conftest import switch_side
from tests.matters.guides import whole
from tests.people import login, make_department, make_staff

pytestmark = pytest.mark.django_db
People = dict[str, User]
OPINION = "第十项材料少了依据，请补上。"


@pytest.fixture
def people(market_bureau: Department, housing_bureau: Department) -> People:
    """Authors and others, of the guide's department, of the coordinating one, of another, and one without such a post."""
    centre = make_department("YC-ZWFW", "云川市政务服务管理局", "市政务局")
    Department.objects.filter(pk=centre.pk).update(coordinates=True)
    centre.refresh_from_db()
    return {
        "author": make_staff("zuozhe", "作者", market_bureau, Role.EDITOR),
        "author publisher": make_staff("zuozhefabu", "作者兼发布", market_bureau, Role.EDITOR, Role.PUBLISHER),
        "editor": make_staff("hemiao2", "何苗二", market_bureau, Role.EDITOR),
        "publisher": make_staff("luoning2", "罗宁二", market_bureau, Role.PUBLISHER),
        "centre editor": make_staff("zhouning2", "周宁二", centre, Role.EDITOR),
        "centre publisher": make_staff("xuzhuo2", "许卓二", centre, Role.PUBLISHER),
        "housing editor": make_staff("zhujian1", "住建编", housing_bureau, Role.EDITOR),
        "housing publisher": make_staff("zhujian2", "住建发", housing_bureau, Role.PUBLISHER),
        "clerk": make_staff("chenjing2", "陈静二", market_bureau, Role.CLERK),
    }


def written(people: People, department: Department, **changes: Any) -> GuideVersion:
    """A draft that both authors wrote."""
    services.save_draft(whole(matter_name="旧名称"), department, by=people["author"])
    return services.save_draft(whole(**changes), department, by=people["author publisher"])


def act(version: GuideVersion, name: str, by: User, **data: Any) -> GuideVersion:
    """A move with whatever it asks for, as a fresh page would make it."""
    fresh = GuideVersion.objects.get(pk=version.pk)
    move = MOVES[name]
    given = {"opinion": OPINION} if move.needs_opinion else {}
    given |= {"effective_on": timezone.localdate()} if move.needs_date else {}
    return perform(fresh, name, by=by, seen=fresh.seen, **given | data)


def bring_to(standing: str, people: People, department: Department) -> GuideVersion:
    """A version in this standing."""
    version = written(people, department)
    if standing == "draft":
        return version
    version = act(version, "submit", people["author"])
    if standing == "review":
        return version
    version = act(version, "approve", people["editor"])
    if standing == "approved":
        return version
    later = timezone.localdate() + timedelta(days=10 if standing == "scheduled" else 0)
    version = act(version, "publish", people["publisher"], effective_on=later)
    if standing == "withdrawn":
        return act(version, "withdraw", people["publisher"])
    if standing == "superseded":
        publishing.publish(services.save_draft(whole(), department, by="别人"), by="别人")
    return GuideVersion.objects.get(pk=version.pk)


EVERY_EDITOR = {"author", "author publisher", "editor", "centre editor"}
OTHERS = {"editor", "publisher", "centre editor", "centre publisher"}
AUTHORS = {"author", "author publisher"}
OTHER_PUBLISHERS = {"publisher", "centre publisher"}
EVERY_PUBLISHER = OTHER_PUBLISHERS | {"author publisher"}
# The whole table: standing -> move -> who may. What is not here nobody may.
TABLE: dict[str, dict[str, set[str]]] = {
    "draft": {"submit": EVERY_EDITOR},
    "review": {"take-back": AUTHORS, "send-back": OTHERS, "approve": OTHERS},
    "approved": {"take-back": AUTHORS, "send-back": OTHERS, "publish": OTHER_PUBLISHERS},
    "scheduled": {"withdraw": EVERY_PUBLISHER},
    "in_force": {"withdraw": EVERY_PUBLISHER},
    "superseded": {},
    "withdrawn": {},
}


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


# --- it works


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


# --- one unpublished version


@pytest.mark.parametrize("standing", ["review", "approved"])
def test_a_locked_version_is_not_overwritten(standing: str, people: People, market_bureau: Department) -> None:
    version = bring_to(standing, people, market_bureau)
    with pytest.raises(services.UnderReview, match="内容已经锁定"):
        services.save_draft(whole(matter_name="偷偷改掉的名称"), market_bureau, by=people["author"])
    assert GuideVersion.objects.get().content == version.content
    assert Matter.objects.get().name == "食品经营许可"


def test_the_database_keeps_one_unpublished_version(people: People, market_bureau: Department) -> None:
    version = bring_to("review", people, market_bureau)
    with pytest.raises(IntegrityError), transaction.atomic():
        GuideVersion.objects.create(matter=version.matter, number=9)


# --- the database itself


@pytest.mark.parametrize("standing", ["review", "approved"])
@pytest.mark.parametrize("change", [{"content": {}}, {"number": 9}])
def test_a_reviewed_version_is_frozen(standing: str, change: dict, people: People, market_bureau: Department) -> None:
    version = bring_to(standing, people, market_bureau)
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        GuideVersion.objects.filter(pk=version.pk).update(**change)


LEGAL = {
    ("draft", "review"), ("draft", "published"), ("review", "draft"), ("review", "approved"), ("approved", "draft"),
    ("approved", "published"), ("published", "withdrawn"),
}  # fmt: skip


@pytest.mark.parametrize("new", list(GuideVersion.State.values))
@pytest.mark.parametrize("old", list(GuideVersion.State.values))
def test_the_database_knows_which_state_follows(old: str, new: str, people: People, market_bureau: Department) -> None:
    version = bring_to({"published": "in_force"}.get(old, old), people, market_bureau)
    rows = GuideVersion.objects.filter(pk=version.pk)
    if old == new or (old, new) in LEGAL:
        rows.update(state=new)
        return
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        rows.update(state=new)


def test_the_day_of_withdrawal_is_not_rewritten(people: People, market_bureau: Department) -> None:
    for standing in ("in_force", "withdrawn"):
        version = bring_to(standing, people, market_bureau)
        with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
            GuideVersion.objects.filter(pk=version.pk).update(withdrawn_on=date(2020, 1, 1))
        GuideVersion.objects.filter(state="published").update(state="withdrawn")


def row_of(version: GuideVersion, action: str) -> Any:
    return GuideChange.objects.filter(version=version, action=action)


@pytest.mark.parametrize(
    ("action", "change"),
    [
        ("submitted", {"by_name": "外人"}),
        ("submitted", {"fields": ["contact"]}),
        ("submitted", {"at": timezone.now()}),
        ("edited", {"note": "改了"}),
        ("edited", {"fields": []}),
        ("edited", {"action": "imported"}),
        ("edited", {"at": timezone.now() - timedelta(days=3)}),
    ],
)
def test_the_record_is_only_added_to(action: str, change: dict, people: People, market_bureau: Department) -> None:
    version = bring_to("review", people, market_bureau)
    with pytest.raises(DatabaseError, match="only added to"), transaction.atomic():
        row_of(version, action).update(**change)


def test_the_row_of_one_sitting_grows(people: People, market_bureau: Department) -> None:
    written(people, market_bureau)
    version = services.save_draft(whole(conditions=[]), market_bureau, by=people["author publisher"])
    assert row_of(version, "edited").get().fields == ["matter_name", "conditions"]


def test_nothing_of_a_submitted_version_is_deleted(people: People, market_bureau: Department) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite leaves deletion to the foreign keys")
    version = bring_to("review", people, market_bureau)
    for rows in (GuideChange.objects.filter(version=version), GuideVersion.objects.filter(pk=version.pk)):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.delete()


# --- days


def test_a_withdrawn_version_that_waited_leaves_the_others(people: People, market_bureau: Department) -> None:
    bring_to("in_force", people, market_bureau)
    days = [timezone.localdate() + timedelta(days=number) for number in (5, 9)]
    for day in days:
        draft = services.save_draft(
            whole(promised_limit={"value": 10 + day.toordinal() % 7, "unit": "G"}), market_bureau, by="别人"
        )
        publishing.publish(draft, by="别人", effective_on=day)
    last = GuideVersion.objects.get(number=3)
    act(last, "withdraw", people["publisher"])
    matter = queries.get_published("YC-SCJG-0001")
    assert matter.current.number == 1
    catalogue.bring_due_into_force(days[1])
    assert queries.get_published("YC-SCJG-0001").current.number == 2


def test_withdrawing_the_one_in_force_takes_the_matter_out(people: People, market_bureau: Department) -> None:
    version = bring_to("in_force", people, market_bureau)
    act(version, "withdraw", people["publisher"])
    assert not queries.published().exists()
    assert version.changes.first().note == OPINION


# --- pages


@pytest.fixture
def office(settings: Settings) -> None:
    switch_side(settings, "inner")


def address(version: GuideVersion, name: str) -> str:
    return f"/catalogue/{version.matter.uid}/versions/{version.number}/{name}/"


def test_a_page_shows_what_it_does_and_does_it(office: None, people: People, market_bureau: Department) -> None:
    version = bring_to("approved", people, market_bureau)
    client = login(people["publisher"])
    page = client.get(address(version, "publish"))
    assert "发布后不能修改" in page.text
    day = timezone.localdate() + timedelta(days=3)
    answer = client.post(address(version, "publish"), {"seen": version.seen, "effective_on": str(day)}, follow=True)
    assert "已发布" in answer.text
    assert GuideVersion.objects.get().standing == "scheduled"


def test_the_reviewer_sees_the_differences_first(office: None, people: People, market_bureau: Department) -> None:
    bring_to("in_force", people, market_bureau)
    version = written(people, market_bureau, promised_limit={"value": 7, "unit": "G"})
    version = act(version, "submit", people["author"])
    page = login(people["editor"]).get(address(version, "approve")).text
    assert "<del>10</del><ins>7</ins>" in page


def test_problems_are_listed_instead_of_a_button(office: None, people: People, market_bureau: Department) -> None:
    version = written(people, market_bureau, conditions=[])
    client = login(people["author"])
    assert "申请条件至少要有一条" in client.get(address(version, "submit")).text
    assert client.post(address(version, "submit"), {"seen": version.seen}).status_code == 422


@pytest.mark.parametrize(
    ("who", "status"),
    [("author", 403), ("clerk", 403), ("housing publisher", 404), ("publisher", 302), ("centre publisher", 302)],
)
def test_who_may_use_the_page(who: str, status: int, office: None, people: People, market_bureau: Department) -> None:
    version = bring_to("approved", people, market_bureau)
    data = {"seen": version.seen, "effective_on": str(timezone.localdate())}
    assert login(people[who]).post(address(version, "publish"), data).status_code == status


def test_a_stale_page_keeps_what_was_typed(office: None, people: People, market_bureau: Department) -> None:
    version = bring_to("review", people, market_bureau)
    act(version, "take-back", people["author"])
    act(version, "submit", people["author"])
    client = login(people["editor"])
    answer = client.post(address(version, "send-back"), {"seen": version.seen, "opinion": OPINION})
    assert (answer.status_code, OPINION in answer.text) == (409, True)
    act(version, "take-back", people["author"])
    answer = client.post(address(version, "send-back"), {"seen": version.seen, "opinion": OPINION})
    assert (answer.status_code, OPINION in answer.text) == (409, True)


def test_an_opinion_that_is_missing_is_asked_for(office: None, people: People, market_bureau: Department) -> None:
    version = bring_to("review", people, market_bureau)
    answer = login(people["editor"]).post(address(version, "send-back"), {"seen": version.seen, "opinion": ""})
    assert (answer.status_code, "请写明退回的意见" in answer.text) == (422, True)


@pytest.mark.parametrize(
    "path", ["versions/1/nonsense/", "versions/7/submit/", "versions/1/diff/?with=99", "versions/1/diff/?with=x"]
)
def test_what_is_not_there_is_not_found(path: str, office: None, people: People, market_bureau: Department) -> None:
    version = bring_to("draft", people, market_bureau)
    assert login(people["author"]).get(f"/catalogue/{version.matter.uid}/{path}").status_code == 404


@pytest.mark.parametrize("standing", list(TABLE))
def test_the_matters_page_says_what_is_next(
    standing: str, office: None, people: People, market_bureau: Department
) -> None:
    version = bring_to(standing, people, market_bureau)
    offered: Callable[[str], str] = lambda who: login(people[who]).get(f"/catalogue/{version.matter.uid}/").text  # noqa: E731
    for name in MOVES:
        for who in ("author", "editor", "publisher"):
            is_allowed = who in TABLE[standing].get(name, set())
            assert (address(version, name) in offered(who)) is is_allowed, (name, who)


def test_a_default_written_out_is_no_change(people: People, market_bureau: Department) -> None:
    version = bring_to("in_force", people, market_bureau)
    draft = services.save_draft(whole(promised_limit={"value": 7, "unit": "G"}), market_bureau, by=people["author"])
    assert version.content != whole()
    assert draft.changes.get().fields == ["promised_limit"]
