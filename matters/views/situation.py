"""What do I need in my situation? One question a page, before login; the end is a personal list to print."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from matters import queries, questioning, situations, window
from matters.guideview import stages
from matters.models import GuideVersion, Matter
from matters.notice import notice
from matters.questioning import Turn, in_english
from matters.templatetags.matters_format import matter_title
from matters.views.guide import opening_of
from matters.views.pages import get_matter, public_page


@public_page
def situation(request: HttpRequest, key: str) -> HttpResponse:
    """The next question, the end of the way, or the list; a matter without questions shows its guide."""
    matter = get_matter(key)
    version = matter.current
    assert version is not None  # get_matter gives published matters only
    if not version.scenario.questions:
        return redirect("matters:guide", matter.code)
    turn = questioning.turn(version.scenario, request.GET)
    if turn.question is not None:
        return render(request, "matters/situation_question.html", _question_context(matter, turn))
    if turn.stop is not None:
        return render(request, "matters/situation_stop.html", _stop_context(matter, version, turn))
    return render(request, "matters/situation_result.html", _result_context(matter, version, turn))


def _question_context(matter: Matter, turn: Turn) -> dict[str, Any]:
    guide_url, here = reverse("matters:guide", args=[matter.code]), address(matter)
    return {
        "matter": matter,
        "turn": turn,
        "action": here,
        "back_url": f"{here}?{turn.back}" if turn.back else guide_url,
        "crumbs": crumbs(matter),
    }


def _stop_context(matter: Matter, version: GuideVersion, turn: Turn) -> dict[str, Any]:
    assert turn.stop is not None
    code = turn.stop.choice.stop_matter
    return {
        "matter": matter,
        "stop": turn.stop,
        "other": queries.published().filter(code=code).first() if code else None,
        "answers": questioning.rows(version.scenario, turn.situation, address(matter)),
        "again_url": address(matter),
        "crumbs": crumbs(matter),
    }


def _result_context(matter: Matter, version: GuideVersion, turn: Turn) -> dict[str, Any]:
    told = notice(version.parsed, turn.situation, english=in_english())
    guide = told.guide
    return {
        "matter": matter,
        "version": version,
        "notice": told,
        "guide": guide,
        "header": version.header,
        "answers": questioning.rows(version.scenario, turn.situation, address(matter)),
        "known": situations.query(turn.situation),
        "opening": opening_of(matter),
        "stages": stages(told.content),
        "has_form": bool(version.form.sections),
        "has_questions": any(condition.question for condition in guide.conditions),
        "hours": window.hours_text(guide.acceptance_window),
        "crumbs": crumbs(matter),
    }


def address(matter: Matter) -> str:
    """Where the questions of a matter are asked."""
    return reverse("matters:situation", args=[matter.code])


def crumbs(matter: Matter) -> list[dict[str, str]]:
    """办事指南 › the matter › 按我的情况."""
    return [
        {"text": _("办事指南"), "url": reverse("matters:browse")},
        {"text": matter_title(matter), "url": reverse("matters:guide", args=[matter.code])},
        {"text": _("按我的情况")},
    ]
