"""Materials as the officer sees them, in the page or downloaded."""

from django.http import FileResponse, HttpRequest
from django.shortcuts import get_object_or_404

from applications import files
from applications.views.staff.access import get_case


def material(request: HttpRequest, number: str, pk: int) -> FileResponse:
    """One file of a case this person may see."""
    case, _ = get_case(request, number)
    return files.send_material(get_object_or_404(case.materials, pk=pk), download="download" in request.GET)
