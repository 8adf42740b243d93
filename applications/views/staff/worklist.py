"""The work list: what needs me today, and by when."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from applications import actors
from applications.desk import habits, many, rows
from applications.views.staff.listing import Listing
from identity.acting import signed_in


def work_list(request: HttpRequest) -> HttpResponse:
    """Tabs with counts, a filter that stays in the address, fifty rows a page."""
    user = signed_in(request)
    listing = Listing(request, actors.staff(user))
    page = listing.page(request.GET.get("page"))
    own = habits.of(user)
    context = {
        "listing": listing,
        "tabs": listing.tabs(),
        "page": page,
        "rows": [listing.line(case) for case in page],
        "total": rows.words_of(page.paginator.count),
        "columns": own.columns,
        "all_columns": habits.COLUMNS,
        "shortcuts": own.shortcuts,
        "saved": [{"name": one.name, "address": urlencode(one.query)} for one in user.saved_filters.all()],
        "acts": many.labels_of_acts(),
        "most": many.MOST,
        "crumbs": [{"text": "办件工作台"}],
    }
    return render(request, "applications/staff/worklist.html", context)
