"""Letting a data set out and taking it back."""

import uuid

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from identity.models import Role
from matters.datasets import record, sending, services
from matters.datasets.checks import Fault
from matters.datasets.services import NotPublishable
from matters.models import DataSet, DataSetVersion
from matters.views.staff.access import keeper
from matters.views.staff.datasets.access import address, crumbs, get_set
from matters.views.staff.datasets.forms import WithdrawForm
from matters.views.staff.datasets.pages import sample


def publish(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """GET what will be public; POST publishes, by somebody who did not write the draft."""
    dataset = get_set(request, uid, Role.PUBLISHER)
    draft = services.draft_of(dataset)
    if draft is None:
        messages.info(request, "没有等待发布的修改。")
        return redirect(address(dataset))
    if request.method == "POST":
        try:
            services.publish(dataset, by=keeper(request))
        except NotPublishable as refused:
            return _page(request, dataset, draft, refused.faults, 422)
        messages.success(request, f"已发布“{draft.definition.name}”，随下一批文件送到外网。")
        return redirect(address(dataset))
    return _page(request, dataset, draft, services.publication_faults(dataset, draft), 200)


def _page(
    request: HttpRequest, dataset: DataSet, version: DataSetVersion, found: list[Fault], status: int
) -> HttpResponse:
    context = {
        "dataset": dataset,
        "definition": version.definition,
        "faults": found,
        "wrote_it": record.has_edited(version, keeper(request)),
        "sample": sample(dataset, version.definition),
        "stock_count": dataset.stock.count(),
        "crumbs": crumbs(dataset, "发布"),
    }
    return render(request, "matters/staff/datasets/publish.html", context, status=status)


def withdraw(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Take a set from the public, with the reason."""
    dataset = get_set(request, uid, Role.PUBLISHER)
    if dataset.built_in:
        raise Http404("这个数据集由系统自动维护，依法公开，不能撤回。")
    if dataset.current is None:
        messages.info(request, "这个数据集没有发布，不用撤回。")
        return redirect(address(dataset))
    form = WithdrawForm(request.POST or None)
    if form.is_valid():
        services.withdraw(dataset, by=keeper(request), reason=form.cleaned_data["reason"])
        messages.success(request, f"已撤回“{dataset.name}”，外网收到下一批文件后不再显示，并删除其中的记录。")
        return redirect(address(dataset))
    context = {"dataset": dataset, "form": form, "crumbs": crumbs(dataset, "撤回")}
    status = 422 if form.is_bound else 200
    return render(request, "matters/staff/datasets/withdraw.html", context, status=status)


@require_POST
def resend(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Send every record once more, when the outer side has parted from this one."""
    dataset = get_set(request, uid, Role.PUBLISHER)
    with transaction.atomic():
        locked = DataSet.objects.select_for_update(of=("self",)).select_related("current").get(pk=dataset.pk)
        if locked.current is not None:
            sending.send_all(locked)
    messages.success(request, "全部记录已重新送出，外网收到后整批替换。")
    return redirect(address(dataset))
