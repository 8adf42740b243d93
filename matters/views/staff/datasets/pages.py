"""The list of data sets, a set's own page, and the form of the set itself."""

import uuid
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from identity.models import Role
from matters import editors
from matters.datasets import record, services
from matters.datasets.checks import faults
from matters.datasets.definition import KINDS, MASKS, SEARCHES, Definition
from matters.datasets.masking import mask
from matters.datasets.services import DraftMoved
from matters.models import DataSet, DataSetVersion
from matters.views.staff.access import keeper
from matters.views.staff.datasets.access import address, crumbs, get_editable, get_set, sets_of
from matters.views.staff.datasets.forms import NewSetForm, SetForm
from matters.views.staff.desk import tabs

ROWS = 50
SAMPLE = 5
MOVED = "您打开之后，别人保存过这个数据集。下面是您填写的内容；请在另一个窗口核对后再保存，保存会覆盖对方的修改。"


@require_safe
def datasets(request: HttpRequest) -> HttpResponse:
    """Every set that this person keeps, and what it waits for."""
    drafts = DataSetVersion.objects.filter(dataset=OuterRef("pk"), state=DataSetVersion.State.DRAFT)
    mine: QuerySet[DataSet] = sets_of(request).annotate(has_draft=Exists(drafts)).order_by("name", "pk")
    context = {
        "tabs": tabs(request),
        "page": Paginator(mine, ROWS).get_page(request.GET.get("page")),
        "may_write": editors.departments_for(keeper(request), Role.EDITOR).exists(),
        "crumbs": crumbs(),
    }
    return render(request, "matters/staff/datasets/list.html", context)


@require_safe
def dataset(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """One set: its state, fields, records, faults, and what may be done."""
    found = get_set(request, uid)
    version = services.working(found)
    user = keeper(request)
    context = {
        "dataset": found,
        "version": version,
        "definition": version.definition,
        "is_draft": version.state == DataSetVersion.State.DRAFT,
        "faults": faults(version.definition),
        "fields": _fields(version.definition),
        "sample": sample(found, version.definition),
        "stock_count": found.stock.count(),
        "changes": found.changes.all()[:20],
        "load": found.loads.first(),
        "may_write": _holds(user, found, Role.EDITOR) and not found.built_in,
        "may_publish": _holds(user, found, Role.PUBLISHER),
        "wrote_it": record.has_edited(version, user),
        "crumbs": crumbs(found),
    }
    return render(request, "matters/staff/datasets/dataset.html", context)


def new(request: HttpRequest) -> HttpResponse:
    """Begin a set; its fields come on the next page."""
    departments = editors.departments_for(keeper(request), Role.EDITOR)
    form = NewSetForm(departments, request.POST or None)
    if form.is_valid():
        content = form.definition().model_dump(mode="json")
        given = form.cleaned_data
        made = services.create(given["slug"], given["department"], content, by=keeper(request))
        return redirect(address(made))
    return _form_page(request, form, crumbs(None, "新建数据集"), "新建数据集", None)


def edit(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Change the set itself: a published one gets a new draft."""
    found = get_editable(request, uid)
    version = services.working(found)
    form = SetForm(version.definition, request.POST or None, seen=version.revision)
    if form.is_valid():
        try:
            services.save_draft(found, form.definition(), by=keeper(request), seen=form.cleaned_data["seen"])
            return redirect(address(found))
        except DraftMoved:
            form = SetForm(version.definition, renewed(request, version))
            form.add_error(None, MOVED)
    return _form_page(request, form, crumbs(found, "修改"), f"修改“{found.name}”", found)


def renewed(request: HttpRequest, version: DataSetVersion) -> Any:
    """What was typed, with the revision that is there now: sent once more it is saved."""
    data = request.POST.copy()
    data["seen"] = str(version.revision)
    return data


def _form_page(
    request: HttpRequest, form: SetForm, way: list[dict[str, str]], title: str, found: DataSet | None
) -> HttpResponse:
    context = {"form": form, "title": title, "crumbs": way, "dataset": found}
    status = 422 if form.is_bound and not form.is_valid() else 200
    return render(request, "matters/staff/datasets/form.html", context, status=status)


def sample(found: DataSet, definition: Definition) -> list[list[dict[str, str]]]:
    """The first records as the public will see them in the list."""
    values = found.stock.order_by("pk").values_list("values", flat=True)[:SAMPLE]
    fields = definition.listed
    return [
        [{"label": field.label, "value": mask(field.mask, row.get(field.key, ""))} for field in fields]
        for row in values
        if fields
    ]


def _fields(definition: Definition) -> list[dict[str, Any]]:
    """The fields in words."""
    return [
        {
            "field": field,
            "kind": KINDS[field.kind],
            "search": SEARCHES[field.search] if field.search else "",
            "mask": MASKS[field.mask],
            "is_key": field.key == definition.key,
        }
        for field in definition.fields
    ]


def _holds(user: Any, found: DataSet, role: str) -> bool:
    return editors.departments_for(user, role).filter(pk=found.department_id).exists()
