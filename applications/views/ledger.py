"""The clock ledger as a file, for who may open the case: officers inside, the applicant outside."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from applications.documents.ledger_sheet import ledger_page
from applications.models import Application
from applications.pdf import PdfUnavailable
from applications.views.applicant.access import get_case as get_my_case
from applications.views.documents import unavailable
from applications.views.staff.access import get_case
from matters import calendar


def of_staff(request: HttpRequest, number: str) -> HttpResponse:
    """For officers."""
    case, _ = get_case(request, number)
    return _file(request, case)


def mine(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """For the applicant."""
    return _file(request, get_my_case(request, uid))


def _file(request: HttpRequest, case: Application) -> HttpResponse:
    try:
        content = ledger_page(case, timezone.localdate(), calendar.current()).pdf()
    except PdfUnavailable as reason:
        return unavailable(request, str(reason))
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="ledger-{case.number}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response
