"""Revoke a licence: reason required, asked twice; the public check page hears of it by the next batch."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from applications import licences
from applications.errors import MoveRefused
from applications.models import Application, Licence
from applications.views.staff.access import get_case
from applications.views.staff.case import case_address, crumbs
from applications.views.staff.listing import Listing

ACT = "撤销证照"


class RevokeForm(forms.Form):
    """Why the licence is revoked."""

    reason = forms.CharField(
        label="撤销的理由和依据",
        help_text="例如：以欺骗手段取得许可（行政许可法第六十九条第二款）。公众核验页会显示“已撤销”。",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "class": "form-control"}),
        error_messages={"required": "请填写撤销的理由和依据。", "max_length": "理由和依据不能超过 2000 字。"},
    )


def revoke(request: HttpRequest, number: str) -> HttpResponse:
    """GET the form; POST asks once more; POST with ``confirmed`` revokes; POST with ``edit`` goes back to the form."""
    case, actor = get_case(request, number)
    licence = Licence.objects.select_related("application").filter(application=case).first()
    if licence is None:
        raise Http404("这件申请没有证照。")
    listing = Listing(request, actor)
    form = RevokeForm(request.POST if request.method == "POST" else None)
    try:
        licences.check_revocable(licence, actor)
        if form.is_valid() and "confirmed" in request.POST:
            licences.revoke(licence.pk, actor=actor, reason=form.cleaned_data["reason"])
            messages.success(request, f"已经撤销《{licence.name}》{licence.number}。")
            return redirect(case_address(case, listing))
    except MoveRefused as refused:
        status = 403 if refused.code == "not_allowed" else 409
        return _page(request, "refused", case, listing, status, detail=refused.message)
    asks_again = form.is_valid() and "edit" not in request.POST
    status = 422 if form.is_bound and not form.is_valid() else 200
    return _page(request, "revoke", case, listing, status, licence=licence, form=form, asks_again=asks_again)


def _page(
    request: HttpRequest, template: str, case: Application, listing: Listing, status: int, **context: object
) -> HttpResponse:
    context = {
        "case": case,
        "label": ACT,
        "place": listing.address(),
        "case_url": case_address(case, listing),
        "crumbs": crumbs(listing, case, ACT),
        **context,
    }
    return render(request, f"applications/staff/{template}.html", context, status=status)
