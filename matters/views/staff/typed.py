"""What the editor's page sent, and keeping it: the same for the button and for autosave."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from matters import services
from matters.editing import rows, stale
from matters.editing.reading import read
from matters.models import GuideVersion, Matter
from matters.views.staff.access import keeper


class NotWhole(ValueError):
    """The page did not arrive whole, so nothing of it is believed."""


def content_of(request: HttpRequest, matter: Matter, draft: GuideVersion) -> dict[str, Any]:
    """The content that the page says. NotWhole for a page cut short, ValueError for one that nobody made."""
    posted = dict(request.POST.lists())
    if "whole" not in posted or seen(request) is None:
        raise NotWhole("页面没有传完整，这次没有保存。请检查网络后再保存一次。")
    content = read(posted, _base(request, draft))
    header = content.get("header")
    content["header"] = {**(header if isinstance(header, Mapping) else {}), "code": matter.code}
    return content


def _base(request: HttpRequest, draft: GuideVersion) -> dict[str, Any]:
    if draft.revision == seen(request):
        return draft.content
    return stale.unchanged_by_them(draft.content, stale.unpacked(request.POST.get("marks", "")))


def seen(request: HttpRequest) -> int | None:
    """The revision that the page was made from."""
    text = request.POST.get("seen", "")
    return int(text) if text.isdecimal() and len(text) < 10 else None


def keep(request: HttpRequest, matter: Matter, content: dict[str, Any]) -> GuideVersion:
    """Save the content as the matter's draft. DraftMoved when somebody else saved it since the page was made."""
    return services.save_draft(content, matter.department, by=keeper(request), seen=seen(request))


def with_row_changed(request: HttpRequest, content: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """The content after the row button that was pressed, if any, and the name of what to show next."""
    command = request.POST.get("row", "")
    return rows.change(content, command) if command else (content, request.POST.get("opened", ""))
