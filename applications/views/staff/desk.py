"""Around the work list: saved lists, columns and keys, many cases at once, labels, templates, the list as a file."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from applications import actors
from applications.desk import export, habits, labels, many
from applications.errors import DataMissing
from applications.forms.desk import LabelForm, ManyForm, TemplateForm
from applications.models import Application, OpinionTemplate, SavedFilter
from applications.views.staff.listing import Listing
from identity.acting import signed_in

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HOME = {"text": "办件工作台"}


def _listing(request: HttpRequest) -> Listing:
    return Listing(request, actors.staff(signed_in(request)))


def _back(listing: Listing) -> HttpResponse:
    return redirect(f"{reverse('applications:worklist')}?{listing.address()}")


@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Save the list under a name, delete a saved one, or keep columns and keys."""
    user, listing = signed_in(request), _listing(request)
    if "save_filter" in request.POST:
        try:
            saved = habits.save_filter(user, request.POST.get("name", ""), {"tab": listing.tab} | listing.filters)
        except DataMissing as refused:
            messages.error(request, refused.message)
        else:
            messages.success(request, f"已经保存列表“{saved.name}”。")
    elif "delete_filter" in request.POST:
        SavedFilter.objects.filter(user=user, name=request.POST["delete_filter"]).delete()
    elif "columns" in request.POST:
        habits.keep(user, columns=request.POST.getlist("column"), shortcuts=request.POST.get("shortcuts") == "on")
    return _back(listing)


@require_POST
def act_on_many(request: HttpRequest) -> HttpResponse:
    """The chosen cases, once more with what will be done; with ``confirmed`` it is done, and every case has its result."""
    listing = _listing(request)
    form = ManyForm(listing.actor, request.POST)
    numbers = request.POST.getlist("case")
    if request.POST.get("whole") == "on":
        ids = listing.rows.ids(0, many.MOST)
        by_id = dict(Application.objects.filter(pk__in=ids).values_list("pk", "number"))
        numbers = [by_id[pk] or "" for pk in ids]
    cases = many.chosen(listing.actor, numbers)
    if not cases:
        messages.error(request, "请先选择办件。")
        return _back(listing)
    context: dict[str, Any] = {
        "listing": listing,
        "cases": cases,
        "act_label": many.labels_of_acts().get(request.POST.get("act", ""), ""),
        "most": many.MOST,
        "crumbs": [HOME | {"url": f"{reverse('applications:worklist')}?{listing.address()}"}, {"text": "批量办理"}],
    }
    if "confirmed" in request.POST and form.is_valid():
        seen = dict(part.rpartition(":")[::2] for part in request.POST.getlist("seen"))
        said = form.cleaned_data
        context["results"] = many.do(listing.actor, said["act"], cases, seen, data=said, label=said.get("label"))
        context["done"] = sum(not one.problem for one in context["results"])
        return render(request, "applications/staff/many_done.html", context)
    if "act" in form.errors:
        messages.error(request, "请选择要办的事。")
        return _back(listing)
    shown = form if "confirmed" in request.POST else ManyForm(listing.actor, None)
    shown.data = request.POST
    shown.drop_unwanted()
    context["form"] = shown
    return render(request, "applications/staff/many.html", context, status=422 if "confirmed" in request.POST else 200)


def as_file(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The list with its filter as ``csv`` or ``xlsx``."""
    listing = _listing(request)
    if kind not in ("csv", "xlsx"):
        raise Http404
    rows = export.lines(listing.rows)
    response: HttpResponseBase
    if kind == "csv":
        response = StreamingHttpResponse(export.csv_lines(rows), content_type="text/csv; charset=utf-8")
    else:
        response = HttpResponse(export.workbook(rows), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="cases-{timezone.localdate()}.{kind}"'
    response["Cache-Control"] = "private, no-store"
    return response


def label_list(request: HttpRequest) -> HttpResponse:
    """The labels of one's departments: make one, delete one."""
    listing = _listing(request)
    form = LabelForm(listing.departments)
    if request.method == "POST" and "delete" in request.POST:
        labels.of(listing.actor).filter(uid=request.POST["delete"]).delete()
        return redirect("applications:desk-labels")
    if request.method == "POST":
        form = LabelForm(listing.departments, request.POST)
        if form.is_valid():
            try:
                labels.make(listing.actor, **form.cleaned_data)
            except DataMissing as refused:
                for name, sentence in refused.fields.items():
                    form.add_error(name, sentence)
            else:
                return redirect("applications:desk-labels")
    context = {
        "form": form,
        "labels": labels.of(listing.actor),
        "crumbs": [HOME | {"url": reverse("applications:worklist")}, {"text": "标签"}],
    }
    return render(request, "applications/staff/labels.html", context, status=422 if form.errors else 200)


def template_list(request: HttpRequest) -> HttpResponse:
    """Templates of opinions: one's own and the departments'."""
    listing, user = _listing(request), signed_in(request)
    form = TemplateForm(listing.departments)
    mine = habits.templates_of(listing.actor)
    if request.method == "POST" and request.POST.get("delete", "").isdecimal():
        mine.filter(pk=int(request.POST["delete"])).delete()
        return redirect("applications:desk-templates")
    if request.method == "POST":
        form = TemplateForm(listing.departments, request.POST)
        if form.is_valid():
            said = form.cleaned_data
            owner = None if said["department"] else user
            OpinionTemplate.objects.create(user=owner, **said)
            return redirect("applications:desk-templates")
    context = {
        "form": form,
        "templates": mine.select_related("department"),
        "crumbs": [HOME | {"url": reverse("applications:worklist")}, {"text": "意见模板"}],
    }
    return render(request, "applications/staff/templates.html", context, status=422 if form.errors else 200)
