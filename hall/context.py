"""What every page needs to know about this site."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from applications.talking import inbox
from hall import access, sponsor
from identity.models import User

# (route, words): a person sees only the rows that the access table opens for them.
OUTER_NAV = (
    ("hall:home", _("首页")),
    ("matters:browse", _("办事指南")),
    ("applications:status", _("办件查询")),
    ("matters:datasets", _("查询服务")),
    ("applications:mine", _("我的办件")),
    ("applications:licences", _("我的证照")),
    ("sync:operator", _("网间交换")),
    ("hall:help", _("办事帮助")),
)
INNER_NAV = (
    ("applications:worklist", _("工作台")),
    ("applications:counter", _("窗口收件")),
    ("applications:staff-messages", _("留言")),
    ("applications:staff-bookings", _("预约")),
    ("applications:staff-licences", _("证照")),
    ("applications:alerts", _("效能监察")),
    ("applications:ratings", _("好差评")),
    ("catalogue:desk", _("事项管理")),
    ("sync:operator", _("网间交换")),
    ("matters:browse", _("办事指南")),
    ("hall:help", _("帮助")),
)


def site(request: HttpRequest) -> dict[str, Any]:
    """Name, side, menu and the person's display choices."""
    language = get_language() or settings.LANGUAGE_CODE
    return {
        "hall_name": settings.HALL_NAME_EN if language == "en" else settings.HALL_NAME,
        "sponsor": sponsor.in_language(settings.HALL_SPONSOR, language),
        "side": settings.HALL_SIDE,
        "is_outer": settings.IS_OUTER,
        "demo": settings.HALL_DEMO,
        "nav": list(_nav(request)),
        "new_notices": _new_notices(request),
        "elder": request.COOKIES.get("hall_elder") == "1",
        "strong_contrast": request.COOKIES.get("hall_contrast") == "1",
    }


def _new_notices(request: HttpRequest) -> int | None:
    """How many notices an applicant has not read; None for everybody who has no such list."""
    user = access.asking(request)
    if not isinstance(user, User) or not access.shows(request, "applications:notices"):
        return None
    return inbox.unread(user)


def _nav(request: HttpRequest) -> Iterator[dict[str, Any]]:
    here = request.resolver_match.view_name if request.resolver_match else ""
    for route, words in OUTER_NAV if settings.IS_OUTER else INNER_NAV:
        if access.shows(request, route):
            yield {"url": reverse(route), "words": words, "current": route == here}
