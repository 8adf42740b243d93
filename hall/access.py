"""Who may open which route. A route that is not in this table is closed to everybody.

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
from hall.api import problem
from identity import posts
from identity.api_auth import TokenAuthentication
from identity.models import Kind, User

PUBLIC = "public"  # anyone, on either side
VISITOR = "visitor"  # anyone, on the outer side only
APPLICANT = "applicant"  # a logged-in applicant, outer side
STAFF = "staff"  # a logged-in officer with at least one active post, inner side
WINDOW = "window"  # an officer who sits at a window (clerk), inner side
CATALOGUE = "catalogue"  # an officer who edits or publishes guides, inner side
OPERATOR = "operator"  # an officer with the role operator; the outer side has operators too
MEMBER = "member"  # anyone logged in

Who = User | AnonymousUser
CATALOGUE_ROLES = {"editor", "publisher"}

ROUTES: dict[str, str] = {
    # hall
    "hall:home": PUBLIC,
    "hall:search": PUBLIC,
    "hall:help": PUBLIC,
    "hall:contact": PUBLIC,
    "hall:sitemap": PUBLIC,
    "hall:accessibility": PUBLIC,
    "hall:view-mode": PUBLIC,
    "hall:health": PUBLIC,
    "hall:components": PUBLIC,
    "hall:after-login": MEMBER,
    "api-schema": PUBLIC,
    "api-docs": PUBLIC,
    # accounts (allauth)
    "account_login": PUBLIC,
    "account_logout": PUBLIC,
    "account_inactive": PUBLIC,
    "account_signup": VISITOR,
    "account_reauthenticate": MEMBER,
    "account_change_password": MEMBER,
    "mfa_authenticate": PUBLIC,  # between password and code nobody is logged in yet
    "mfa_reauthenticate": MEMBER,
    "mfa_index": MEMBER,
    "mfa_activate_totp": MEMBER,
    "mfa_deactivate_totp": MEMBER,
    "mfa_view_recovery_codes": MEMBER,
    "mfa_generate_recovery_codes": MEMBER,
    "mfa_download_recovery_codes": MEMBER,
    # identity
    "identity:account": MEMBER,
    "identity:deputies": STAFF,
    "identity:deputy-end": STAFF,
    "identity:phone": APPLICANT,
    "identity:act-as": APPLICANT,
    "identity:enterprise-register": APPLICANT,
    "identity:enterprise": APPLICANT,
    "identity:agent-end": APPLICANT,
    "api-identity:token": PUBLIC,
    # matters
    "matters:browse": PUBLIC,
    "matters:departments": PUBLIC,
    "matters:department": PUBLIC,
    "matters:guide": PUBLIC,
    "matters:precheck": PUBLIC,
    "matters:open-data": PUBLIC,
    # the catalogue's editors and publishers
    "catalogue:desk": CATALOGUE,
    "catalogue:new": CATALOGUE,
    "catalogue:revise": CATALOGUE,
    "catalogue:edit": CATALOGUE,
    "catalogue:autosave": CATALOGUE,
    "catalogue:resolve": CATALOGUE,
    "catalogue:preview": CATALOGUE,
    "catalogue:try-form": CATALOGUE,
    "matters:packages": PUBLIC,
    "matters:package": PUBLIC,
    "catalogue:joint": CATALOGUE,
    "catalogue:joint-new": CATALOGUE,
    "catalogue:joint-package": CATALOGUE,
    "catalogue:joint-edit": CATALOGUE,
    "catalogue:joint-merge": CATALOGUE,
    "catalogue:joint-preview": CATALOGUE,
    "catalogue:joint-diff": CATALOGUE,
    "catalogue:joint-revise": CATALOGUE,
    "catalogue:joint-submit": CATALOGUE,
    "catalogue:joint-send-back": CATALOGUE,
    "catalogue:joint-publish": CATALOGUE,
    "catalogue:joint-withdraw": CATALOGUE,
    "catalogue:joint-discard": CATALOGUE,
    "matters:datasets": VISITOR,
    "matters:datasets-across": VISITOR,
    "matters:dataset": VISITOR,
    "matters:dataset-find": VISITOR,
    "matters:dataset-record": VISITOR,
    "matters:dataset-download": VISITOR,
    "catalogue:datasets": CATALOGUE,
    "catalogue:dataset-new": CATALOGUE,
    "catalogue:dataset": CATALOGUE,
    "catalogue:dataset-edit": CATALOGUE,
    "catalogue:dataset-field-new": CATALOGUE,
    "catalogue:dataset-field": CATALOGUE,
    "catalogue:dataset-field-move": CATALOGUE,
    "catalogue:dataset-data": CATALOGUE,
    "catalogue:dataset-load": CATALOGUE,
    "catalogue:dataset-template": CATALOGUE,
    "catalogue:dataset-resend": CATALOGUE,
    "catalogue:dataset-publish": CATALOGUE,
    "catalogue:dataset-withdraw": CATALOGUE,
    "matters:situation": PUBLIC,
    "catalogue:situations": CATALOGUE,
    "catalogue:matter": CATALOGUE,
    "catalogue:confirm": CATALOGUE,
    "catalogue:recheck": CATALOGUE,
    "catalogue:diff": CATALOGUE,
    "catalogue:move": CATALOGUE,
    "catalogue:words": CATALOGUE,
    "catalogue:word": CATALOGUE,
    "catalogue:word-remove": CATALOGUE,
    "catalogue:exchange": CATALOGUE,
    "catalogue:export": CATALOGUE,
    "catalogue:import": CATALOGUE,
    "catalogue:import-apply": CATALOGUE,
    "catalogue:import-problems": CATALOGUE,
    # applications: public, applicant, staff
    "applications:blank-form": PUBLIC,
    "applications:sample-form": PUBLIC,
    "applications:guide-sheet": PUBLIC,
    "applications:package-file": PUBLIC,
    "applications:situation-sheet": PUBLIC,
    "applications:check-start": VISITOR,
    "applications:check": VISITOR,
    "applications:document": MEMBER,
    "applications:filled-form": MEMBER,
    "applications:status": VISITOR,
    "applications:start": APPLICANT,
    "applications:mine": APPLICANT,
    "applications:task-list": APPLICANT,
    "applications:draft-delete": APPLICANT,
    "applications:situation": APPLICANT,
    "applications:section": APPLICANT,
    "applications:autosave": APPLICANT,
    "applications:form-import": APPLICANT,
    "applications:materials": APPLICANT,
    "applications:check-answers": APPLICANT,
    "applications:case": APPLICANT,
    "applications:submitted": APPLICANT,
    "applications:withdraw": APPLICANT,
    "applications:ask-hearing": APPLICANT,
    "applications:owed": APPLICANT,
    "applications:ledger": APPLICANT,
    "applications:correction": APPLICANT,
    "applications:correction-section": APPLICANT,
    "applications:correction-autosave": APPLICANT,
    "applications:material": APPLICANT,
    "applications:material-delete": APPLICANT,
    "applications:upload": APPLICANT,
    "applications:reuse": APPLICANT,
    "applications:joint-start": APPLICANT,
    "applications:joint-draft": APPLICANT,
    "applications:joint-members": APPLICANT,
    "applications:joint-delete": APPLICANT,
    "applications:joint-situation": APPLICANT,
    "applications:joint-section": APPLICANT,
    "applications:joint-autosave": APPLICANT,
    "applications:joint-materials": APPLICANT,
    "applications:joint-upload": APPLICANT,
    "applications:joint-reuse": APPLICANT,
    "applications:joint-file-delete": APPLICANT,
    "applications:joint-check": APPLICANT,
    "applications:joint-case": APPLICANT,
    "applications:joint-submitted": APPLICANT,
    "applications:joint-withdraw": APPLICANT,
    "applications:joint-file": APPLICANT,
    "applications:staff-joint-list": STAFF,
    "applications:staff-joint": STAFF,
    "applications:worklist": STAFF,
    "applications:staff-case": STAFF,
    "applications:staff-claim": STAFF,
    "applications:staff-colleagues": STAFF,
    "applications:desk-keep": STAFF,
    "applications:desk-many": STAFF,
    "applications:desk-labels": STAFF,
    "applications:desk-templates": STAFF,
    "applications:desk-file": STAFF,
    "applications:staff-ledger": STAFF,
    "applications:staff-move": STAFF,
    "applications:staff-material": STAFF,
    "applications:counter": WINDOW,
    "applications:counter-begin": WINDOW,
    "applications:counter-draft": WINDOW,
    "applications:counter-identity": WINDOW,
    "applications:counter-situation": WINDOW,
    "applications:counter-section": WINDOW,
    "applications:counter-autosave": WINDOW,
    "applications:counter-materials": WINDOW,
    "applications:counter-upload": WINDOW,
    "applications:counter-paper": WINDOW,
    "applications:counter-file": WINDOW,
    "applications:counter-file-delete": WINDOW,
    "applications:counter-check": WINDOW,
    "applications:counter-receipt": WINDOW,
    "applications:counter-delete": WINDOW,
    "applications:counter-correct": WINDOW,
    "applications:counter-correct-section": WINDOW,
    "applications:counter-owed": WINDOW,
    "applications:counter-withdraw": WINDOW,
    "applications:licences": APPLICANT,
    "applications:licence": APPLICANT,
    "applications:licence-renew": APPLICANT,
    "applications:licence-change": APPLICANT,
    "applications:licence-cancel": APPLICANT,
    "applications:staff-licences": STAFF,
    "applications:staff-licence": STAFF,
    "applications:staff-licence-answer": STAFF,
    "applications:staff-licence-end": STAFF,
    "applications:staff-bars": STAFF,
    "applications:staff-bar": STAFF,
    "applications:staff-bar-lift": STAFF,
    "applications:rate": APPLICANT,
    "applications:rate-by-code": VISITOR,
    "applications:statistics": PUBLIC,
    "applications:ratings": STAFF,
    "applications:supervision": STAFF,
    "applications:supervision-cases": STAFF,
    "applications:alerts": STAFF,
    "applications:alert": STAFF,
    "applications:report": STAFF,
    "applications:report-file": STAFF,
    "applications:rating": STAFF,
    "api-public:statistics": PUBLIC,
    "api-applicant:rating": APPLICANT,
    "applications:staff-paper": STAFF,
    "applications:staff-paper-add": STAFF,
    "applications:staff-handed-up": STAFF,
    # talking to the applicant
    "applications:message": APPLICANT,
    "applications:message-file": APPLICANT,
    "applications:staff-messages": STAFF,
    "applications:staff-message": STAFF,
    "applications:staff-message-file": STAFF,
    "applications:notices": APPLICANT,
    "applications:notice": APPLICANT,
    "applications:notice-settings": APPLICANT,
    "applications:notice-confirm": APPLICANT,
    "applications:book": VISITOR,
    "applications:book-slot": APPLICANT,
    "applications:bookings": APPLICANT,
    "applications:booking": APPLICANT,
    "applications:staff-bookings": STAFF,
    "applications:staff-booking-plan": STAFF,
    "applications:staff-booking": STAFF,
    "api-public:slots": VISITOR,
    "api-applicant:bookings": APPLICANT,
    "api-applicant:booking": APPLICANT,
    "api-staff:bookings": STAFF,
    "api-staff:booking": STAFF,
    "api-staff:booking-plan": STAFF,
    "api-applicant:messages": APPLICANT,
    "api-applicant:notices": APPLICANT,
    "api-applicant:notices-read": APPLICANT,
    "api-applicant:notice-settings": APPLICANT,
    "api-staff:messages": STAFF,
    "api-staff:supplied": STAFF,
    "api-public:status": VISITOR,
    "api-applicant:applications": APPLICANT,
    "api-applicant:ledger": APPLICANT,
    "api-applicant:application": APPLICANT,
    "api-applicant:situation": APPLICANT,
    "api-applicant:section": APPLICANT,
    "api-applicant:materials": APPLICANT,
    "api-applicant:material": APPLICANT,
    "api-applicant:submit": APPLICANT,
    "api-applicant:requests": APPLICANT,
    "api-applicant:joints": APPLICANT,
    "api-applicant:joint": APPLICANT,
    "api-applicant:joint-situation": APPLICANT,
    "api-applicant:joint-section": APPLICANT,
    "api-applicant:joint-papers": APPLICANT,
    "api-applicant:joint-paper": APPLICANT,
    "api-applicant:joint-submit": APPLICANT,
    "api-applicant:joint-withdrawal": APPLICANT,
    "api-staff:joints": STAFF,
    "api-staff:joint": STAFF,
    "api-staff:applications": STAFF,
    "api-staff:application": STAFF,
    "api-staff:countersigns": STAFF,
    "api-staff:signature": STAFF,
    "api-staff:hand-over": STAFF,
    "api-staff:ledger": STAFF,
    "api-staff:moves": STAFF,
    "api-staff:impose": STAFF,
    "api-staff:in-person": WINDOW,
    "api-staff:counter": WINDOW,
    "api-staff:counter-draft": WINDOW,
    "api-staff:counter-materials": WINDOW,
    "api-staff:counter-submission": WINDOW,
    "api-staff:licences": STAFF,
    "api-staff:licence": STAFF,
    "api-staff:bars": STAFF,
    "api-staff:lift": STAFF,
    "api-applicant:licences": APPLICANT,
    "api-applicant:licence": APPLICANT,
    "api-applicant:licence-about": APPLICANT,
    "api-applicant:licence-cancellation": APPLICANT,
    # sync
    "sync:operator": OPERATOR,
    "sync:seal": OPERATOR,
    "sync:download": OPERATOR,
    "sync:upload": OPERATOR,
    "sync:retry": OPERATOR,
    "sync:dismiss": OPERATOR,
    # API
    "api-public:matters": PUBLIC,
    "api-public:matter": PUBLIC,
    "api-public:situation": PUBLIC,
    "api-public:departments": PUBLIC,
    "api-public:themes": PUBLIC,
    "api-public:catalogue-json": PUBLIC,
    "api-public:catalogue-gz": PUBLIC,
    "api-public:catalogue-csv": PUBLIC,
    "api-public:packages": PUBLIC,
    "api-public:package": PUBLIC,
    "api-public:datasets": VISITOR,
    "api-public:dataset": VISITOR,
    "api-public:dataset-records": VISITOR,
}


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
    if audience == PUBLIC:
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
