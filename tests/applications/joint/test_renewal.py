"""A member's guide changes while a joint draft is filled in: it waits for the package, then follows it and loses nothing."""

import copy

import pytest
from django.test import Client
from django.urls import reverse

from applications.joint import drafts, opening
from applications.models import JointCase
from identity.models import User
from matters.joint import publishing
from matters.models import GuideVersion, JointMatter, JointVersion, Matter
from tests.applications.joint.conftest import FIRE, FOOD, child
from tests.factories import moment

pytestmark = pytest.mark.django_db


def change_guide(matter: Matter) -> None:
    """The department asks one more paper."""
    assert matter.current is not None
    body = copy.deepcopy(matter.current.content)
    body["guide"]["materials"].append({**body["guide"]["materials"][0], "key": "rent", "name": "租赁合同"})
    matter.current = GuideVersion.objects.create(
        matter=matter,
        number=2,
        state=GuideVersion.State.PUBLISHED,
        content=body,
        effective_on=matter.current.effective_on,
        published_at=moment("2026-03-01 09:00"),
        published_by_name="目录管理员",
    )
    matter.save()


def publish_again(package: JointMatter, editor: User, publisher: User) -> None:
    draft = publishing.revise(package, by=editor)
    publishing.submit(draft, by=editor, seen=draft.revision)
    waiting = JointVersion.objects.get(pk=draft.pk)
    publishing.publish(waiting, by=publisher, seen=waiting.revision)


def test_the_draft_waits_and_then_follows(
    ready: JointCase, package: JointMatter, browser: Client, editor: User, publisher: User
) -> None:
    change_guide(Matter.objects.get(code=FOOD))
    at = moment("2026-03-02 10:00")
    assert "正在核对" in opening.closed_because(JointMatter.objects.get(), ready.codes, at)
    page = browser.get(reverse("applications:joint-check", args=[ready.uid])).content.decode()
    assert "租赁合同" not in page

    publish_again(JointMatter.objects.get(), editor, publisher)
    assert opening.closed_because(JointMatter.objects.get(), ready.codes, at) == ""
    page = browser.get(reverse("applications:joint-draft", args=[ready.uid])).content.decode()
    assert "刚刚更新过" in page
    fresh = JointCase.objects.get()
    assert fresh.answers["place"]["name"] == "青禾小厨"
    lacking = [name for name in drafts.missing(fresh) if name.startswith("material:")]
    assert lacking == [f"material:{FOOD}.rent"]
    assert child(fresh, FIRE).materials.count() == 2
