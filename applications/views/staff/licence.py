"""Revoke a licence: asked twice, reason required, the public check page hears of it by the next batch."""

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from applications import licences
from applications.errors import DataMissing, MoveRefused
from applications.models import Licence
from applications.views.staff.access import get_case


class RevokeForm(forms.Form):
    """Why the licence is revoked."""

    reason = forms.CharField(
        label="撤销的理由和依据",
        help_text="例如：以欺骗手段取得许可（行政许可法第六十九条第二款）。公众核验页会显示“已撤销”。",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "class": "form-control"}),
        error_messages={"required": "请填写撤销的理由和依据。"},
    )


def revoke(request: HttpRequest, number: str) -> HttpResponse:
    """The form, and the act."""
    case, actor = get_case(request, number)
    licence = Licence.objects.filter(application=case).first()
    if licence is None:
        raise Http404("这件申请没有证照。")
    form = RevokeForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            licences.revoke(licence.pk, actor=actor, reason=form.cleaned_data["reason"])
            return redirect("applications:staff-case", number=number)
        except DataMissing as missing:
            form.add_error("reason", missing.message)
        except MoveRefused as refused:
            form.add_error(None, refused.message)
            status = 403 if refused.code == "not_allowed" else 409
    elif request.method == "POST":
        status = 422
    crumbs = [
        {"text": "办件工作台", "url": "/work/"},
        {"text": number, "url": f"/work/{number}/"},
        {"text": "撤销证照"},
    ]
    context = {"case": case, "licence": licence, "form": form, "crumbs": crumbs}
    return render(request, "applications/staff/revoke.html", context, status=status)
