"""The work list: what needs me today, and by when."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from applications import actors
from applications.views.staff.listing import Listing


def work_list(request: HttpRequest) -> HttpResponse:
    """Tabs with counts, a filter that stays in the address, fifty rows a page."""
    listing = Listing(request, actors.staff(request.user))  # type: ignore[arg-type]
    page = listing.page(request.GET.get("page"))
    context = {
        "listing": listing,
        "tabs": listing.tabs(),
        "page": page,
        "rows": [listing.line(case) for case in page],
        "crumbs": [{"text": "办件工作台"}],
    }
    return render(request, "applications/staff/worklist.html", context)
