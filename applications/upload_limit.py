"""Stop an oversize upload while it arrives, so that nobody can fill the disk with a file that would be refused."""

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

from applications import file_checks

FILE_STATUS = {"too_big": 413, "disk_full": 507}  # every other refusal of a file is 422


class UploadLimit(FileUploadHandler):
    """Drops a file beyond ``max_mb``; ``check`` tells the view. Put it before the handlers that store."""

    def __init__(self, request: HttpRequest, max_mb: int) -> None:
        super().__init__(request)
        self.max_mb = max_mb
        self.received = 0
        self.exceeded = False

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Pass the chunk on, or skip the rest of the file."""
        self.received += len(raw_data)
        if self.received > self.max_mb * 1024 * 1024:
            self.exceeded = True
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The handlers after this one make the file."""

    def check(self) -> None:
        """FileRefused when a file was cut off."""
        if self.exceeded:
            raise file_checks.too_big(self.max_mb)


def guard(request: HttpRequest, max_mb: int) -> UploadLimit:
    """Watch this request's files; call it before anything reads ``request.POST``."""
    limit = UploadLimit(request, max_mb)
    request.upload_handlers.insert(0, limit)
    return limit
