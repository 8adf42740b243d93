"""Refuse NUL in an address before any view compares it: PostgreSQL cannot hold it and would answer with an error."""

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse


class PlainAddressMiddleware:
    """400 for a path or a query with NUL; no browser sends one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("地址里有不能识别的字符。")
        return self.get_response(request)
