"""A package's life: draft, review, published by somebody else, superseded, withdrawn; and what crosses the gap."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from identity.models import Department, Role, User
from matters import services
from matters.joint import catalogue, publishing, queries
from matters.joint.publishing import JointMoved, NotYours
from matters.joint.sync_handlers import joint_published
from matters.models import JointMatter, JointMember, JointVersion, Matter
from matters.publishing import NotPublishable
from sync.models import Outbox
from sync.registry import Fact, Reject
from tests.matters import joints
from tests.matters.conftest import publish as publish_matter
from tests.people import make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def members(market_bureau: Department, housing_bureau: Department) -> list[Matter]:
    return joints.two_matters(market_bureau, housing_bureau)


@pytest.fixture
def draft(editor: User, market_bureau: Department) -> JointVersion:
    return joints.drafted(editor, market_bureau)


@pytest.fixture
def waiting(editor: User, market_bureau: Department) -> JointVersion:
    return joints.submitted(editor, market_bureau)


@pytest.fixture
def joint(editor: User, publisher: User, market_bureau: Department) -> JointMatter:
    return joints.published(editor, publisher, market_bureau)


def test_a_draft_is_not_public(draft: JointVersion) -> None:
    assert (draft.number, draft.state) == (1, "draft")
    assert not queries.published().exists()


def test_a_published_package_freezes_the_guides_and_the_merge(joint: JointMatter, members: list[Matter]) -> None:
    package = joint.current.package
    assert {one.guide_uid for one in package.members} == {str(matter.current.uid) for matter in members}
    assert [row.name for row in package.materials] == ["联合申请表", "经营场所平面图", "营业执照", "灭火和应急疏散预案"]
    assert package.limit == 17
    assert set(JointMember.objects.values_list("matter__code", flat=True)) == {joints.FOOD, joints.FIRE}


def test_what_waits_for_review_cannot_be_edited(waiting: JointVersion, editor: User) -> None:
    with pytest.raises(JointMoved):
        publishing.save(waiting, joints.CONTENT, by=editor, seen=waiting.revision)


def test_two_editors_cannot_overwrite_each_other(draft: JointVersion, editor: User) -> None:
    publishing.save(draft, {**joints.CONTENT, "name": "开店"}, by=editor, seen=draft.revision)
    with pytest.raises(JointMoved) as moved:
        publishing.save(draft, {**joints.CONTENT, "name": "另一个"}, by=editor, seen=draft.revision)
    assert moved.value.version.parsed.name == "开店"


def test_saving_what_is_there_changes_nothing(draft: JointVersion, editor: User) -> None:
    again = publishing.save(draft, draft.content, by=editor, seen=draft.revision)
    assert again.revision == draft.revision


def test_nobody_publishes_what_he_wrote(market_bureau: Department) -> None:
    both = make_staff("liangren", "两任", market_bureau, Role.EDITOR, Role.PUBLISHER)
    version = joints.submitted(both, market_bureau)
    with pytest.raises(NotYours):
        publishing.publish(version, by=both, seen=version.revision)
    assert not queries.published().exists()


def test_a_draft_cannot_be_published_without_review(draft: JointVersion, publisher: User) -> None:
    with pytest.raises(JointMoved):
        publishing.publish(draft, by=publisher, seen=draft.revision)


def test_sent_back_it_is_a_draft_again_with_the_reason(waiting: JointVersion, publisher: User) -> None:
    publishing.send_back(waiting, by=publisher, seen=waiting.revision, reason="顺序不对")
    version = JointVersion.objects.get(pk=waiting.pk)
    assert version.state == "draft"
    assert (version.changes.first().action, version.changes.first().note) == ("sent_back", "顺序不对")


def test_the_record_says_who_did_what(joint: JointMatter) -> None:
    rows = joint.current.changes.order_by("pk").values_list("action", "by_name")
    assert list(rows) == [("drafted", "何苗"), ("edited", "何苗"), ("submitted", "何苗"), ("published", "罗宁")]


def test_the_database_refuses_to_change_what_is_published(joint: JointMatter) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        JointVersion.objects.filter(pk=joint.current_id).update(content={})


def test_a_later_day_waits_for_its_day(waiting: JointVersion, publisher: User) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    publishing.publish(waiting, by=publisher, seen=waiting.revision, effective_on=tomorrow)
    assert not queries.published().exists()
    assert [catalogue.bring_due_into_force(tomorrow) for _ in range(2)] == [1, 0]
    assert queries.published().exists()


def test_a_new_version_takes_the_place_of_the_old(joint: JointMatter, editor: User, publisher: User) -> None:
    version = publishing.revise(joint, by=editor)
    assert version.parsed.package is None
    assert publishing.revise(joint, by=editor) == version
    version = publishing.save(version, {**version.content, "name": "开饭店一件事"}, by=editor, seen=version.revision)
    assert queries.published().get().name == "开办餐饮店一件事"
    publishing.submit(version, by=editor, seen=version.revision)
    version.refresh_from_db()
    publishing.publish(version, by=publisher, seen=version.revision)
    assert queries.published().get().name == "开饭店一件事"


def test_withdrawn_it_is_gone_and_can_come_back(joint: JointMatter, editor: User, publisher: User) -> None:
    publishing.withdraw(joint, by=publisher, reason="政策调整")
    assert not queries.published().exists()
    assert catalogue.bring_due_into_force(timezone.localdate()) == 0
    with pytest.raises(ValueError, match="没有公开"):
        publishing.withdraw(joint, by=publisher, reason="再来一次")
    assert publishing.revise(joint, by=editor).parsed.name == "开办餐饮店一件事"


def test_a_discarded_first_draft_leaves_nothing(draft: JointVersion) -> None:
    assert publishing.discard(draft, seen=draft.revision) is False
    assert not JointMatter.objects.exists()


def test_a_code_is_given_once(draft: JointVersion, editor: User, market_bureau: Department) -> None:
    with pytest.raises(ValueError, match="已经用过"):
        publishing.begin("restaurant", "又一个", market_bureau, by=editor)


def test_control_characters_are_refused(draft: JointVersion, editor: User) -> None:
    with pytest.raises(ValueError, match="控制字符"):
        publishing.save(draft, {**joints.CONTENT, "name": "开\0店"}, by=editor, seen=draft.revision)


# --- members that change
def test_a_changed_member_is_told(joint: JointMatter, market_bureau: Department) -> None:
    assert queries.changes_of(joint) == []
    publish_matter(market_bureau, joints.FOOD, conditions=["有固定的经营场所"])
    assert [(change.code, change.number) for change in queries.changes_of(joint)] == [(joints.FOOD, 2)]
    assert queries.with_changes(JointMatter.objects.all()).get().has_changes
    frozen = JointMatter.objects.get().current.package
    assert len(frozen.conditions) == 2


def test_a_withdrawn_member_is_told(joint: JointMatter, members: list[Matter]) -> None:
    services.withdraw(members[1], by="罗宁")
    assert [(change.code, change.number) for change in queries.changes_of(joint)] == [(joints.FIRE, None)]


def test_published_again_it_rests_on_the_new_guide(
    joint: JointMatter, editor: User, publisher: User, market_bureau: Department
) -> None:
    publish_matter(market_bureau, joints.FOOD, conditions=["有固定的经营场所"])
    version = publishing.revise(joint, by=editor)
    publishing.submit(version, by=editor, seen=version.revision)
    version.refresh_from_db()
    publishing.publish(version, by=publisher, seen=version.revision)
    assert queries.changes_of(joint) == []


def test_a_guide_that_changed_since_the_review_stops_publication(
    waiting: JointVersion, members: list[Matter], publisher: User
) -> None:
    services.withdraw(members[1], by="罗宁")
    with pytest.raises(NotPublishable):
        publishing.publish(waiting, by=publisher, seen=waiting.revision)


# --- across the gap
@pytest.fixture
def arrived(editor: User, publisher: User, market_bureau: Department, on_outer: str) -> dict[str, Any]:
    """The payload of a package that this site has never seen."""
    with transaction.atomic():
        joints.published(editor, publisher, market_bureau)
        payload: dict[str, Any] = json.loads(Outbox.objects.get(topic="joint.published").payload)
        transaction.set_rollback(True)
    assert not JointMatter.objects.exists()
    return payload


def fact(payload: dict[str, Any]) -> Fact:
    return Fact("joint.published", 1, f"joint:{payload['joint']['uid']}", 1, 1, payload, [], timezone.now())


def test_a_published_package_appears_outside(arrived: dict[str, Any]) -> None:
    for _ in range(2):
        joint_published(fact(arrived))
    joint = queries.published().get()
    assert (joint.name, joint.lead.code, joint.limit) == ("开办餐饮店一件事", "YC-SCJG", 17)
    assert joint.members.count() == 2
    assert queries.changes_of(joint) == []
    assert queries.find("ctyd").exists() is False
    assert queries.find("kfd").exists()


def test_a_withdrawn_package_disappears_outside(arrived: dict[str, Any]) -> None:
    joint_published(fact(arrived))
    arrived["version"]["state"] = "withdrawn"
    joint_published(fact(arrived))
    assert not queries.published().exists()


def test_what_was_changed_on_the_way_is_rejected(arrived: dict[str, Any]) -> None:
    arrived["version"]["content"]["name"] = "别的"
    with pytest.raises(Reject, match="摘要"):
        joint_published(fact(arrived))


@pytest.mark.parametrize("part", ["joint", "version"])
def test_a_broken_payload_is_rejected(arrived: dict[str, Any], part: str) -> None:
    broken = Fact("joint.published", 1, "joint:x", 1, 1, {**arrived, part: {}}, [], timezone.now())
    with pytest.raises(Reject, match="格式"):
        joint_published(broken)


def test_unknown_members_and_departments_are_rejected(arrived: dict[str, Any]) -> None:
    joint = {**arrived["joint"], "lead": "YC-WU"}
    with pytest.raises(Reject, match="YC-WU"):
        joint_published(fact({**arrived, "joint": joint}))
    Matter.objects.filter(code=joints.FIRE).update(code="别的")
    with pytest.raises(Reject, match=joints.FIRE):
        joint_published(fact(arrived))


def test_the_inner_side_takes_no_packages(arrived: dict[str, Any], on_inner: str) -> None:
    with pytest.raises(Reject, match="内网"):
        joint_published(fact(arrived))
