"""The guide page: what one needs to know at a glance, then the twenty fields."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from matters import calendar, window
from matters.guide import GUIDE_FIELDS
from matters.guideview import glance, groups, stages
from matters.models import Matter
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
        counter.count(matter)
    version = matter.current
    assert version is not None  # get_matter gives published matters only
    context = {
        "matter": matter,
        "version": version,
        "guide": version.guide,
        "header": version.header,
        "opening": opening_of(matter),
        "has_scenario": bool(version.scenario.questions),
        "has_questions": any(condition.question for condition in version.guide.conditions),
        "glance": glance(version.parsed, matter.usual_days),
        "groups": groups(),
        "stages": stages(version.parsed),
        "labels": {key: _(label) for key, label in GUIDE_FIELDS.items()},
        "hours": window.hours_text(version.guide.acceptance_window),
        "season": window.season_text(version.guide.acceptance_window),
        "downloads": {download.material_key: download for download in version.guide.form_downloads},
        "crumbs": [{"text": _("办事指南"), "url": reverse("matters:browse")}, {"text": matter_title(matter)}],
    }
    return render(request, "matters/guide.html", context)


def opening_of(matter: Matter) -> Opening:
    """Whether the matter can be applied for online now. The calendar is read only where office hours decide."""
    assert matter.current is not None
    content = matter.current.parsed
    days = Calendar() if content.guide.acceptance_window.online_always else calendar.current()
    return window.opening(content, timezone.localtime(), days)
