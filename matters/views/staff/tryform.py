"""Trying the application form: the real pages, filled and judged, nothing kept."""

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from matters import queries
from matters.checks import types
from matters.checks.form import check_form
from matters.checks.problem import Findings, Problem
from matters.formdef import FormAnswers, FormDefinition, Section
from matters.forms import SectionForm, SectionRows, build_form, wants_row
from matters.formview import answer_rows
from matters.guide import GuideContent
from matters.views.staff.access import get_matter

AnyForm = SectionForm | SectionRows
# What a form can be tried without.
HARMLESS = (".example", ".label", ".title")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def try_form(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """All sections on one page; ``?example=1`` fills them with the examples."""
    matter = get_matter(request, uid)
    draft = queries.unpublished(matter)
    if draft is None:
        raise Http404("这个事项现在没有草稿。")
    content, unreadable, _unread = types.read(draft.content)
    faults = [problem for problem in unreadable if problem.field == "form"] + faults_of(content.form)
    context: dict[str, Any] = {
        "matter": matter,
        "definition": content.form,
        "faults": faults,
        "edit_url": _edit(matter.uid),
    }
    if not faults:
        answers = content.form.example_answers() if request.GET.get("example") else {}
        context |= _tried(content.form, request.POST if request.method == "POST" else None, answers)
    return render(request, "matters/staff/try_form.html", context)


def _edit(uid: uuid.UUID) -> str:
    return f"{reverse('catalogue:edit', args=[uid])}?open=form#form"


def faults_of(definition: FormDefinition) -> list[Problem]:
    """What keeps the form from being compiled: wrong keys, choices, conditions, limits and patterns."""
    found = Findings("form")
    check_form(GuideContent(form=definition), found)
    return [problem for problem in found.problems if not problem.path.endswith(HARMLESS)]


def _tried(definition: FormDefinition, posted: Any, answers: FormAnswers) -> dict[str, Any]:
    sections: list[tuple[Section, AnyForm]] = []
    given: FormAnswers = dict(answers)
    is_good, is_growing = True, False
    for section in definition.sections:
        form = build_form(section, posted, answers=given)
        sections.append((section, form))
        if posted is None:
            continue
        is_growing = is_growing or wants_row(section, posted)
        is_good = form.is_valid() and is_good
        given[section.key] = form.answers if form.is_valid() else form.typed
    is_judged = posted is not None and not is_growing
    rows = answer_rows(definition, given) if is_judged and is_good else []
    return {"sections": sections, "is_judged": is_judged, "is_good": is_good, "answer_rows": rows}
