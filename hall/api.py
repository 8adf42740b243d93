"""What all programming interfaces share: pages of results and one shape of refusal (``code``, ``title``, ``detail``)."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, JsonResponse
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.pagination import PageNumberPagination
from rest_framework.response import Response
from rest_framework.views import exception_handler

TITLES = {
    400: "请求内容不正确",
    401: "需要登录",
    403: "没有权限",
    404: "没有找到",
    405: "不支持这种请求方法",
    406: "不支持要求的格式",
    409: "内容已被他人更新",
    415: "不支持这种内容类型",
    422: "内容不完整或不符合规则",
    429: "请求过于频繁",
}


class Pages(PageNumberPagination):
    """``?page=2&page_size=100``: 50 rows a page unless asked, never more than 200."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200


def problem_body(code: int, name: str, detail: str, fields: dict[str, Any] | None = None) -> dict[str, Any]:
    """The body of every refusal."""
    body: dict[str, Any] = {"code": name, "title": TITLES.get(code, "请求没有完成"), "detail": detail}
    return body | {"fields": fields} if fields else body


def problem(code: int, name: str, detail: str) -> JsonResponse:
    """A refusal from outside a REST view (middleware, error handlers)."""
    response = JsonResponse(problem_body(code, name, detail), status=code, json_dumps_params={"ensure_ascii": False})
    response["Content-Type"] = "application/problem+json; charset=utf-8"
    if code == status.HTTP_401_UNAUTHORIZED:
        response["WWW-Authenticate"] = "Bearer"
    return response


def problem_response(exc: Exception, context: dict[str, Any]) -> Response | None:
    """REST framework's exception handler; None (a plain 500) for what nobody foresaw."""
    response = exception_handler(exc, context)
    if response is None:
        return None
    name, detail, fields = _explain(exc)
    response.data = problem_body(response.status_code, name, detail, fields)
    response.content_type = "application/problem+json"
    return response


def _explain(exc: Exception) -> tuple[str, str, dict[str, Any] | None]:
    if isinstance(exc, Http404):
        return "not_found", _("没有找到，或者您无权查看。"), None
    if isinstance(exc, PermissionDenied):
        return "permission_denied", str(exc) or _("您的岗位不能进行这项操作。"), None
    assert isinstance(exc, exceptions.APIException)
    if isinstance(exc.detail, dict):
        return exc.default_code, _("请按 fields 中的说明改正。"), exc.detail
    if isinstance(exc.detail, list):
        return exc.default_code, "；".join(str(part) for part in exc.detail), None
    return getattr(exc.detail, "code", exc.default_code), str(exc.detail), None
