"""One move of a guide version: what it changes is shown first, then it is confirmed. A stale form loses nothing typed."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from matters import desk as desks
from matters import publishing, reviewing
from matters.models import GuideVersion, Matter
from matters.publishing import NotPublishable
from matters.reviewing import MOVES, Move, MoveRefused, VersionMoved
from matters.views.staff.access import get_matter, keeper
from matters.views.staff.difference import base_of, comparison, get_version
from matters.views.staff.matter import crumbs, links

TITLES = {"approve": "审核"}
CONSEQUENCES = {
    "submit": ["内容锁定，审核期间不能修改；需要修改时可以收回。", "本部门或主管部门没有参与编写的人会在“待我审核”里看到它。"],
    "take-back": ["回到草稿，可以继续修改；改完要重新提交审核。"],
    "send-back": ["回到草稿，编写人会看到您的意见。", "改完要重新提交审核。"],
    "approve": ["转给发布人确定生效日期；发布前内容仍然锁定。"],
    "publish": ["立即随下一批次送往外网；从生效日期起，公众看到这一版。", "发布后不能修改，只能撤回或用新版替代。", "已经受理的办件仍按提交时的版本办理。"],
}  # fmt: skip
WITHDRAWS = {
    GuideVersion.Standing.IN_FORCE: ["事项从公众目录里消失，不能再申请。", "正在办理的办件照常办完。", "撤回后不能恢复，只能重新发布一版。"],
    GuideVersion.Standing.SCHEDULED: ["这一版不再生效，外网随下一批次得知。", "现行的指南不受影响。"],
}  # fmt: skip
PROBLEM_MOVES = ("submit", "publish")
DIFF_MOVES = ("submit", "approve", "send-back", "publish")


class MoveForm(forms.Form):
    """What a move asks for: an opinion or reason, or the day from which the guide is in force."""

    effective_on = forms.DateField(
        label="生效日期",
        help_text="当天起公众看到这一版；可以选今天或以后的日期。",
        widget=forms.DateInput(attrs={"type": "date", "class": "form-control"}, format="%Y-%m-%d"),
        error_messages={"required": "请选择生效日期。", "invalid": "日期请写成 2026-03-01 这样。"},
    )
    opinion = forms.CharField(
        max_length=reviewing.MAX_OPINION,
        widget=forms.Textarea(attrs={"rows": 4, "class": "form-control"}),
        error_messages={"max_length": f"不能超过 {reviewing.MAX_OPINION} 个字。"},
    )

    def __init__(self, move: Move, data: Any = None) -> None:
        super().__init__(data, initial={"effective_on": timezone.localdate()})
        if not move.needs_date:
            del self.fields["effective_on"]
        if not move.opinion:
            del self.fields["opinion"]
            return
        self.fields["opinion"].label = move.opinion
        self.fields["opinion"].required = move.needs_opinion
        self.fields["opinion"].error_messages["required"] = f"请写明{move.opinion}。"


def move(request: HttpRequest, uid: uuid.UUID, number: int, name: str) -> HttpResponse:
    """GET shows what the move does; POST with ``seen`` makes it."""
    shown = get_matter(request, uid)
    if name not in MOVES:
        raise Http404("没有这个动作。")
    version = get_version(shown, number)
    form = MoveForm(MOVES[name], request.POST if request.method == "POST" else None)
    if request.method == "POST":
        return _posted(request, version, name, form)
    refused = reviewing.refusal(version, name, keeper(request))
    return _refused(request, version, name, form, refused) if refused else _page(request, version, name, form)


def _posted(request: HttpRequest, version: GuideVersion, name: str, form: MoveForm) -> HttpResponse:
    seen = request.POST.get("seen", "")
    if seen != version.seen:
        return _stale(request, version, name, form)
    refused = reviewing.refusal(version, name, keeper(request))
    if refused:
        return _refused(request, version, name, form, refused)
    if not form.is_valid():
        return _page(request, version, name, form, status=422)
    try:
        moved = reviewing.perform(version, name, by=keeper(request), seen=seen, **form.cleaned_data)
    except VersionMoved as newer:
        newer.version.matter = version.matter
        return _stale(request, newer.version, name, form)
    except NotPublishable:
        return _page(request, version, name, form, status=422)  # the page lists the problems
    except MoveRefused as refused_now:
        form.add_error("effective_on" if "effective_on" in form.fields else None, str(refused_now))
        return _page(request, version, name, form, status=refused_now.status)
    messages.success(request, _done(moved, name))
    return redirect("catalogue:matter", uid=version.matter.uid)


def _done(version: GuideVersion, name: str) -> str:
    when = f"{desks.when_words(version)}。" if name == "publish" else ""
    return f"第 {version.number} 版{MOVES[name].done}{when}"


def _page(
    request: HttpRequest,
    version: GuideVersion,
    name: str,
    form: MoveForm,
    *,
    status: int = 200,
    was_stale: bool = False,
) -> HttpResponse:
    shown = version.matter
    problems = publishing.problems_of(version) if name in PROBLEM_MOVES else []
    base = base_of(shown, version) if name in DIFF_MOVES else None
    context = _common(version, name, form) | {
        "problems": problems,
        "base": base,
        "comparison": comparison(base, version) if base else None,
        "consequences": WITHDRAWS.get(version.standing, []) if name == "withdraw" else CONSEQUENCES[name],
        "links": [link for link in links(request, shown, version) if link["text"] == "预览"],
        "may_send_back": name in ("approve", "publish"),
        "was_stale": was_stale,
    }
    return render(request, "matters/staff/move.html", context, status=status)


def _common(version: GuideVersion, name: str, form: MoveForm) -> dict[str, Any]:
    shown: Matter = version.matter
    title = TITLES.get(name, MOVES[name].label)
    return {
        "matter": shown,
        "version": version,
        "move": MOVES[name],
        "name": name,
        "title": title,
        "form": form,
        "seen": version.seen,
        "tone": desks.TONES[version.standing],
        "matter_url": reverse("catalogue:matter", args=[shown.uid]),
        "crumbs": crumbs(shown, f"第 {version.number} 版：{title}"),
    }


def _stale(request: HttpRequest, version: GuideVersion, name: str, form: MoveForm) -> HttpResponse:
    """Somebody was faster: say what there is now and keep what was typed."""
    refused = reviewing.refusal(version, name, keeper(request))
    if refused is None:
        return _page(request, version, name, form, status=409, was_stale=True)
    refused.status = 409
    return _refused(request, version, name, form, refused)


def _refused(
    request: HttpRequest, version: GuideVersion, name: str, form: MoveForm, refused: MoveRefused
) -> HttpResponse:
    typed = form.data.get("opinion", "") if form.is_bound else ""
    context = _common(version, name, form) | {"refusal": str(refused), "typed": typed}
    return render(request, "matters/staff/move_refused.html", context, status=refused.status)
