"""The public check page behind the QR code of every paper."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from applications.documents import checking
from applications.forms.check import CheckForm
from applications.throttles import CheckThrottle


def check_start(request: HttpRequest) -> HttpResponse:
    """A box for the code printed beside the QR code."""
    form = CheckForm(request.GET if "code" in request.GET else None)
    if form.is_valid():
        return redirect("applications:check", code=form.cleaned_data["code"])
    context = {"form": form, "crumbs": [{"text": _("文书证照核验")}]}
    return render(request, "applications/public/check.html", context)


def check(request: HttpRequest, code: str) -> HttpResponse:
    """Valid, revoked or unknown, with masked facts. Unknown codes are counted like known ones."""
    if not CheckThrottle().lets_pass(request):
        detail = _("同一地址每分钟最多核验 30 次，请一分钟后再试。")
        return render(request, "429.html", {"detail": detail}, status=429)
    cleaned = checking.clean_code(code)
    found = checking.verdict(cleaned, timezone.localdate())
    context = {
        "form": CheckForm(),
        "asked": cleaned,
        "verdict": found,
        "rows": _rows(found) if found else [],
        "crumbs": [{"text": _("文书证照核验"), "url": "/check/"}, {"text": _("核验结果")}],
    }
    return render(request, "applications/public/check.html", context, status=200 if found else 404)


def _rows(found: checking.Verdict) -> list[dict[str, str]]:
    validity = ""
    if found.valid_from:
        validity = _("%(start)s 至 %(end)s") % {
            "start": date_format(found.valid_from),
            "end": date_format(found.valid_to) if found.valid_to else _("长期"),
        }
    pairs = [
        (_("名称"), found.title),
        (_("编号（文号）"), found.number),
        (_("持有人（申请人）"), found.holder),
        (_("事项"), found.matter),
        (_("作出机关"), found.organ),
        (_("作出日期"), date_format(found.issued_on)),
        (_("有效期"), validity),
        (_("状态变动日期"), date_format(found.changed_on) if found.changed_on else ""),
        (_("变动理由"), found.reason),
        (_("文件指纹（SHA-256）"), found.file_sha256),
    ]
    return [{"label": label, "value": value} for label, value in pairs if value]
