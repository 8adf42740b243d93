"""The whole catalogue as a file: made beforehand, with ETag, date and parts."""

from typing import Any

from django.core.files.storage import default_storage
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import permissions
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from matters import file_range, open_data
from matters.models import OpenDataRelease

WAIT_SECONDS = 60
DAMAGED = "目录数据正在生成，请一分钟后再来下载。"


class WhateverAccepted(BaseContentNegotiation):
    """The file is what it is; refusals are JSON."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        """The first."""
        return parsers[0]

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        """The first."""
        return renderers[0], renderers[0].media_type


class CatalogueFile(APIView):
    """One of the files of the latest release."""

    authentication_classes = []
    permission_classes = [permissions.AllowAny]
    content_negotiation_class = WhateverAccepted
    kind = ""
    content_type = ""

    def get(self, request: Request) -> HttpResponseBase:
        """All of it, a part (Range), 304, or 503 while the very first release is being made."""
        release = open_data.wanted()
        if release is None or not default_storage.exists(release.files[self.kind]["path"]):
            open_data.enqueue()
            body = {"code": "not_ready", "title": "还没有准备好", "detail": DAMAGED}
            return Response(body, status=503, headers={"Retry-After": str(WAIT_SECONDS)})
        return self._answer(request, release, release.files[self.kind])

    def _answer(self, request: Request, release: OpenDataRelease, file: dict[str, Any]) -> HttpResponseBase:
        etag, changed = f'"{file["sha256"]}"', int(release.made_at.timestamp())
        unchanged = get_conditional_response(request._request, etag=etag, last_modified=changed)
        if unchanged is not None and unchanged.status_code != 200:
            return unchanged
        response = self._part(request, file, etag)
        response["Last-Modified"] = http_date(changed)
        response["ETag"] = etag
        response["Accept-Ranges"] = "bytes"
        response["Cache-Control"] = "public, no-cache"
        response["Content-Disposition"] = f'attachment; filename="catalogue.{open_data.ENDINGS[self.kind]}"'
        return response

    def _part(self, request: Request, file: dict[str, Any], etag: str) -> HttpResponseBase:
        size = file["size"]
        if request.headers.get("If-Range", etag) != etag:  # a part of another release would not fit
            asked = None
        else:
            try:
                asked = file_range.wanted(request.headers.get("Range", ""), size)
            except file_range.OutOfRange:
                return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
        first, last = asked or (0, size - 1)
        stream = file_range.pieces(default_storage.open(file["path"], "rb"), first, last)
        response = StreamingHttpResponse(stream, status=206 if asked else 200, content_type=self.content_type)
        response["Content-Length"] = str(last - first + 1)
        if asked:
            response["Content-Range"] = f"bytes {first}-{last}/{size}"
        return response


FILE = OpenApiResponse(OpenApiTypes.BINARY, description="整个文件；带 Range 时是其中一段（206）")
ANSWERS = {200: FILE, 304: OpenApiResponse(description="没有变化"), 503: OpenApiResponse(description="第一份还在生成")}


class CatalogueJson(CatalogueFile):
    """Records as JSON; the fields are described in docs/OPEN_DATA.md."""

    kind, content_type = "json", "application/json; charset=utf-8"

    @extend_schema(summary="整个目录，一个 JSON 文件", responses=ANSWERS)
    def get(self, request: Request) -> HttpResponseBase:
        """All published guides with their forms."""
        return super().get(request)


class CatalogueGzip(CatalogueFile):
    """The same, packed."""

    kind, content_type = "gz", "application/gzip"

    @extend_schema(summary="整个目录，压缩的 JSON 文件", responses=ANSWERS)
    def get(self, request: Request) -> HttpResponseBase:
        """All published guides with their forms, about a tenth of the size."""
        return super().get(request)


class CatalogueTable(CatalogueFile):
    """One row per matter, for spreadsheets."""

    kind, content_type = "csv", "text/csv; charset=utf-8"

    @extend_schema(summary="事项清单，CSV 表格", responses=ANSWERS)
    def get(self, request: Request) -> HttpResponseBase:
        """Codes, names, departments, limits and addresses of all published matters."""
        return super().get(request)
