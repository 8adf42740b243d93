"""Who may open which route. A route that is not in the table (access_table.py) is closed to everybody.

The table is the first gate only: whether *this* person may see *this* case is asked in the view's first line.
"""

from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from rest_framework.exceptions import AuthenticationFailed

from hall import errors
from hall.access_table import (
    APPLICANT,
    CATALOGUE,
    MACHINE,
    MEMBER,
    OPERATOR,
    PUBLIC,
    ROUTES,
    STAFF,
    VISITOR,
    WINDOW,
)
from hall.api import problem
from identity import posts
from identity.api_auth import TokenAuthentication
from identity.models import Kind, User

Who = User | AnonymousUser
CATALOGUE_ROLES = {"editor", "publisher"}


def roles(request: HttpRequest) -> set[str]:
    """The roles of the person asking, read once per request; empty for anonymous and applicants."""
    held: set[str] | None = getattr(request, "hall_roles", None)
    return _remember_roles(request, asking(request)) if held is None else held


def asking(request: HttpRequest) -> Who:
    """The person asking; nobody where a request was refused before anybody looked who it is, as the error page is."""
    return request.user if hasattr(request, "user") else AnonymousUser()


def _remember_roles(request: HttpRequest, user: Who) -> set[str]:
    is_officer = isinstance(user, User) and user.kind == Kind.STAFF
    held = posts.roles_of(user) if is_officer else set()
    request.hall_roles = held  # type: ignore[attr-defined]
    return held


def may_open(user: Who, held: set[str], audience: str) -> bool:
    """Does this person belong to the audience, on this side? ``held`` are the person's roles."""
    if audience in (PUBLIC, MACHINE):
        return True
    if audience == VISITOR:
        return settings.IS_OUTER
    if not isinstance(user, User):
        return False
    if audience == APPLICANT:
        return settings.IS_OUTER and user.kind == Kind.APPLICANT
    if audience == STAFF:
        return not settings.IS_OUTER and bool(held)
    if audience == WINDOW:
        return not settings.IS_OUTER and "clerk" in held
    if audience == CATALOGUE:
        return not settings.IS_OUTER and not held.isdisjoint(CATALOGUE_ROLES)
    if audience == OPERATOR:
        return "operator" in held
    return audience == MEMBER


def shows(request: HttpRequest, route: str) -> bool:
    """Should a menu offer this route to this person? False for a route without a row."""
    audience = ROUTES.get(route)
    return audience is not None and may_open(asking(request), roles(request), audience)


class AccessMiddleware:
    """Refuses, before the view runs, whatever the table does not allow."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        """None lets the view run; otherwise the refusal."""
        audience = ROUTES.get(request.resolver_match.view_name) if request.resolver_match else None
        is_api = request.path.startswith("/api/")
        try:
            user = _token_user(request) if is_api else None
        except AuthenticationFailed as failure:
            return problem(401, "authentication_failed", str(failure.detail))
        if user is not None:
            _remember_roles(request, user)
        if audience and may_open(user or request.user, roles(request), audience):
            return None
        return _refuse_api(request, user) if is_api else _refuse_page(request, audience)


def _token_user(request: HttpRequest) -> User | None:
    """The person named by a bearer token; the API's own authentication runs only later, inside the view."""
    answer = TokenAuthentication().authenticate(request)
    return answer[0] if answer else None


def _refuse_api(request: HttpRequest, user: User | None) -> HttpResponse:
    if user is None and not request.user.is_authenticated:
        return problem(401, "not_authenticated", "请先登录，或在 Authorization 头里带上令牌。")
    return problem(403, "permission_denied", "您的账号不能使用这个接口。")


def _refuse_page(request: HttpRequest, audience: str | None) -> HttpResponse:
    if audience == VISITOR:
        raise Http404
    if audience is None or request.user.is_authenticated:
        return errors.forbidden(request)
    back = request.get_full_path() if request.method == "GET" else _page_before(request)
    return HttpResponseRedirect(f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': back})}")


def _page_before(request: HttpRequest) -> str:
    """Where a form was filled in: after login the person is sent there, not to an address that only takes POST."""
    referrer = request.headers.get("Referer", "")
    own = f"{request.scheme}://{request.get_host()}"
    return referrer.removeprefix(own) if referrer.startswith(f"{own}/") else "/"
