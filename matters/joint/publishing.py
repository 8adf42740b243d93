"""Writing packages: draft → review → published by somebody else → in force on its day → superseded or withdrawn."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from pydantic import ValidationError

from identity import revision
from identity.models import Department, User
from matters.checks.problem import Problem
from matters.joint import catalogue, queries
from matters.joint.checks import check
from matters.joint.diff import changed_parts
from matters.joint.guide import JointContent, Package
from matters.joint.materials import MemberGuide
from matters.joint.merging import merge_content
from matters.joint.record import note
from matters.models import JointChange, JointMatter, JointVersion
from matters.publishing import NotPublishable, digest_of
from sync import canonical, outbox

JOINT_PUBLISHED = "joint.published"
MAX_CODE = 50


class JointMoved(Exception):
    """Somebody changed the version since the page was shown; ``version`` is what is there now."""

    def __init__(self, version: JointVersion) -> None:
        self.version = version
        super().__init__("这一版在您打开之后被别人修改或处理过。")


class NotYours(Exception):
    """Whoever wrote or submitted a version may not publish it (four eyes)."""


@transaction.atomic
def begin(code: str, name: str, lead: Department, *, by: User) -> JointVersion:
    """A new package with its first draft. ValueError (Chinese) for a code that is taken or too long."""
    if not 1 <= len(code) <= MAX_CODE:
        raise ValueError(f"编码应有 1 到 {MAX_CODE} 位。")
    if JointMatter.objects.filter(code=code).exists():
        raise ValueError(f"编码 {code} 已经用过，请换一个。")
    joint = JointMatter.objects.create(code=code, name=name[:200], lead=lead)
    return _draft(joint, JointContent(name=name, lead=lead.code), by)


@transaction.atomic
def revise(joint: JointMatter, *, by: User) -> JointVersion:
    """The open version, or a new draft that begins with what is in force (or was withdrawn last)."""
    joint = _locked(joint)
    version = queries.open_version(joint)
    if version is not None:
        return version
    last = joint.current or joint.versions.first()
    assert last is not None  # a package begins with a draft
    return _draft(joint, last.parsed.model_copy(update={"package": None}), by)


def _draft(joint: JointMatter, content: JointContent, by: User) -> JointVersion:
    last = joint.versions.aggregate(last=Max("number"))["last"] or 0
    version = JointVersion.objects.create(joint=joint, number=last + 1, content=content.model_dump(mode="json"))
    note(version, JointChange.Action.DRAFTED, by)
    return version


@transaction.atomic
def save(version: JointVersion, content: Mapping[str, Any], *, by: User, seen: int) -> JointVersion:
    """Keep what was typed; ``seen`` is the revision that the writer was shown.

    JointMoved when another one is there or it is no draft any more; ValueError (Chinese) for text that cannot be kept.
    """
    version = _opened(version, JointVersion.State.DRAFT, seen)
    try:
        new = JointContent.model_validate({**content, "package": None})
    except ValidationError as error:
        raise ValueError(f"有内容的格式不对：{error.errors()[0]['loc']}") from error
    wanted = new.model_dump(mode="json")
    if "\\u0000" in json.dumps(wanted):
        raise ValueError("内容里有不能保存的控制字符（NUL），请删去后再保存。")
    changed = changed_parts(version.parsed, new)
    if not changed:
        return version
    _update(version, content=wanted)
    if version.joint.current_id is None:
        catalogue.describe(version.joint, new)
        version.joint.save()
    note(version, JointChange.Action.EDITED, by, fields=changed)
    return JointVersion.objects.get(pk=version.pk)


@dataclass(frozen=True)
class Standing:
    """An open version as it is now: its members' guides in force, their merge, and what stops publication."""

    guides: Sequence[MemberGuide]
    package: Package
    problems: list[Problem]


def standing(version: JointVersion) -> Standing:
    """Merge and check an open version."""
    content = version.parsed
    known = queries.known(content)
    package = merge_content(content, known.guides)
    return Standing(known.guides, package, check(content, package, known))


@transaction.atomic
def submit(version: JointVersion, *, by: User, seen: int) -> None:
    """Hand a draft to the publisher. NotPublishable with everything that is wrong; JointMoved."""
    version = _opened(version, JointVersion.State.DRAFT, seen)
    problems = standing(version).problems
    if problems:
        raise NotPublishable(problems)
    _update(version, state=JointVersion.State.REVIEW)
    note(version, JointChange.Action.SUBMITTED, by)


@transaction.atomic
def send_back(version: JointVersion, *, by: User, seen: int, reason: str) -> None:
    """Back to the editor, with the reason. JointMoved when it does not wait for review."""
    version = _opened(version, JointVersion.State.REVIEW, seen)
    _update(version, state=JointVersion.State.DRAFT)
    note(version, JointChange.Action.SENT_BACK, by, text=reason)


@transaction.atomic
def publish(version: JointVersion, *, by: User, seen: int, effective_on: date | None = None) -> JointVersion:
    """Make a reviewed version public from ``effective_on`` (default today); the merge is frozen with its guides.

    NotYours for a person who wrote or submitted it; NotPublishable when a guide changed so that it no longer fits; JointMoved.
    """
    version = _opened(version, JointVersion.State.REVIEW, seen)
    if wrote(version, by):
        raise NotYours("编写或者提交这一版的人不能自己发布，请由另一位发布人员核对后发布。")
    now_is = standing(version)
    if now_is.problems:
        raise NotPublishable(now_is.problems)
    content = version.parsed.model_copy(update={"package": now_is.package}).model_dump(mode="json")
    _update(
        version,
        state=JointVersion.State.PUBLISHED,
        content=content,
        digest=digest_of(content),
        effective_on=effective_on or timezone.localdate(),
        published_at=timezone.now(),
        published_by_name=str(by),
    )
    version = JointVersion.objects.select_related("joint__lead").get(pk=version.pk)
    note(version, JointChange.Action.PUBLISHED, by)
    catalogue.bring_due_into_force(timezone.localdate(), version.joint)
    version.joint.refresh_from_db()
    _record(version)
    return version


def wrote(version: JointVersion, user: User) -> bool:
    """Whether this person drafted, edited or submitted the version."""
    hands = [JointChange.Action.DRAFTED, JointChange.Action.EDITED, JointChange.Action.SUBMITTED]
    return version.changes.filter(by=user, action__in=hands).exists()


@transaction.atomic
def withdraw(joint: JointMatter, *, by: User, reason: str) -> None:
    """Take a package from the public; its members stay. ValueError when it is not published."""
    joint = _locked(joint)
    version = joint.current
    if version is None:
        raise ValueError("这一件事现在没有公开。")
    _update(version, state=JointVersion.State.WITHDRAWN)
    version = JointVersion.objects.select_related("joint__lead").get(pk=version.pk)
    note(version, JointChange.Action.WITHDRAWN, by, text=reason)
    take_out(joint)
    _record(version)


def take_out(joint: JointMatter) -> None:
    """No longer public; inside the caller's transaction. Both sides."""
    joint.active, joint.current = False, None
    joint.save(update_fields=["active", "current"])
    joint.members.all().delete()
    revision.bump()


@transaction.atomic
def discard(version: JointVersion, *, seen: int) -> bool:
    """Throw a draft away; returns whether the package is still there: one that was never published goes with it."""
    version = _opened(version, JointVersion.State.DRAFT, seen)
    joint = version.joint
    version.delete()
    if joint.versions.exists():
        return True
    joint.delete()
    return False


def _locked(joint: JointMatter) -> JointMatter:
    return JointMatter.objects.select_for_update(of=("self",)).select_related("current").get(pk=joint.pk)


def _opened(version: JointVersion, state: str, seen: int) -> JointVersion:
    """The version under lock, in this state and as it was shown; JointMoved otherwise."""
    found = JointVersion.objects.select_for_update(of=("self",)).select_related("joint__lead").get(pk=version.pk)
    if found.state != state or found.revision != seen:
        raise JointMoved(found)
    return found


def _update(version: JointVersion, **values: Any) -> None:
    """Write past the instance, whose parsed content would be the old one; every act is a new revision."""
    JointVersion.objects.filter(pk=version.pk).update(
        revision=version.revision + 1, updated_at=timezone.now(), **values
    )


def _record(version: JointVersion) -> None:
    joint = version.joint
    outbox.record(
        JOINT_PUBLISHED,
        f"joint:{joint.uid}",
        {
            "joint": {"uid": str(joint.uid), "code": joint.code, "lead": version.parsed.lead},
            "version": {
                "uid": str(version.uid),
                "number": version.number,
                "state": version.state,
                "content": version.content,
                "digest": version.digest,
                "effective_on": str(version.effective_on),
                "published_at": canonical.moment(version.published_at or timezone.now()),
                "published_by_name": version.published_by_name,
            },
        },
    )
