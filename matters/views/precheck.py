"""Am I eligible? Asked before login; the answers stay in the address and nowhere else.

Answers to the matter's scenario in the same address leave only the conditions of that situation; without them only what
everybody must meet is asked.
"""

import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from matters import questioning, situations
from matters.narrowing import narrow
from matters.precheck import PrecheckForm, judge
from matters.templatetags.matters_format import matter_title
from matters.views.guide import opening_of
from matters.views.pages import get_matter, public_page

ANSWER = re.compile(r"c\d*", re.ASCII)


@public_page
def precheck(request: HttpRequest, key: str) -> HttpResponse:
    """Questions first; with answers, the result."""
    matter = get_matter(key)
    assert matter.current is not None
    content = matter.current.parsed
    situation = questioning.given_in(content.scenario, request.GET)
    known = situations.query(situation)
    asks_situation = not situations.is_complete(content.scenario, situation)
    conditions = [one for one in narrow(content, situation).guide.conditions if not (asks_situation and one.only_when)]
    is_answered = any(ANSWER.fullmatch(name) for name in request.GET)
    form = PrecheckForm(request.GET if is_answered else None, conditions=conditions)
    context = {
        "matter": matter,
        "form": form,
        "conditions": conditions,
        "result": judge(form) if form.is_valid() else None,
        "situation": [(name, value) for name, values in situation.items() for value in values],
        "known": known,
        "asks_situation": asks_situation,
        "known_query": f"?{known}" if known else "",
        "opening": opening_of(matter),
        "crumbs": [
            {"text": _("办事指南"), "url": reverse("matters:browse")},
            {"text": matter_title(matter), "url": reverse("matters:guide", args=[matter.code])},
            {"text": _("我符合条件吗")},
        ],
    }
    return render(request, "matters/precheck.html", context)
