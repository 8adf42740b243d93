"""The demo city's joint matters, one file each: written by its editor, published by its publisher."""

import json
from pathlib import Path
from typing import Any

from django.db import transaction

from identity.models import Department, Post, Role, User
from matters.joint import publishing, queries
from matters.joint.guide import JointContent
from matters.models import JointMatter, JointVersion

FOLDER = Path(__file__).resolve().parent / "packages"


def files() -> list[Path]:
    """The files, in a fixed order."""
    return sorted(FOLDER.glob("*.json"))


@transaction.atomic
def publish(path: Path, publisher: User) -> bool:
    """Publish a package that is new, differs from the one in force, or whose members' guides changed since."""
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    code = data.pop("code")
    content = JointContent.model_validate(data)
    joint = JointMatter.objects.filter(code=code).select_related("current").first()
    if joint is not None and _is_current(joint, content):
        return False
    keepers = Post.objects.filter(role=Role.EDITOR, active=True, department__in=publisher.posts.values("department"))
    editor = User.objects.filter(posts__in=keepers).earliest("pk")
    lead = Department.objects.get(code=content.lead)
    draft = publishing.revise(joint, by=editor) if joint else publishing.begin(code, content.name, lead, by=editor)
    draft = publishing.save(draft, content.model_dump(mode="json"), by=editor, seen=draft.revision)
    publishing.submit(draft, by=editor, seen=draft.revision)
    waiting = JointVersion.objects.get(pk=draft.pk)
    publishing.publish(waiting, by=publisher, seen=waiting.revision)
    return True


def _is_current(joint: JointMatter, content: JointContent) -> bool:
    if joint.current is None or queries.changes_of(joint):
        return False
    return joint.current.parsed.model_copy(update={"package": None}) == content
