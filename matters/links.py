"""Addresses that guides give: those of this hall are resolved by its own routes and files, others asked over the net."""

import hashlib
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.cache import cache
from django.urls import Resolver404, resolve

from matters import queries, webprobe

KEPT_SECONDS = 12 * 3600  # the same address stands in many guides: asked once a night
OF_A_MATTER = {
    "matters:guide",
    "matters:precheck",
    "applications:start",
    "applications:blank-form",
    "applications:sample-form",
    "applications:guide-sheet",
}
GONE = {404: "页面不存在（404）。", 410: "页面已经撤掉（410）。"}


def is_address(text: str) -> bool:
    """A web address, or a path on this hall's own portal."""
    return text.startswith(("http://", "https://", "/"))


def trouble_with(address: str) -> str:
    """Why the address leads nowhere, as the end of a sentence; empty when it is well or is not to be asked."""
    path = own_path(address)
    if path is not None:
        return _trouble_at_home(path)
    return _trouble_abroad(address) if settings.HALL_CHECK_LINKS else ""


def own_path(address: str) -> str | None:
    """The path on the public portal; None for an address of somebody else."""
    if address.startswith("/") and not address.startswith("//"):
        return unquote(urlsplit(address).path)
    home, there = urlsplit(settings.HALL_OUTER_URL), urlsplit(address)
    if (there.scheme, there.netloc) != (home.scheme, home.netloc):
        return None
    return unquote(there.path) or "/"


def _trouble_at_home(path: str) -> str:
    if path.startswith(settings.STATIC_URL):
        return "" if finders.find(path.removeprefix(settings.STATIC_URL)) else "在本站没有这个文件。"
    try:
        match = resolve(path, urlconf=settings.PORTAL_URLCONF)
    except Resolver404:
        return "在本站没有这个页面。"
    key = str(match.kwargs.get("code") or match.kwargs.get("key") or "")
    return "所指的事项没有发布。" if match.view_name in OF_A_MATTER and not _is_published(key) else ""


def _is_published(key: str) -> bool:
    matters = queries.published()
    return matters.filter(code=key).exists() or (len(key) == 36 and matters.filter(uid=key).exists())


def _trouble_abroad(address: str) -> str:
    key = f"link:{hashlib.sha256(address.encode()).hexdigest()}"
    answer: str | None = cache.get(key)
    if answer is None:
        answer = _ask(address)
        cache.set(key, answer, timeout=KEPT_SECONDS)
    return answer


def _ask(address: str) -> str:
    try:
        status = webprobe.status_of(address)
    except webprobe.CannotReach as trouble:
        return f"打不开：{trouble}"
    if status >= 500:
        return f"对方网站出错（{status}）。"
    return GONE.get(status, "")
