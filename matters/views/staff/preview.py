"""A draft as the public will see it."""

import copy
import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from matters import catalogue, queries
from matters.checks import types
from matters.editing import problems
from matters.views.guide import page_context
from matters.views.staff.access import get_matter


@never_cache
@require_safe
def preview(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """The guide page drawn from the draft, without the site around it; parts that cannot be read yet are left out."""
    matter = get_matter(request, uid)
    draft = queries.unpublished(matter)
    if draft is None:
        raise Http404("这个事项现在没有草稿。")
    content = types.read(draft.content)[0]
    described = copy.copy(matter)
    catalogue.describe(described, content)
    if "visits" not in content.guide.service_capability.model_fields_set:
        described.visits_needed = None
    context = page_context(described, draft, content)
    unfilled = [state.label for state in problems.states(draft.content, []) if state.kind == "empty" and state.number]
    context |= {"unfilled": unfilled, "is_preview": True, "base": "matters/preview_base.html", "has_questions": False}
    return render(request, "matters/guide.html", context)
