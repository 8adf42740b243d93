"""Writing the catalogue: drafts here, publication in ``matters.publishing``."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from identity.models import Department, User
from matters import queries, record
from matters.checks import types
from matters.guide import GuideContent
from matters.models import GuideChange, GuideVersion, Matter
from matters.publishing import NotPublishable, publish, withdraw, withdraw_version

__all__ = [
    "DraftMoved",
    "NotPublishable",
    "UnderReview",
    "note_usual_days",
    "publish",
    "save_draft",
    "withdraw",
    "withdraw_version",
]


MAX_CODE = 50


class DraftMoved(Exception):
    """Somebody saved the draft since the form was shown; ``draft`` is what is there now."""

    def __init__(self, draft: GuideVersion) -> None:
        self.draft = draft
        super().__init__("这份草稿在您打开之后被别人修改过。")


class UnderReview(ValueError):
    """The matter's next version is being reviewed or waits to be published; ``version`` is that one."""

    def __init__(self, version: GuideVersion) -> None:
        self.version = version
        super().__init__(
            f"这一事项的第 {version.number} 版{version.get_state_display()}，内容已经锁定，不能修改。"
            "需要修改时，请编写人收回，或请审核人退回。"
        )


@transaction.atomic
def save_draft(
    content: Mapping[str, Any],
    department: Department,
    *,
    by: User | str = "",
    seen: int | None = None,
    action: str = GuideChange.Action.EDITED,
    note: str = "",
    at: datetime | None = None,
) -> GuideVersion:
    """Keep ``{"header", "guide", "form", "scenario"}`` as the draft of the matter named by its code, made when it is new.

    A draft may be as incomplete as it likes; only ``header.code`` must be there, and text must be text (ValueError). A matter has one draft at
    most: it is overwritten. A matter that is published already keeps its guide in force until ``publish``. ``seen`` is
    the revision that the writer was shown: DraftMoved when another one is there. UnderReview while the next version is
    being reviewed or waits to be published. Saving what is there changes nothing. ``at`` is when it was written (now).
    """
    parsed, _problems, _unread = types.read(content)
    code = parsed.header.code
    if not 1 <= len(code) <= MAX_CODE:
        raise ValueError(f"草稿的实施编码（header.code）应有 1 到 {MAX_CODE} 位，否则无法归入任何事项。")
    if "\\u0000" in json.dumps(content):
        raise ValueError("草稿里有不能保存的控制字符（NUL），请删去后再保存。")
    matter, _created = Matter.objects.select_for_update().get_or_create(
        code=code, defaults={"name": parsed.guide.matter_name[:200] or code, "department": department, "active": False}
    )
    draft = queries.unpublished(matter)
    if draft is not None and draft.state != GuideVersion.State.DRAFT:
        raise UnderReview(draft)
    if matter.current_id is None:
        _show_in_lists(matter, parsed, department)
    if draft is None:
        last = matter.versions.aggregate(last=Max("number"))["last"] or 0
        draft = GuideVersion.objects.create(matter=matter, number=last + 1, content=dict(content))
        before = matter.current.content if matter.current else {}
        record.note(
            draft, GuideChange.Action.DRAFTED, by, fields=record.changed_fields(before, content), note=note, at=at
        )
        return draft
    if seen is not None and draft.revision != seen:
        raise DraftMoved(draft)
    if draft.content == content:
        return draft
    fields = record.changed_fields(draft.content, content)
    GuideVersion.objects.filter(pk=draft.pk).update(
        content=dict(content), revision=draft.revision + 1, updated_at=timezone.now()
    )
    record.note(draft, action, by, fields=fields, note=note, at=at)
    return GuideVersion.objects.get(pk=draft.pk)


def _show_in_lists(matter: Matter, parsed: GuideContent, department: Department) -> None:
    matter.name = parsed.guide.matter_name[:200] or matter.code
    matter.type_code, matter.case_kind = parsed.header.type_code, parsed.header.case_kind
    matter.department = department
    matter.save()


def note_usual_days(matter: Matter, days: int | None, slow: int | None = None) -> None:
    """How many working days half of this matter's cases really take, and nine in ten (``slow``); None takes a number back."""
    Matter.objects.filter(pk=matter.pk).update(usual_days=days, slow_days=slow)
