"""Pages shown when something could not be done: what happened, why, and what to do now."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from hall.api import problem


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request itself was damaged."""
    return _answer(request, 400, "bad_request", "请求内容不完整或格式不对。")


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: logged in, but this page is for others."""
    return _answer(request, 403, "permission_denied", str(exception or "") or gettext("这个页面只对特定的人开放。"))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: never says whether the thing exists for somebody else."""
    return _answer(request, 404, "not_found", "没有找到，或者您无权查看。")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form whose security code has expired: the typed text is still behind the back button."""
    return render(request, "403_csrf.html", status=403)


def _answer(request: HttpRequest, status: int, code: str, detail: str) -> HttpResponse:
    if request.path.startswith("/api/"):
        return problem(status, code, detail)
    return render(request, f"{status}.html", {"detail": detail}, status=status)
