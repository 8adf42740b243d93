"""Papers that officers add to a case, and the whole file of a case that was handed up."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from applications import case_papers, claims, files, handing_up
from applications.errors import NotPossible
from applications.file_checks import FileRefused
from applications.states import State
from applications.views.staff.access import get_case
from applications.views.staff.case import case_address
from applications.views.staff.listing import Listing


@require_POST
def add(request: HttpRequest, number: str) -> HttpResponse:
    """One file, for who has the case on the desk."""
    case, actor = get_case(request, number)
    back = redirect(f"{case_address(case, Listing(request, actor))}#procedure")
    file = request.FILES.get("file")
    if not claims.can_work_on(case, actor):
        messages.error(request, "这件申请现在不由您的岗位办理，不能上传办理记录。")
    elif file is None:
        messages.error(request, "请选择要上传的文件。")
    else:
        try:
            paper = case_papers.add(case, request.POST.get("belongs_to", ""), file, actor=actor)
        except (FileRefused, NotPossible) as refused:
            messages.error(request, refused.message)
        else:
            messages.success(request, f"已经上传：{paper.file_name}。")
    return back


def paper(request: HttpRequest, number: str, pk: int) -> FileResponse:
    """One paper of a case this person may see."""
    case, _ = get_case(request, number)
    found = get_object_or_404(case.case_papers, pk=pk)
    return files.send_blob(found.sha256, found.file_name, found.content_type, download="download" in request.GET)


def handed_up(request: HttpRequest, number: str) -> HttpResponse:
    """The ZIP for the upper organ; only when the case was handed up."""
    case, _ = get_case(request, number)
    if case.state != State.TRANSFERRED_UP:
        raise Http404("这件申请没有转报上级机关。")
    response = HttpResponse(handing_up.package(case), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{case.number}.zip"'
    response["Cache-Control"] = "private, no-store"
    return response
