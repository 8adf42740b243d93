"""Pages that belong to no single app: home, search, help, display choices, health, components."""

from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from hall import api_table, checkup, portal, samples, site_map
from identity.models import Kind
from matters import searches
from matters.joint import queries as joint_queries
from matters.views.finding import listing
from matters.views.pages import public_page

# (value of the filter, icon, title, what is found there)
AUDIENCES = (
    ("person", "person", _("个人办事"), _("身份户籍、社保、婚育、住房、出行")),
    ("enterprise", "enterprise", _("企业办事"), _("开办、经营许可、工程建设、变更注销")),
    ("investor", "investor", _("投资者"), _("投资项目、用地规划、外商投资")),
    ("traveller", "traveller", _("旅游者"), _("旅行证件、住宿出行、投诉求助")),
)
PACKAGES = 3
YEAR = 365 * 24 * 3600
# field of the switch: (cookie, values)
VIEW_CHOICES = {
    "elder": ("hall_elder", ("0", "1")),
    "contrast": ("hall_contrast", ("0", "1")),
    "language": (settings.LANGUAGE_COOKIE_NAME, tuple(code for code, _name in settings.LANGUAGES)),
}


def home(request: HttpRequest) -> HttpResponse:
    """The portal's first page; the office has none and goes straight to work."""
    if not settings.IS_OUTER:
        return redirect("hall:after-login" if request.user.is_authenticated else "account_login")
    return render(request, "hall/home.html", {"front": portal.front_page(), "audiences": AUDIENCES})


def after_login(request: HttpRequest) -> HttpResponse:
    """Where each kind of person begins."""
    if getattr(request.user, "kind", "") == Kind.APPLICANT:
        return redirect("applications:mine")
    return redirect("sync:operator" if settings.IS_OUTER else "applications:worklist")


@public_page
def search(request: HttpRequest) -> HttpResponse:
    """Matters found by what people call them; what was typed stays in the box and in the address."""
    shown = listing(request, hidden="q")
    if settings.IS_OUTER and request.method == "GET" and shown.text and not shown.narrowed and shown.page.number == 1:
        searches.counter.count(shown.text, found=shown.answer.found.count() > 0 and not shown.answer.corrected)
    context = {
        "listing": shown,
        "page": shown.page,
        "packages": joint_queries.find(shown.text)[:PACKAGES] if shown.page.number == 1 else [],
        "clear_url": f"{reverse('hall:search')}?{urlencode({'q': shown.text})}" if shown.narrowed else "",
        "hot_words": portal.hot_words(),
        "crumbs": [{"text": _("搜索")}],
    }
    return render(request, "hall/search.html", context)


def help_page(request: HttpRequest) -> HttpResponse:
    """How to get something done here, step by step."""
    return render(request, "hall/help.html", {"crumbs": [{"text": _("办事帮助")}]})


def contact(request: HttpRequest) -> HttpResponse:
    """Whom to call, and how to report a mistake on these pages."""
    return render(request, "hall/contact.html", {"crumbs": [{"text": _("联系我们与网站找错")}]})


def sitemap(request: HttpRequest) -> HttpResponse:
    """Every public page on one page."""
    return render(
        request,
        "hall/sitemap.html",
        {"sections": list(site_map.sections(request)), "crumbs": [{"text": _("站点地图")}]},
    )


def accessibility(request: HttpRequest) -> HttpResponse:
    """What we do so that everybody can use these pages, and what does not work yet."""
    return render(request, "hall/accessibility.html", {"crumbs": [{"text": _("无障碍声明")}]})


@csrf_exempt  # changes nothing but how pages look, and a token here would keep anonymous pages out of every cache
@require_POST
def view_mode(request: HttpRequest) -> HttpResponse:
    """Switch the language, large type (长辈模式) or strong contrast; remembered for a year."""
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    response = HttpResponseRedirect(target)
    for field, (cookie, allowed) in VIEW_CHOICES.items():
        if request.POST.get(field) in allowed:
            response.set_cookie(
                cookie, request.POST[field], max_age=YEAR, samesite="Lax", httponly=True, secure=settings.HALL_HTTPS
            )
    return response


def components(request: HttpRequest) -> HttpResponse:
    """Every component in every state, for whoever builds or reviews pages."""
    if not (settings.DEBUG or settings.HALL_DEMO):
        raise Http404
    return render(request, "hall/components.html", samples.all_samples())


def api_docs(request: HttpRequest) -> HttpResponse:
    """The programming interface as a table."""
    return render(request, "hall/api_docs.html", {"groups": api_table.groups(), "crumbs": [{"text": _("开放接口")}]})


def health(request: HttpRequest) -> JsonResponse:
    """For load balancers and monitoring: 200 or 503, and which part; no addresses, versions or secrets."""
    findings = checkup.run(checkup.QUICK)
    is_down = any(finding.level == checkup.ERROR for finding in findings)
    body = {"status": "down" if is_down else "ok", "side": settings.HALL_SIDE}
    body |= {finding.name: finding.level for finding in findings}
    return JsonResponse(body, status=503 if is_down else 200, headers={"Cache-Control": "no-store"})
