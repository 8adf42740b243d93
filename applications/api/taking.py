"""Files that come to the interfaces: watched for their size while they arrive, refused with the code of the reason."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from applications import uploads
from applications.api.refusals import FileNotTaken, as_api_error
from applications.errors import MoveRefused
from applications.file_checks import FileRefused
from applications.upload_limit import UploadLimit, guard

T = TypeVar("T")


class WatchedView(APIView):
    """A view that files come to."""

    limit: UploadLimit

    def initialize_request(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Request:
        """Watch the size before anything, the CSRF check of a session included, reads the body."""
        self.limit = guard(request, settings.HALL_MAX_UPLOAD_MB)
        return super().initialize_request(request, *args, **kwargs)

    def handle_exception(self, exc: Exception) -> Response:
        """A disk that is full while the body arrives is said as such."""
        if isinstance(exc, OSError) and uploads.is_full(exc):
            exc = FileNotTaken(uploads.disk_full())
        return super().handle_exception(exc)


class FileView(WatchedView):
    """A view that takes one file of one material: the parts ``key`` and ``file``."""

    parser_classes = [MultiPartParser]

    def taken(self, request: Request, put: Callable[[str, UploadedFile], T]) -> T:
        """What ``put`` made of the key and the file; 413, 422 or 507 for a file that is refused, 409 when none is taken now."""
        file = request.FILES.get("file")
        try:
            self.limit.check()
            if not isinstance(file, UploadedFile):
                raise FileRefused("no_file", "请求里没有文件 file。")
            return put(request.POST.get("key", ""), file)
        except FileRefused as refused:
            raise FileNotTaken(refused) from refused
        except MoveRefused as refused:
            raise as_api_error(refused) from refused
