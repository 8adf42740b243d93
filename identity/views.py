"""The account page, enterprises and their agents. Log-in, sign-up and passwords are allauth's views."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from identity import acting, services
from identity.forms import AgentForm, EnterpriseForm, PhoneForm
from identity.models import AgencyRole, Enterprise
from identity.numbers import mask_id_number, mask_phone, mask_uscc
from identity.posts import posts_of


def _managed_or_404(request: HttpRequest, uid: UUID) -> Enterprise:
    """The enterprise, for its active managers; to everybody else it does not exist."""
    return get_object_or_404(
        Enterprise.objects.filter(
            agencies__user=acting.signed_in(request), agencies__role=AgencyRole.MANAGER, agencies__active=True
        ),
        uid=uid,
    )


@require_GET
def account(request: HttpRequest) -> HttpResponse:
    """What is kept about me (masked), for whom I may act, and how I log in."""
    user = acting.signed_in(request)
    if not user.is_applicant:
        posts = posts_of(user).select_related("department", "office").order_by("department", "role")
        return render(request, "identity/account_staff.html", {"posts": posts})
    me = acting.acting_for(request)
    context = {
        "acting": me,
        "agencies": acting.agencies_of(user),
        "id_number": mask_id_number(me.person.id_number),
        "phone": mask_phone(me.person.phone),
    }
    return render(request, "identity/account.html", context)


@require_http_methods(["GET", "POST"])
def phone(request: HttpRequest) -> HttpResponse:
    """Change my phone number."""
    me = acting.acting_for(request)
    form = PhoneForm(request.POST or None)
    if form.is_valid():
        services.change_phone(me.person, form.cleaned_data["phone"])
        messages.success(request, _("手机号已改为 %(phone)s。") % {"phone": mask_phone(me.person.phone)})
        return redirect("identity:account")
    return render(request, "identity/phone.html", {"form": form, "phone": mask_phone(me.person.phone)})


@require_POST
def act_as(request: HttpRequest) -> HttpResponse:
    """Work in my own or an enterprise's name from now on, and go on where I was."""
    uid = request.POST.get("enterprise", "")
    agencies = acting.agencies_of(acting.signed_in(request))
    chosen = next((agency.enterprise for agency in agencies if str(agency.enterprise.uid) == uid), None)
    if uid and chosen is None:
        messages.error(request, _("您不是这家企业的经办人，办事身份没有改变。"))
    else:
        acting.choose(request, chosen)
        messages.success(request, _("现在以%(name)s的身份办事。") % {"name": chosen.name if chosen else _("本人")})
    target = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        return redirect(target)
    return redirect("identity:account")


@require_http_methods(["GET", "POST"])
def enterprise_register(request: HttpRequest) -> HttpResponse:
    """Register an enterprise, become its manager, and act for it at once."""
    form = EnterpriseForm(request.POST or None)
    if form.is_valid():
        try:
            enterprise = services.register_enterprise(acting.signed_in(request), **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            acting.choose(request, enterprise)
            messages.success(
                request, _("已登记%(name)s，您是它的管理员，现在以它的身份办事。") % {"name": enterprise.name}
            )
            return redirect("identity:enterprise", enterprise.uid)
    return render(request, "identity/enterprise_register.html", {"form": form})


@require_http_methods(["GET", "POST"])
def enterprise(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A manager sees the enterprise and its agents, and adds an agent."""
    managed = _managed_or_404(request, uid)
    form = AgentForm(request.POST or None)
    if form.is_valid():
        try:
            services.add_agent(managed, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("%(name)s现在可以代表企业办事。") % {"name": form.cleaned_data["name"]})
            return redirect("identity:enterprise", uid)
    agents = managed.agencies.filter(active=True).select_related("user").order_by("pk")
    context = {"enterprise": managed, "uscc": mask_uscc(managed.uscc), "agents": agents, "form": form}
    return render(request, "identity/enterprise.html", context)


@require_POST
def agent_end(request: HttpRequest, uid: UUID, pk: int) -> HttpResponse:
    """A manager ends an agency; the last manager stays."""
    managed = _managed_or_404(request, uid)
    agency = get_object_or_404(managed.agencies.filter(active=True).select_related("user"), pk=pk)
    try:
        services.end_agency(agency)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("%(name)s不再代表企业办事。") % {"name": agency.user.display_name})
        if agency.user == request.user:
            return redirect("identity:account")
    return redirect("identity:enterprise", uid)
