"""Two versions of a guide side by side in words, field by field."""

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from matters import desk as desks
from matters.diffview import Comparison, compare
from matters.models import GuideVersion, Matter
from matters.views.staff.access import get_matter
from matters.views.staff.matter import crumbs, previous_number

NOTHING: dict[str, Any] = {}


def difference(request: HttpRequest, uid: uuid.UUID, number: int) -> HttpResponse:
    """Version ``number`` against the one ``?with=`` names; by default against the one in force, or the one before."""
    shown = get_matter(request, uid)
    version = get_version(shown, number)
    base = _base(request, shown, version)
    context = {
        "matter": shown,
        "version": version,
        "base": base,
        "others": shown.versions.exclude(pk=version.pk).defer("content").order_by("-number"),
        "comparison": comparison(base, version),
        "tone": desks.TONES[version.standing],
        "crumbs": crumbs(shown, f"第 {version.number} 版的改动"),
    }
    return render(request, "matters/staff/difference.html", context)


def get_version(shown: Matter, number: int) -> GuideVersion:
    """A version of this matter by its number; 404 when there is none."""
    version = shown.versions.filter(number=number).first()
    if version is None:
        raise Http404(f"这一事项没有第 {number} 版。")
    version.matter = shown
    return version


def _base(request: HttpRequest, shown: Matter, version: GuideVersion) -> GuideVersion | None:
    asked = request.GET.get("with", "")
    if asked:
        if not (asked.isascii() and asked.isdecimal() and len(asked) < 7):
            raise Http404("没有这一版。")
        return get_version(shown, int(asked))
    return base_of(shown, version)


def base_of(shown: Matter, version: GuideVersion) -> GuideVersion | None:
    """The version to compare with when none was named; None for the first one."""
    number = previous_number(version, shown.versions.values_list("number", flat=True))
    return get_version(shown, number) if number is not None else None


def comparison(base: GuideVersion | None, version: GuideVersion) -> Comparison:
    """What ``version`` changed; against nothing, all that it says is new."""
    return compare(base.content if base else NOTHING, version.content)
