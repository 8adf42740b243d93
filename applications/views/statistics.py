"""The public statistics page: what was filed and decided, how fast, how satisfied people were."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from applications import statistics as figures

BAR = 100


def statistics(request: HttpRequest) -> HttpResponse:
    """Tables and bars of the last twelve months; the same on both sides."""
    found = figures.published()
    most = max((max(row["filed"], row["decided"]) for row in found["months"]), default=0) or 1
    months = [
        row | {"filed_bar": BAR * row["filed"] / most, "decided_bar": BAR * row["decided"] / most}
        for row in found["months"]
    ]
    context = {"figures": found, "months": months, "crumbs": [{"text": gettext("办件统计")}]}
    return render(request, "applications/public/statistics.html", context)
