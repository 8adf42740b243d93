"""The monthly report of supervision as a page, a PDF and a workbook; all three say the same."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from applications.actors import Actor
from applications.documents.report_sheet import report_page
from applications.months import Month, last_months
from applications.pdf import PdfUnavailable
from applications.supervision import queries, workbook
from applications.supervision.report import made
from applications.views.documents import unavailable
from applications.views.staff.supervision import supervisor, tabs
from identity.models import Department

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MONTHS = 12


def page(request: HttpRequest) -> HttpResponse:
    """The report of a month; last month's when none is asked for."""
    actor = supervisor(request)
    today = timezone.localdate()
    month = Month.of(request.GET.get("month", "")) or Month.with_day(today).previous
    report = made(queries.supervised(actor), month)
    context = {
        "report": report,
        "bars": {name: _with_bars(report[name]) for name in ("matters", "buckets")} | {"late": _late(report)},
        "months": [str(one) for one in last_months(today, MONTHS)],
        "tabs": tabs(actor, "applications:report"),
    }
    return render(request, "applications/staff/report.html", context)


def file(request: HttpRequest, month: str, kind: str) -> HttpResponse:
    """The same as ``pdf`` or ``xlsx``."""
    actor = supervisor(request)
    wanted = Month.of(month)
    if wanted is None or kind not in ("pdf", "xlsx"):
        raise Http404
    report = made(queries.supervised(actor), wanted)
    if kind == "xlsx":
        return _attached(workbook.book(report), XLSX, f"report-{month}.xlsx")
    try:
        return _attached(report_page(report, _scope(actor)).pdf(), "application/pdf", f"report-{month}.pdf")
    except PdfUnavailable as reason:
        return unavailable(request, str(reason))


def _attached(content: bytes, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _scope(actor: Actor) -> str:
    names = list(
        Department.objects.filter(pk__in=actor.departments_as(*queries.ROLES)).values_list("name", flat=True)[:2]
    )
    return names[0] if len(names) == 1 else ""


def _with_bars(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    most = max((row["number"] for row in rows), default=0) or 1
    return [row | {"bar": 100 * row["number"] / most} for row in rows]


def _late(report: dict[str, Any]) -> list[dict[str, Any]]:
    """Overruns by department: yellow and red alerts of the month."""
    rows = [{"name": row["name"], "number": row["yellow"] + row["red"]} for row in report["departments"]]
    return _with_bars(sorted((row for row in rows if row["number"]), key=lambda row: -row["number"]))
