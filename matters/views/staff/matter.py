"""One matter of the catalogue: where its guide stands, what to do next, its versions and the record of changes (备案)."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from matters import desk as desks
from matters import editors, publishing, reviewing, upkeep, validity
from matters.checks.problem import LABELS
from matters.models import GuideChange, GuideVersion, Matter
from matters.views.staff.access import get_matter, keeper

Action = GuideChange.Action
Standing = GuideVersion.Standing
# Beyond these the record is folded.
RECENT = 12
MOST_RECORDED = 500
ALMOST_ALL = 17
PROBLEMS_SHOWN = 8
BAD = {Action.RETURNED, Action.WITHDRAWN}
BUTTONS = {"approve": "primary", "publish": "primary", "submit": "primary", "withdraw": "danger"}


def matter(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """The matter's page."""
    shown = get_matter(request, uid)
    versions = versions_of(shown)
    coming = next((one for one in versions if one.state in GuideVersion.UNPUBLISHED), None)
    problems = publishing.problems_of(coming) if coming and coming.state == GuideVersion.State.DRAFT else []
    record = timeline(shown)
    head = _head_version(versions)
    context = {
        "matter": shown,
        "versions": [_version_row(request, one, versions) for one in versions],
        "coming": coming,
        "head": head,
        "head_tone": desks.TONES[head.standing] if head else "",
        "says": _says(coming, shown, len(problems)),
        "opinion": desks.last_opinions([coming.pk]).get(coming.pk) if coming else None,
        "problems": problems[:PROBLEMS_SHOWN],
        "problems_left": max(len(problems) - PROBLEMS_SHOWN, 0),
        "moves": _moves(request, coming),
        "links": links(request, shown, coming),
        "findings": shown.findings.filter(resolved_at=None),
        "due": validity.due_day(shown),
        "today": timezone.localdate(),
        "recent": record[:RECENT],
        "earlier": record[RECENT:],
        "crumbs": crumbs(shown),
    }
    return render(request, "matters/staff/matter.html", context)


def crumbs(shown: Matter, here: str = "") -> list[dict[str, str]]:
    """The way back from this matter, or from a page about it."""
    way = [{"text": "事项管理", "url": reverse("catalogue:desk")}]
    own = {"text": shown.name}
    return [*way, own | {"url": reverse("catalogue:matter", args=[shown.uid])}, {"text": here}] if here else [*way, own]


def versions_of(shown: Matter) -> list[GuideVersion]:
    """Every version, the newest first, each knowing its matter without another query."""
    versions = list(shown.versions.defer("content").order_by("-number"))
    for version in versions:
        version.matter = shown
    return versions


def _head_version(versions: list[GuideVersion]) -> GuideVersion | None:
    """The version whose standing is the matter's: in force, else what is on its way, else the last."""
    order = (
        Standing.IN_FORCE,
        Standing.SCHEDULED,
        Standing.APPROVED,
        Standing.REVIEW,
        Standing.DRAFT,
        Standing.WITHDRAWN,
    )
    ranked = [one for standing in order for one in versions if one.standing == standing]
    return ranked[0] if ranked else None


def _version_row(request: HttpRequest, version: GuideVersion, versions: list[GuideVersion]) -> dict[str, Any]:
    may_withdraw = _is_live(version) and "withdraw" in reviewing.moves_for(version, keeper(request))
    address = reverse("catalogue:move", args=[version.matter.uid, version.number, "withdraw"])
    return {
        "version": version,
        "tone": desks.TONES[version.standing],
        "when": desks.when_words(version) if version.state not in GuideVersion.UNPUBLISHED else "",
        "diff_with": previous_number(version, [one.number for one in versions]),
        "withdraw": address if may_withdraw else "",
    }


def _is_live(version: GuideVersion) -> bool:
    return version.standing in (Standing.IN_FORCE, Standing.SCHEDULED)


def previous_number(version: GuideVersion, numbers: Iterable[int]) -> int | None:
    """Which version of ``numbers`` to compare with: the one in force for what is to come, the one before for what was."""
    current = version.matter.current
    if current is not None and version.number > current.number:
        return current.number
    return max((number for number in numbers if number < version.number), default=None)


def _says(coming: GuideVersion | None, shown: Matter, problems: int) -> str:
    """What is to be done next, in a sentence."""
    if coming is None:
        if shown.current is None:
            return "这一事项没有对外公布的指南，需要时请新建一版。"
        return "没有正在编写的新版。需要修改时，请在现行指南的基础上新建一版。"
    if coming.state == GuideVersion.State.DRAFT:
        if problems:
            return f"第 {coming.number} 版还有 {problems} 处问题，改好后才能提交审核。"
        return f"第 {coming.number} 版已经写完整，可以提交审核。"
    if coming.state == GuideVersion.State.REVIEW:
        return f"第 {coming.number} 版等没有参与编写的同事审核；内容已经锁定。"
    return f"第 {coming.number} 版审核通过，等没有参与编写的发布人确定生效日期并发布。"


def _moves(request: HttpRequest, coming: GuideVersion | None) -> list[dict[str, str]]:
    """The moves of the version on its way that this person has, the forward one first."""
    if coming is None:
        return []
    names = sorted(reviewing.moves_for(coming, keeper(request)), key=lambda name: name not in BUTTONS)
    return [
        {
            "label": "审核" if name == "approve" else reviewing.MOVES[name].label,
            "url": reverse("catalogue:move", args=[coming.matter.uid, coming.number, name]),
            "kind": BUTTONS.get(name, "secondary"),
        }
        for name in names
    ]


def links(request: HttpRequest, shown: Matter, coming: GuideVersion | None) -> list[dict[str, str]]:
    """Pages about this matter beside this one, as far as this person may use them."""
    is_editor = "editor" in editors.keeping(keeper(request)).roles_in(shown.department_id)
    is_draft = coming is not None and coming.state == GuideVersion.State.DRAFT
    wanted = [
        ("继续编辑", "catalogue:edit", is_editor and is_draft),
        ("新建一版", "catalogue:revise", is_editor and coming is None),
        ("预览", "catalogue:preview", coming is not None),
        ("情形一览", "catalogue:situations", True),
        ("看公开页面", "matters:guide", shown.current is not None and shown.active),
    ]
    return [{"text": text, "url": url} for text, route, fits in wanted if fits and (url := _address(route, shown))]


def _address(route: str, shown: Matter) -> str:
    """The address of a page about this matter; empty where this hall has no such page."""
    try:
        return reverse(route, args=[shown.uid])
    except NoReverseMatch:
        return ""


def timeline(shown: Matter) -> list[dict[str, Any]]:
    """The record of all versions for ``components/timeline.html``, the newest first."""
    rows = GuideChange.objects.filter(version__matter=shown).select_related("version").defer("version__content")
    return [
        {
            "title": f"第 {row.version.number} 版：{row.get_action_display()}",
            "when": row.at,
            "who": row.by_name or "系统",
            "text": "\n".join(part for part in (_fields(row), row.note) if part),
            "kind": "bad" if row.action in BAD else "done",
        }
        for row in rows.order_by("-at", "-pk")[:MOST_RECORDED]
    ]


def _fields(row: GuideChange) -> str:
    if len(row.fields) >= ALMOST_ALL:
        return "改动：几乎全部要素"
    names = "、".join(LABELS.get(name, name) for name in row.fields)
    return f"改动：{names}" if names else ""


@require_POST
def confirm(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Half-yearly check: this keeper has looked at the guide in force, and it still holds."""
    shown = get_matter(request, uid)
    try:
        validity.confirm(shown, by=keeper(request))
    except validity.NothingToConfirm as nothing:
        messages.error(request, str(nothing))
    else:
        messages.success(request, "已记下：您今天核对过，这份指南仍然有效。")
    return redirect("catalogue:matter", uid=shown.uid)


@require_POST
def recheck(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """The night's check of this matter, now: after something was put right."""
    shown = get_matter(request, uid)
    if shown.current is None:
        messages.error(request, "这一事项没有现行有效的指南，不需要检查。")
        return redirect("catalogue:matter", uid=shown.uid)
    upkeep.check_matter(shown)
    left = shown.findings.filter(resolved_at=None).count()
    messages.success(request, f"已重新检查：还有 {left} 处要处理。" if left else "已重新检查：没有要处理的问题。")
    return redirect("catalogue:matter", uid=shown.uid)
