"""The guide page: what one needs to know at a glance, then the twenty fields."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from matters import calendar, window
from matters.guide import GUIDE_FIELDS, GuideContent
from matters.guideview import glance, groups, stages
from matters.joint import queries as joint_queries
from matters.models import GuideVersion, Matter
from matters.templatetags.matters_format import matter_title
from matters.views.pages import get_matter, public_page
from matters.visits import counter
from matters.window import Opening
from matters.workdays import Calendar


@public_page
def guide(request: HttpRequest, key: str) -> HttpResponse:
    """A published guide by code or identifier."""
    matter = get_matter(key)
    if settings.IS_OUTER and request.method == "GET":
        counter.count(matter.pk)
    version = matter.current
    assert version is not None  # get_matter gives published matters only
    context = page_context(matter, version, version.parsed) | {"opening": opening_of(matter)}
    response = render(request, "matters/guide.html", context)
    response.counts_visit = matter.pk if settings.IS_OUTER else 0  # type: ignore[attr-defined]  # for pages from hall.page_cache
    return response


def page_context(matter: Matter, version: GuideVersion, content: GuideContent) -> dict[str, Any]:
    """What the guide's templates show of a content; the same for the public page and the preview of a draft."""
    return {
        "matter": matter,
        "version": version,
        "guide": content.guide,
        "header": content.header,
        "has_scenario": bool(content.scenario.questions),
        "has_questions": any(condition.question for condition in content.guide.conditions),
        "glance": glance(content, matter.usual_days, matter.slow_days),
        "groups": groups(),
        "stages": stages(content),
        "labels": {key: _(label) for key, label in GUIDE_FIELDS.items()},
        "hours": window.hours_text(content.guide.acceptance_window),
        "season": window.season_text(content.guide.acceptance_window),
        "downloads": {download.material_key: download for download in content.guide.form_downloads},
        "packages": joint_queries.packages_of(matter),
        "crumbs": [{"text": _("办事指南"), "url": reverse("matters:browse")}, {"text": matter_title(matter)}],
    }


def opening_of(matter: Matter) -> Opening:
    """Whether the matter can be applied for online now. The calendar is read only where office hours decide."""
    assert matter.current is not None
    content = matter.current.parsed
    days = Calendar() if content.guide.acceptance_window.online_always else calendar.current()
    return window.opening(content, timezone.localtime(), days)
