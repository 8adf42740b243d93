"""The status query: number and query code, without logging in."""

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from applications import public_status
from applications.joint import public_status as joint_status
from applications.ratings import giving
from identity import rate


class StatusForm(forms.Form):
    """Both lines of the receipt; instead of the number, that of a paper."""

    number = forms.CharField(
        label=_("办件编号或者文号"),
        help_text=_("编号 21 位数字，写在收件回执上，有没有空格都可以；也可以填文书的文号，或者一件事的联办编号。"),
        max_length=200,
        error_messages={"required": _("请填写办件编号，在收件回执的上方。")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    code = forms.CharField(
        label=_("查询码"),
        help_text=_("6 位字母和数字，在编号下面，不分大小写。"),
        max_length=200,
        error_messages={"required": _("请填写查询码，在收件回执上编号的下面。")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )


@csrf_exempt  # it changes nothing, and a token in its box on the front page would keep that page out of every cache
@never_cache
def status(request: HttpRequest) -> HttpResponse:
    """Form and answer on one page. The answer is the POST's own: a number in the address would reach the logs."""
    if request.method != "POST" or is_foreign(request):
        return _page(request, StatusForm())
    form = StatusForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    number, code = form.cleaned_data["number"], form.cleaned_data["code"]
    wait = wait_for(request, number)
    if wait:
        minutes = -(-wait // 60)
        detail = ngettext(
            "查询次数太多。为了保护他人的信息，同一地址、同一编号 10 分钟内最多查 10 次，请 %(minutes)d 分钟后再试。",
            "查询次数太多。为了保护他人的信息，同一地址、同一编号 10 分钟内最多查 10 次，请 %(minutes)d 分钟后再试。",
            minutes,
        ) % {"minutes": minutes}
        response = render(request, "429.html", {"detail": detail}, status=429)
        response["Retry-After"] = str(wait)
        return response
    case = public_status.case_of(number, code)
    joint = joint_status.find(number, code) if case is None else None
    if joint is not None:
        return render(request, "applications/public/joint_status.html", {"status": joint, "crumbs": _crumbs()})
    if case is None:
        form.add_error(None, gettext("没有查到。编号或查询码不对，请对照收件回执再核对一遍。"))
        return _page(request, form)
    context = {
        "status": public_status.tell(case),
        "asked": {"number": number, "code": code},
        "may_rate": not giving.refusal(case),
        "crumbs": _crumbs(),
    }
    return render(request, "applications/public/status_result.html", context)


def is_foreign(request: HttpRequest) -> bool:
    """Whether another site's page sent the form: it could use up the tries of whoever looks at it."""
    origin = request.headers.get("Origin", "")
    own = f"{request.scheme}://{request.get_host()}"
    return bool(origin) and origin != own and origin not in settings.CSRF_TRUSTED_ORIGINS


def wait_for(request: HttpRequest, number: str) -> int:
    """Count this try for the address and for the number; seconds to wait, 0 when it may go on."""
    plain, _code = public_status.understood(number, "")
    return max(
        rate.hit("status-address", rate.client_address(request)),
        rate.hit("status-number", plain),
    )


def _page(request: HttpRequest, form: StatusForm) -> HttpResponse:
    return render(request, "applications/public/status.html", {"form": form, "crumbs": _crumbs()})


def _crumbs() -> list[dict[str, str]]:
    return [{"text": gettext("办件进度查询")}]
