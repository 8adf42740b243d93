"""What the catalogue's pages share: caching of anonymous pages, and finding a matter by its address."""

import uuid
from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page, require_safe

from matters import queries
from matters.models import Matter

View = Callable[..., HttpResponse]


def public_page(view: View) -> View:
    """A page that reads only. Anonymous visitors' browsers keep it and ask with its ETag whether it still holds, so that
    nobody ever reads a superseded guide."""

    @wraps(view)
    def page(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if request.user.is_authenticated:
            patch_cache_control(response, private=True, no_store=True)
        else:
            patch_cache_control(response, public=True, no_cache=True)
        patch_vary_headers(response, ["Cookie", "Accept-Language"])
        return response

    return require_safe(conditional_page(page))


def get_matter(key: str) -> Matter:
    """The published matter with this code or identifier, with its guide; 404 otherwise."""
    found = queries.published().select_related("current", "office")
    try:
        return found.get(code=key)
    except Matter.DoesNotExist:
        matter = found.filter(uid=key).first() if _is_uid(key) else None
    if matter is None:
        raise Http404(_("没有找到这个事项：它可能已经撤销，或者地址不完整。请从办事指南里重新查找。"))
    return matter


def _is_uid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True
