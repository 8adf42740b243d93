"""Taking a file on a checklist of materials, the same for every page that has one: pages without script, JSON for the script."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.views.decorators.csrf import csrf_protect

from applications import uploads
from applications.errors import MoveRefused, NotPossible
from applications.file_checks import FileRefused
from applications.upload_limit import FILE_STATUS, UploadLimit, guard

Row = dict[str, Any]


@dataclass(frozen=True)
class Sent:
    """The file of a request, watched while it arrived."""

    file: UploadedFile | None
    limit: UploadLimit

    def chosen(self) -> UploadedFile:
        """The file; FileRefused when it was cut off for its size or none was chosen."""
        self.limit.check()
        if self.file is None:
            raise FileRefused("no_file", "还没有选择文件。请先点“选择文件”，选好后再点“上传”。")
        return self.file


@dataclass(frozen=True)
class Shelf:
    """Where the files of one material lie on one page: how one is put there, and how the page tells what became of it."""

    request: HttpRequest
    key: str
    put: Callable[[UploadedFile], object]
    row: Callable[[], Row | None]  # of the material as it is now; None when it takes no files any more
    template: str  # of the row
    page: Callable[[], str]  # the address of the page on which files are handled now
    checklist: Callable[[dict[str, str], int], HttpResponse] | None  # that page with what was refused, if it can say so

    def answer(self, act: Callable[[], object], status: int) -> HttpResponse:
        """Do something to the files of this material, and say what became of it."""
        try:
            act()
        except FileRefused as refused:
            return self.refused(refused)
        except NotPossible as refused:
            return self.not_possible(refused)
        return self.changed(status)

    def changed(self, status: int) -> HttpResponse:
        """The row as it is now."""
        if not _wants_json(self.request):
            return redirect(self.place())
        row = self.row()
        html = render_to_string(self.template, {"row": row}, self.request) if row else ""
        return JsonResponse({"html": html}, status=status)

    def refused(self, refused: FileRefused) -> HttpResponse:
        """The sentence of a file that is not taken."""
        status = FILE_STATUS.get(refused.code, 422)
        if _wants_json(self.request):
            return JsonResponse({"code": refused.code, "message": refused.message}, status=status)
        return self.told(refused.message, status)

    def not_possible(self, refused: MoveRefused) -> HttpResponse:
        """The sentence of a case that takes nothing now."""
        if _wants_json(self.request):
            return JsonResponse({"code": refused.code, "message": refused.message}, status=409)
        messages.error(self.request, refused.message)
        return redirect(self.page())

    def told(self, sentence: str, status: int = 422) -> HttpResponse:
        """A page that says the sentence at the material."""
        if self.checklist is not None:
            return self.checklist({self.key: sentence}, status)
        messages.error(self.request, sentence)
        return redirect(self.place())

    def place(self) -> str:
        """The address of the material on its page."""
        return f"{self.page()}#material-{self.key}"


def read(request: HttpRequest, max_mb: int) -> Sent:
    """The file of the request, before anything else reads the body. FileRefused when the disk is full meanwhile.

    The view must be ``csrf_exempt`` and what it calls next ``csrf_protect``: the check of the token reads the body, so it would
    store the whole file before its size is known, and fail itself on a full disk.
    """
    limit = guard(request, max_mb)
    try:
        return Sent(request.FILES.get("file"), limit)
    except OSError as error:
        if uploads.is_full(error):
            raise uploads.disk_full() from error
        raise


def take(request: HttpRequest, shelf_of: Callable[[], Shelf]) -> HttpResponse:
    """Put the file of the request on the shelf. ``shelf_of`` finds it, or raises 404. For a ``csrf_exempt`` view: see ``read``."""
    try:
        sent = read(request, settings.HALL_MAX_UPLOAD_MB)
    except FileRefused as refused:
        return shelf_of().refused(refused)
    return _put(request, shelf_of, sent)


@csrf_protect
def _put(request: HttpRequest, shelf_of: Callable[[], Shelf], sent: Sent) -> HttpResponse:
    shelf = shelf_of()
    return shelf.answer(lambda: shelf.put(sent.chosen()), 201)


def _wants_json(request: HttpRequest) -> bool:
    """Whether a script of the page asked."""
    return request.headers.get("Accept", "").startswith("application/json")
