"""The records of a data set: hand in a file, read what is wrong with it, apply it or drop it."""

import io
import uuid

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe
from openpyxl import Workbook

from matters.datasets import loads, services
from matters.models import DataLoad, DataSet
from matters.views.staff.access import keeper
from matters.views.staff.datasets.access import crumbs, get_editable
from matters.views.staff.datasets.forms import FileForm

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def data(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """GET the form and what the last file came to; POST tries a file."""
    dataset = get_editable(request, uid)
    form = FileForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        file = form.cleaned_data["file"]
        loads.receive(dataset, file, file.name, form.cleaned_data["mode"], by=keeper(request))
        return redirect(_address(dataset))
    context = {
        "dataset": dataset,
        "form": form,
        "load": dataset.loads.select_related("by").first(),
        "fields": services.working(dataset).definition.fields,
        "waits_for_publication": services.draft_of(dataset) is not None,
        "max_mb": settings.HALL_MAX_UPLOAD_MB,
        "crumbs": crumbs(dataset, "装入数据"),
    }
    status = 422 if form.is_bound else 200
    return render(request, "matters/staff/datasets/data.html", context, status=status)


@require_POST
def decide(request: HttpRequest, uid: uuid.UUID, load: uuid.UUID) -> HttpResponse:
    """Apply a file that was tried, or drop it (``drop``)."""
    dataset = get_editable(request, uid)
    found = DataLoad.objects.filter(dataset=dataset, uid=load).first()
    if found is None:
        return redirect(_address(dataset))
    if "drop" in request.POST:
        loads.drop(found)
        messages.info(request, "这份文件已经放弃，数据没有变。")
        return redirect(_address(dataset))
    try:
        loads.start(found)
    except ValueError as refused:
        messages.warning(request, str(refused))
    return redirect(_address(dataset))


@require_safe
def template(request: HttpRequest, uid: uuid.UUID) -> FileResponse:
    """An empty workbook with the right heading."""
    dataset = get_editable(request, uid)
    book = Workbook(write_only=True)
    sheet = book.create_sheet("数据")
    sheet.append([field.label for field in services.working(dataset).definition.fields])
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{dataset.name}.xlsx", content_type=XLSX)


def _address(dataset: DataSet) -> str:
    return reverse("catalogue:dataset-data", args=[dataset.uid])
