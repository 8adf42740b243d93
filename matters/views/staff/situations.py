"""What a matter's questions do: every situation they can end in, with what the guide asks for then."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from matters import queries, situations
from matters.checks import types
from matters.guide import GuideContent
from matters.models import GuideVersion, Matter
from matters.notice import notice
from matters.scenario import Question
from matters.situations import Answers
from matters.views.staff.access import get_matter

MOST_ROWS = 200


@dataclass(frozen=True)
class Row:
    """One situation: question and answer for each question (empty when not asked), what it needs, and its public page;
    ``stop`` when it ends there."""

    answers: list[tuple[str, str]]
    stop: str
    materials: int
    is_fee: bool
    total: int | None
    steps: int
    days: int
    url: str


def coverage(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """The table of a matter's draft or published guide."""
    matter = get_matter(request, uid)
    draft = queries.latest_draft(matter)
    versions = {"draft": draft, "current": matter.current}
    offered = {name: version for name, version in versions.items() if version is not None}
    shown = request.GET.get("version", "")
    chosen = shown if shown in offered else next(iter(offered), "")
    version = offered.get(chosen)
    content = types.read(version.content)[0] if version else GuideContent()
    found, are_all = situations.reachable(content.scenario, MOST_ROWS)
    is_public = chosen == "current" and matter.active
    context = {
        "matter": matter,
        "version": version,
        "versions": _tabs(offered, chosen),
        "rows": [_row(content, matter, one, is_public=is_public) for one in found]
        if content.scenario.questions
        else [],
        "questions": content.scenario.questions,
        "are_all": are_all,
        "most": MOST_ROWS,
        "whole": content.guide,
        "is_public": is_public,
        "crumbs": [
            {"text": "事项管理", "url": reverse("catalogue:desk")},
            {"text": matter.name},
            {"text": "情形一览"},
        ],
    }
    return render(request, "matters/staff/situations.html", context)


def _tabs(offered: dict[str, GuideVersion], chosen: str) -> list[dict[str, Any]]:
    names = {"draft": "草稿", "current": "已发布"}
    return [
        {"title": f"{names[name]}（第 {version.number} 版）", "url": f"?version={name}", "current": name == chosen}
        for name, version in offered.items()
    ]


def _row(content: GuideContent, matter: Matter, situation: Answers, *, is_public: bool) -> Row:
    stop = situations.stop_of(content.scenario, situation)
    told = notice(content, situation)
    address = reverse("matters:situation", args=[matter.code]) if is_public else ""
    return Row(
        answers=[(one.text, _answer(one, situation)) for one in content.scenario.questions],
        stop=stop.choice.stop if stop else "",
        materials=len(told.to_bring),
        is_fee=told.guide.fee_standard.is_fee,
        total=told.total,
        steps=len(told.guide.procedure),
        days=told.route_days,
        url=f"{address}?{situations.query(situation)}" if address else "",
    )


def _answer(question: Question, situation: Answers) -> str:
    return "、".join(choice.label for choice in question.chosen(situation.get(question.key, [])))
