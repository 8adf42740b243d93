"""Query services for the public: which there are, a form with its results, one record, one text over all sets, open data."""

import csv
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from identity import rate
from matters.datasets import queries, wording
from matters.datasets.definition import Definition
from matters.datasets.queryform import QueryForm, SetFilters
from matters.models import DataSet, PublicRow
from matters.throttles import DownloadThrottle, ReadingThrottle
from matters.views.pages import public_page

ROWS = 20
MINUTE = 60
# A number somebody types from a paper, and mistypes: 10 tries in 10 minutes from one address.
GUARDED = "dataset-guarded"


@public_page
def services(request: HttpRequest) -> HttpResponse:
    """All query services, by theme and department."""
    filters = SetFilters(request.GET)
    sets = queries.find_sets(**filters.given).order_by("theme", "name", "pk")
    context = {
        "filters": filters,
        "page": Paginator(sets, ROWS).get_page(request.GET.get("page")),
        "clear_url": reverse("matters:datasets") if any(filters.given.values()) else "",
        "crumbs": [{"text": _("查询服务")}],
    }
    return render(request, "matters/datasets/services.html", context)


@public_page
def across(request: HttpRequest) -> HttpResponse:
    """One text over the sets of all departments."""
    text = request.GET.get("q", "").strip()[:100]
    if request.GET and not ReadingThrottle().lets_pass(request):
        return too_often(request, MINUTE)
    context = {
        "text": text,
        "too_short": bool(text) and len(text) < queries.SHORTEST_CROSS,
        "groups": [{"found": group, "url": _further(group, text)} for group in queries.across(text)],
        "crumbs": [*_crumbs(), {"text": _("一处查多库")}],
    }
    return render(request, "matters/datasets/across.html", context)


def _further(group: queries.Group, text: str) -> str:
    """Where all records of the group are: the set's own page, asking for the same text."""
    key = group.found_in(text)
    return reverse("matters:dataset", args=[group.dataset.slug]) + (f"?{urlencode({key: text})}" if key else "")


@public_page
def service(request: HttpRequest, slug: str) -> HttpResponse:
    """The form of one set and, where records may be listed, those that agree with the address."""
    dataset = get_set(slug)
    definition = _definition(dataset)
    if request.GET and not ReadingThrottle().lets_pass(request):
        return too_often(request, MINUTE)
    asked = {field.key: request.GET.get(field.key, "").strip()[:200] for field in definition.plainly_searchable}
    sort = request.GET.get("sort", "")
    rows = PublicRow.objects.none() if definition.personal else queries.records(dataset, asked, sort=sort)
    form = QueryForm(definition, initial=asked)
    context = _page_context(dataset, form, rows, request.GET.get("page"))
    context |= {"asked": any(asked.values()), "sort": sort, "sorts": _sorts(definition, sort)}
    return render(request, "matters/datasets/service.html", context)


@csrf_exempt  # changes nothing, and a token in the form would keep the set's page out of every cache
@never_cache
def find(request: HttpRequest, slug: str) -> HttpResponse:
    """The answer to a question that may hold somebody's number: the POST's own, since addresses reach the logs."""
    dataset = get_set(slug)
    definition = _definition(dataset)
    if request.method != "POST" or not definition.is_guarded:
        return redirect("matters:dataset", slug=slug)
    form = QueryForm(definition, request.POST)
    if not form.is_valid():
        return render(request, "matters/datasets/service.html", _page_context(dataset, form, PublicRow.objects.none()))
    if wait := rate.hit(GUARDED, f"{slug}:{rate.client_address(request)}"):
        return too_often(request, wait)
    rows = queries.records(dataset, form.cleaned_data)
    context = _page_context(dataset, form, rows) | {"asked": True, "answered": True}
    if dataset.is_personal:
        context["answers"] = [_lines(definition, row) for row in context["page"]]
    return render(request, "matters/datasets/service.html", context)


@public_page
def record(request: HttpRequest, slug: str, ref: str) -> HttpResponse:
    """One record of a set that is not personal: a person's record has no address, it is shown with the answer only."""
    dataset = get_set(slug)
    if dataset.is_personal:
        raise Http404(_("这条记录只在查询时显示，没有自己的网址。"))
    row = queries.record(dataset, ref)
    if row is None:
        raise Http404(_("没有找到这条记录：它可能已经更新或删除，请重新查询。"))
    definition = _definition(dataset)
    context = {
        "dataset": dataset,
        "title": title_of(definition, row),
        "rows": _lines(definition, row),
        "crumbs": [
            *_crumbs(),
            {"text": wording.name(dataset), "url": reverse("matters:dataset", args=[slug])},
            {"text": title_of(definition, row)},
        ],
    }
    return render(request, "matters/datasets/record.html", context)


@require_safe
def download(request: HttpRequest, slug: str) -> HttpResponse | StreamingHttpResponse:
    """All records of an open set as CSV; a set that is not open is not handed out whole."""
    dataset = get_set(slug)
    if not dataset.is_open:
        raise Http404(_("这个数据集不提供整批下载。"))
    if not DownloadThrottle().lets_pass(request):
        return too_often(request, MINUTE)
    response = StreamingHttpResponse(_csv(dataset), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{slug}.csv"'
    return response


def _csv(dataset: DataSet) -> Iterator[str]:
    """With a mark by which Excel knows UTF-8; nothing that a spreadsheet would calculate."""
    definition = _definition(dataset)
    fields = [field for field in definition.fields if field in definition.listed or field in definition.detailed]
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow([wording.label(field) for field in fields])
    rows = PublicRow.objects.filter(generation=dataset.generation_id).order_by("pk")
    for values in rows.values_list("values", flat=True).iterator(1000):
        yield writer.writerow([_inert(values.get(field.key, "")) for field in fields])


class _Echo:
    """A file for the csv module that hands back what is written."""

    def write(self, text: str) -> str:
        return text


def _inert(text: str) -> str:
    return f"'{text}" if text[:1] in "=+-@\t\r" and text[:1] else text


# --- shared
def get_set(slug: str) -> DataSet:
    """The set with this address; 404 otherwise."""
    try:
        return queries.get(slug)
    except DataSet.DoesNotExist as error:
        raise Http404(_("没有找到这个查询服务：它可能已经停用，或者地址不完整。")) from error


def title_of(definition: Definition, row: PublicRow) -> str:
    """What a record is called: its first value of the list."""
    return next((row.values[field.key] for field in definition.listed if row.values.get(field.key)), row.ref)


def _lines(definition: Definition, row: PublicRow) -> list[dict[str, str]]:
    """What a record says, a line for each field that has a value."""
    lines = [{"label": wording.label(field), "value": row.values.get(field.key, "")} for field in definition.detailed]
    return [line for line in lines if line["value"]]


def too_often(request: HttpRequest, wait: int) -> HttpResponse:
    """429 with how long to wait."""
    detail = _("查询次数太多。为了保护他人的信息，请 %(minutes)d 分钟后再试。") % {"minutes": -(-wait // 60)}
    response = render(request, "429.html", {"detail": detail}, status=429)
    response["Retry-After"] = str(wait)
    return response


def _definition(dataset: DataSet) -> Definition:
    assert dataset.current is not None
    return dataset.current.definition


def _crumbs() -> list[dict[str, Any]]:
    return [{"text": _("查询服务"), "url": reverse("matters:datasets")}]


def _page_context(dataset: DataSet, form: QueryForm, rows: Any, number: str | None = None) -> dict[str, Any]:
    definition = _definition(dataset)
    page: Page[PublicRow] = Paginator(rows, ROWS).get_page(number)
    return {
        "dataset": dataset,
        "definition": definition,
        "form": form,
        "page": page,
        "crumbs": [*_crumbs(), {"text": wording.name(dataset)}],
    }


def _sorts(definition: Definition, chosen: str) -> list[dict[str, Any]]:
    """What the results may be sorted by, each way."""
    fields = [field for field in definition.fields if field.key in definition.sorts]
    keys = [(f"{sign}{field.key}", field, words) for field in fields for sign, words in (("", "↑"), ("-", "↓"))]
    return [{"value": key, "text": f"{wording.label(f)} {words}", "current": key == chosen} for key, f, words in keys]
