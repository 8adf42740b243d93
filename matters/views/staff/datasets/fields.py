"""The fields of a data set: add, change, order, remove."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from matters.datasets import services
from matters.datasets.definition import MOST_FIELDS, Definition, FieldDefinition
from matters.datasets.services import DraftMoved
from matters.models import DataSet, DataSetVersion
from matters.views.staff.access import keeper
from matters.views.staff.datasets.access import address, crumbs, get_editable
from matters.views.staff.datasets.forms import FieldForm
from matters.views.staff.datasets.pages import MOVED, renewed

MOVES = {"up": -1, "down": 1}


def new(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """One more field, at the end."""
    dataset = get_editable(request, uid)
    version = services.working(dataset)
    if len(version.definition.fields) >= MOST_FIELDS:
        messages.error(request, f"字段最多 {MOST_FIELDS} 个。")
        return redirect(address(dataset))
    return _edit(request, dataset, version, None)


def edit(request: HttpRequest, uid: uuid.UUID, key: str) -> HttpResponse:
    """Change a field."""
    dataset = get_editable(request, uid)
    version = services.working(dataset)
    field = version.definition.field(key)
    if field is None:
        raise Http404("没有这个字段，可能刚被删除。")
    return _edit(request, dataset, version, field)


@require_POST
def move(request: HttpRequest, uid: uuid.UUID, key: str) -> HttpResponse:
    """``move`` up or down, or ``move=delete``."""
    dataset = get_editable(request, uid)
    definition = services.working(dataset).definition
    fields = list(definition.fields)
    at = next((at for at, field in enumerate(fields) if field.key == key), None)
    if at is not None:
        field = fields.pop(at)
        if request.POST.get("move") in MOVES:
            fields.insert(max(at + MOVES[request.POST["move"]], 0), field)
        services.save_draft(dataset, definition.model_copy(update={"fields": fields}), by=keeper(request))
    return redirect(f"{address(dataset)}#fields")


def _edit(
    request: HttpRequest, dataset: DataSet, version: DataSetVersion, field: FieldDefinition | None
) -> HttpResponse:
    definition = version.definition
    form = FieldForm(definition, field, request.POST or None, seen=version.revision)
    if form.is_valid():
        changed = _with(definition, field, form.field())
        try:
            services.save_draft(dataset, changed, by=keeper(request), seen=form.cleaned_data["seen"])
            return redirect(f"{address(dataset)}#fields")
        except DraftMoved:
            form = FieldForm(definition, field, renewed(request, version))
            form.add_error(None, MOVED)
    title = f"修改字段“{field.label}”" if field else "添加字段"
    context = {"form": form, "title": title, "crumbs": crumbs(dataset, title), "dataset": dataset, "removable": field}
    status = 422 if form.is_bound and not form.is_valid() else 200
    return render(request, "matters/staff/datasets/form.html", context, status=status)


def _with(definition: Definition, before: FieldDefinition | None, after: FieldDefinition) -> Definition:
    """The definition with a field added or changed; a renamed key stays the set's key and order."""
    if before is None:
        return definition.model_copy(update={"fields": [*definition.fields, after]})
    fields = [after if field is before else field for field in definition.fields]
    names = {name: after.key for name in ("key", "order") if getattr(definition, name) == before.key}
    return definition.model_copy(update={"fields": fields, **names})
