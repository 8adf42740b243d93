"""Am I eligible? Asked before login; the answers stay in the address and nowhere else."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from matters.precheck import PrecheckForm, judge
from matters.templatetags.matters_format import matter_title
from matters.views.guide import opening_of
from matters.views.pages import get_matter, public_page


@public_page
def precheck(request: HttpRequest, key: str) -> HttpResponse:
    """Questions first; with answers, the result."""
    matter = get_matter(key)
    assert matter.current is not None
    conditions = matter.current.guide.conditions
    is_answered = any(name.startswith("c") for name in request.GET)
    form = PrecheckForm(request.GET if is_answered else None, conditions=conditions)
    context = {
        "matter": matter,
        "form": form,
        "conditions": conditions,
        "result": judge(form) if form.is_valid() else None,
        "opening": opening_of(matter),
        "crumbs": [
            {"text": _("办事指南"), "url": reverse("matters:browse")},
            {"text": matter_title(matter), "url": reverse("matters:guide", args=[matter.code])},
            {"text": _("我符合条件吗")},
        ],
    }
    return render(request, "matters/precheck.html", context)
