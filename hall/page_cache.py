"""Public pages of anonymous visitors, kept in the memory of each web process.

First in the chain, so that a kept page costs no session, no user, no template. Three things bound how old it can be: it is
thrown away after a minute; it belongs to a public revision, read again every second (``identity.revision``); and whoever is
logged in, or has anything else that a page could depend on, passes by. Only routes of ``CACHED`` are kept, and only if the access
table opens them to everybody on this side. A page is made from a request of which nothing is left but its address and
the choices of the view, so it cannot hold anything of the person for whom it was first made.
"""

import gzip
import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers

from hall import access
from identity import revision
from matters.visits import counter

# Route: the query parameters a kept page may have. What is typed freely (q) is never kept: there is no end to it.
NARROWING = frozenset({"audience", "theme", "department", "type", "level", "life", "depth", "page"})
PAGE = frozenset({"page"})
NOTHING: frozenset[str] = frozenset()
CACHED: dict[str, frozenset[str]] = {
    "hall:home": NOTHING,
    "hall:help": NOTHING,
    "hall:contact": NOTHING,
    "hall:sitemap": NOTHING,
    "hall:accessibility": NOTHING,
    "api-docs": NOTHING,
    "matters:browse": NARROWING,
    "matters:departments": PAGE,
    "matters:department": PAGE,
    "matters:guide": NOTHING,
    "matters:open-data": NOTHING,
    "applications:statistics": NOTHING,
    "api-public:matters": NARROWING | {"page_size", "online"},
    "api-public:matter": NOTHING,
    "api-public:departments": PAGE | {"page_size"},
    "api-public:themes": NOTHING,
}
SECONDS = 60.0  # a kept page is not shown longer
REVISION_SECONDS = 1.0  # nor longer than this after something public changed
LARGEST = 1024 * 1024  # bytes of a page worth keeping
WORTH_PACKING = 1024
# Whoever brings one of these may get a page of their own.
PERSONAL_HEADERS = ("HTTP_AUTHORIZATION", "HTTP_HX_REQUEST", "HTTP_RANGE")
MESSAGES_COOKIE = "messages"

Key = tuple[object, ...]
View = Callable[[HttpRequest], HttpResponse]


@dataclass(frozen=True)
class Kept:
    """A whole answer. ``visit`` is the matter whose guide it is, 0 for other pages."""

    headers: tuple[tuple[str, str], ...]
    body: bytes
    packed: bytes
    visit: int
    revision: int
    until: float

    @property
    def size(self) -> int:
        """Bytes, roughly; keys and headers are small beside the bodies."""
        return len(self.body) + len(self.packed) + 2000


@dataclass
class Shelf:
    """Kept pages, those used last at the end; the first make room when the bytes are used up."""

    room: int
    pages: OrderedDict[Key, Kept] = field(default_factory=OrderedDict)
    used: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, key: Key, number: int, now: float) -> Kept | None:
        """The page if it still holds; one that does not is thrown away."""
        with self.lock:
            found = self.pages.get(key)
            if found is None:
                return None
            if found.revision != number or found.until <= now:
                self._drop(key)
                return None
            self.pages.move_to_end(key)
            return found

    def put(self, key: Key, page: Kept) -> None:
        """Keep a page, and throw out the ones not used for longest."""
        with self.lock:
            self._drop(key)
            self.pages[key] = page
            self.used += page.size
            while self.used > self.room:
                self._drop(next(iter(self.pages)))

    def _drop(self, key: Key) -> None:
        page = self.pages.pop(key, None)
        self.used -= page.size if page else 0


class PageCacheMiddleware:
    """Answers anonymous GETs of public pages from memory; HALL_PAGE_CACHE_MB says how much of it, 0 none."""

    def __init__(self, get_response: View, clock: Callable[[], float] = time.monotonic) -> None:
        if not settings.HALL_PAGE_CACHE_MB:
            raise MiddlewareNotUsed
        self.get_response = get_response
        self.clock = clock
        self.shelf = Shelf(settings.HALL_PAGE_CACHE_MB * 1024 * 1024)
        self.number, self.read_at = 0, float("-inf")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_anonymous_get(request):
            return self.get_response(request)
        key, number = key_of(request), self._revision()
        kept = self.shelf.get(key, number, self.clock())
        if kept is None:
            return self._made(request, key, number)
        if kept.visit:
            counter.count(kept.visit)
        return answer(request, kept)

    def _revision(self) -> int:
        """Read before the page is made, never after: a page is at least as new as the number it is kept under."""
        now = self.clock()
        if now - self.read_at >= REVISION_SECONDS:
            self.number, self.read_at = revision.current(), now
        return self.number

    def _made(self, request: HttpRequest, key: Key, number: int) -> HttpResponse:
        """The page made anew, and kept if it may be."""
        if not may_be_kept(request):
            return self.get_response(request)
        condition = request.META.pop("HTTP_IF_NONE_MATCH", None)  # or there would be no body to keep
        request.COOKIES = view_cookies(request)
        response = self.get_response(request)
        if condition is not None:
            request.META["HTTP_IF_NONE_MATCH"] = condition
        if response.status_code != 200 or response.streaming or response.cookies or len(response.content) > LARGEST:
            return response
        kept = kept_of(response, number, self.clock() + SECONDS)
        self.shelf.put(key, kept)
        return answer(request, kept)


def is_anonymous_get(request: HttpRequest) -> bool:
    """Whether nothing in the request can make the answer a personal one."""
    if request.method != "GET" or any(name in request.META for name in PERSONAL_HEADERS):
        return False
    if "HTTP_COOKIE" not in request.META:
        return True
    return settings.SESSION_COOKIE_NAME not in request.COOKIES and MESSAGES_COOKIE not in request.COOKIES


def may_be_kept(request: HttpRequest) -> bool:
    """Whether the table names the route, the access table opens it to everybody here, and the query is a known one."""
    try:
        route = resolve(request.path_info).view_name
    except Resolver404:
        return False
    if route not in CACHED or not CACHED[route].issuperset(request.GET):
        return False
    audience = access.ROUTES.get(route)
    return audience == access.PUBLIC or (audience == access.VISITOR and settings.IS_OUTER)


def key_of(request: HttpRequest) -> Key:
    """All that a kept page depends on."""
    where = (request.META.get("HTTP_HOST", ""), request.scheme, request.path, request.META.get("QUERY_STRING", ""))
    return (*where, *view_cookies(request).items()) if "HTTP_COOKIE" in request.META else where


def view_cookies(request: HttpRequest) -> dict[str, str]:
    """The cookies that choose how pages look, as far as they say something; in one order."""
    found = {
        settings.LANGUAGE_COOKIE_NAME: request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, ""),
        "hall_contrast": request.COOKIES.get("hall_contrast", ""),
        "hall_elder": request.COOKIES.get("hall_elder", ""),
    }
    known = {code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE}
    return {name: value for name, value in found.items() if value in (known if name.endswith("language") else {"1"})}


def kept_of(response: HttpResponse, number: int, until: float) -> Kept:
    """What is kept of an answer, with the headers that let browsers keep it and ask whether it still holds."""
    patch_cache_control(response, public=True, no_cache=True)
    patch_vary_headers(response, ["Cookie", "Accept-Encoding"])
    if "ETag" not in response:
        response["ETag"] = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    body = response.content
    packed = gzip.compress(body, compresslevel=6, mtime=0) if len(body) >= WORTH_PACKING else b""
    visit = getattr(response, "counts_visit", 0)
    return Kept(tuple(response.items()), body, packed, visit, number, until)


def answer(request: HttpRequest, kept: Kept) -> HttpResponse:
    """The kept answer as this visitor's browser wants it: packed, plain, or "you have it"."""
    packed = bool(kept.packed) and "gzip" in _words(request.META.get("HTTP_ACCEPT_ENCODING", ""))
    response = HttpResponse(kept.packed if packed else kept.body)
    for name, value in kept.headers:
        response.headers[name] = value
    if packed:
        response.headers["Content-Encoding"] = "gzip"
        response.headers["Content-Length"] = str(len(kept.packed))
        response.headers["ETag"] = "W/" + response.headers["ETag"].removeprefix("W/")
    if "HTTP_IF_NONE_MATCH" not in request.META:
        return response
    return get_conditional_response(request, etag=response.headers["ETag"], response=response) or response


def _words(header: str) -> list[str]:
    """``br, gzip`` as a list; a word with a weight (``gzip;q=0``) is not taken for the word."""
    return header.replace(" ", "").split(",")
