"""A/B 角: arrange who stands in during an absence, see what is arranged, end it early. Staff only."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from identity import acting, deputies
from identity.deputy_forms import DeputyForm
from identity.models import Deputy, User


def listing(request: HttpRequest) -> HttpResponse:
    """What is arranged for me and for those whose absence I may arrange; POST arranges one more."""
    user, today = acting.signed_in(request), timezone.localdate()
    form = DeputyForm(user, request.POST or None)
    if form.is_valid() and _arrange(form, user):
        messages.success(request, "已经安排代理。")
        return redirect("identity:deputies")
    whose = deputies.may_arrange(user)
    rows = Deputy.objects.filter(Q(principal__in=whose) | Q(deputy=user)).select_related(
        "principal", "deputy", "set_by"
    )
    context = {
        "form": form,
        "running": list(rows.filter(ended_on=None, ends__gte=today)),
        "over": rows.exclude(ended_on=None, ends__gte=today)[:20],
    }
    return render(request, "identity/deputies.html", context, status=422 if form.errors else 200)


def _arrange(form: DeputyForm, user: User) -> bool:
    said = form.cleaned_data
    try:
        deputies.arrange(
            User.objects.get(pk=said["principal"]),
            User.objects.get(pk=said["deputy"]),
            begins=said["begins"],
            ends=said["ends"],
            reason=said["reason"],
            by=user,
            today=timezone.localdate(),
        )
    except ValidationError as refused:
        for name, sentences in refused.message_dict.items():
            form.add_error(name, sentences)
        return False
    return True


@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End an arrangement early; 404 for whom it does not concern."""
    user, today = acting.signed_in(request), timezone.localdate()
    mine = Deputy.objects.filter(Q(principal__in=deputies.may_arrange(user)) | Q(set_by=user))
    row = get_object_or_404(mine, pk=pk)
    if deputies.end(row, by=user, today=today):
        messages.success(request, "代理已经结束。")
    else:
        messages.info(request, "这一代理早已结束。")
    return redirect("identity:deputies")
