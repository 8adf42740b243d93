"""Public pages kept in memory: the same bytes as fresh ones, never old, never somebody else's."""

import gzip
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import MiddlewareNotUsed
from django.core.handlers.base import BaseHandler
from django.db import transaction
from django.http import HttpResponse
from django.test import RequestFactory
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from hall import access, page_cache
from hall.page_cache import CACHED, Kept, PageCacheMiddleware, Shelf
from identity import revision, services
from identity.models import Department
from matters import publishing
from matters import services as catalogue
from matters.models import Matter
from matters.visits import counter
from tests.matters.conftest import publish
from tests.people import login

pytestmark = pytest.mark.django_db

PATHS = ["/", "/matters/", "/matters/?audience=person&page=1", "/departments/", "/help/", "/sitemap/", "/api/docs/",
         "/api/v1/public/matters/", "/api/v1/public/departments/", "/api/v1/public/themes/"]  # fmt: skip
COOKIES = st.fixed_dictionaries(
    {},
    optional={
        "hall_elder": st.sampled_from(["0", "1", "<b>"]),
        "hall_contrast": st.sampled_from(["0", "1"]),
        "django_language": st.sampled_from(["en", "zh-hans", "xx"]),
        "hall_outer_csrf": st.just("x" * 32),
        "somebody": st.just("else"),
    },
)


class Clock:
    """Time that goes on when told."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Process:
    """A web process: the whole chain of middlewares, with a memory of its own."""

    def __init__(self, clock: Clock, megabytes: int = 4) -> None:
        chain = BaseHandler()
        chain.load_middleware()  # the tests' settings keep nothing, so the chain has no memory itself
        django_settings.HALL_PAGE_CACHE_MB = megabytes
        self.middleware = PageCacheMiddleware(chain.get_response, clock)
        django_settings.HALL_PAGE_CACHE_MB = 0

    def get(self, path: str, cookies: dict[str, str] | None = None, **headers: str) -> HttpResponse:
        request = RequestFactory(headers=headers).get(path)
        if cookies:
            request.META["HTTP_COOKIE"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
        return self.middleware(request)

    @property
    def kept(self) -> int:
        return len(self.middleware.shelf.pages)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def process(settings: Any, on_outer: str, clock: Clock) -> Iterator[Process]:
    settings.HALL_PAGE_CACHE_MB = 0
    return Process(clock)


@pytest.fixture
def food(market_bureau: Department) -> Matter:
    return publish(market_bureau)


def guide(matter: Matter) -> str:
    return f"/matters/{matter.code}/"


# --- the same as a fresh page


def test_a_kept_page_costs_no_query(process, food, django_assert_num_queries):
    first = process.get(guide(food))
    with django_assert_num_queries(0):
        second = process.get(guide(food))
    assert (second.content, dict(second.items())) == (first.content, dict(first.items()))


@examples(max_examples=20)
@given(path=st.sampled_from(PATHS), cookies=COOKIES, others=COOKIES)
def test_a_kept_page_is_what_a_fresh_one_would_be(process, food, clock, path, cookies, others):
    process.get(path, others)
    kept, fresh = process.get(path, cookies), Process(clock).get(path, cookies)
    assert kept.content == fresh.content
    assert dict(kept.items()) == dict(fresh.items())


@pytest.mark.parametrize("path", PATHS)
def test_no_kept_page_holds_a_token_or_sets_a_cookie(process, food, path):
    page = process.get(path)
    assert process.kept == 1
    assert b"csrfmiddlewaretoken" not in page.content
    assert not page.cookies


@pytest.mark.parametrize("path", PATHS)
def test_kept_pages_have_every_header_of_the_chain(process, food, path):
    page = process.get(path)
    assert page["X-Frame-Options"] == "SAMEORIGIN"
    assert page["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'self'" in page["Content-Security-Policy"]
    assert page["Cache-Control"] == "public, no-cache"
    assert {"Cookie", "Accept-Encoding"} <= {word.strip() for word in page["Vary"].split(",")}


def test_browsers_ask_whether_it_still_holds(process, food):
    first = process.get(guide(food), **{"If-None-Match": '"something old"'})
    assert first.status_code == 200
    again = process.get(guide(food), **{"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert process.kept == 1


def test_pages_are_packed_once_for_browsers_that_unpack(process, food):
    plain = process.get("/")
    packed = process.get("/", **{"Accept-Encoding": "br, gzip, deflate"})
    assert gzip.decompress(packed.content) == plain.content
    assert packed["Content-Length"] == str(len(packed.content))
    assert packed["ETag"] == "W/" + plain["ETag"].removeprefix("W/")
    assert process.get("/", **{"Accept-Encoding": "gzip", "If-None-Match": packed["ETag"]}).status_code == 304
    assert "Content-Encoding" not in process.get("/", **{"Accept-Encoding": "gzip;q=0"})


# --- never somebody else's


def test_the_table_names_only_what_everybody_may_open():
    assert {access.ROUTES[route] for route in CACHED} <= {access.PUBLIC, access.VISITOR}


def test_a_route_that_is_not_for_everybody_is_not_kept_even_if_the_table_says_so(process, food, monkeypatch):
    monkeypatch.setitem(access.ROUTES, "hall:help", access.MEMBER)
    process.get("/help/")
    assert process.kept == 0


def test_what_visitors_of_the_outer_side_may_open_is_not_kept_inside(settings, on_inner, clock, monkeypatch):
    monkeypatch.setitem(access.ROUTES, "hall:help", access.VISITOR)
    process = Process(clock)
    assert process.get("/help/").status_code == 404
    assert process.kept == 0


@pytest.mark.parametrize("cookie", ["hall_outer_session", "messages"])
def test_whoever_has_a_session_or_a_message_passes_by(process, food, cookie):
    process.get("/")
    process.get("/matters/", {cookie: "x"})
    assert process.kept == 1


@pytest.mark.parametrize("headers", [{"Authorization": "Bearer x"}, {"HX-Request": "true"}, {"Range": "bytes=0-1"}])
def test_requests_that_want_something_of_their_own_pass_by(process, food, headers):
    process.get("/", **headers)
    assert process.kept == 0


@pytest.mark.parametrize("path", ["/search/?q=x", "/matters/?q=x", "/?utm_source=x", "/api/v1/public/matters/?q=x", "/status/", "/accounts/login/",
                                  "/health/", "/matters/NONE/", "/no-such-page/", "/static/hall/theme.css"])  # fmt: skip
def test_other_addresses_are_not_kept(process, food, path):
    process.get(path)
    assert process.kept == 0


def test_a_page_that_sets_a_cookie_is_not_kept(process, monkeypatch):
    monkeypatch.setitem(CACHED, "account_login", frozenset())
    assert process.get("/accounts/login/").cookies
    assert process.kept == 0


def test_only_get_is_answered(process, food):
    process.middleware(RequestFactory().head("/help/"))
    process.middleware(RequestFactory().post("/help/"))
    assert process.kept == 0


def test_each_host_has_its_own_pages(process, food):
    process.get("/api/v1/public/matters/", Host="testserver")
    assert b"http://localhost/matters/" in process.get("/api/v1/public/matters/", Host="localhost").content


def test_somebody_logged_in_sees_a_page_of_their_own(settings, on_outer, food, wang_fang):
    settings.HALL_PAGE_CACHE_MB = 4
    client = login(wang_fang)
    anonymous = client.__class__()
    assert "王芳" not in anonymous.get(guide(food)).text
    mine = client.get(guide(food))
    assert "王芳" in mine.text
    assert "no-store" in mine["Cache-Control"]
    assert "王芳" not in anonymous.get(guide(food)).text


# --- never old


def test_what_one_process_publishes_another_shows_within_a_second(process, food, clock):
    other = Process(clock)
    other.get(guide(food))
    publish(food.department, promised_limit={"value": 7, "unit": "G"})
    clock.now += page_cache.REVISION_SECONDS
    assert "7 个工作日" in other.get(guide(food)).text
    assert other.kept == 1


def test_a_withdrawn_guide_is_gone_within_a_second(process, food, clock):
    process.get(guide(food))
    catalogue.withdraw(food)
    clock.now += page_cache.REVISION_SECONDS
    assert process.get(guide(food)).status_code == 404


def test_nothing_is_kept_longer_than_a_minute(process, food, clock):
    process.get(guide(food))
    Matter.objects.filter(pk=food.pk).update(usual_days=91)  # nothing that counts as published
    clock.now += page_cache.SECONDS - 0.1
    assert "91 个工作日" not in process.get(guide(food)).text
    clock.now += 0.1
    assert "91 个工作日" in process.get(guide(food)).text


def test_an_applicant_never_waits_for_the_new_guide(settings, on_outer, food, wang_fang):
    settings.HALL_PAGE_CACHE_MB = 4
    client = login(wang_fang)
    client.__class__().get(guide(food))
    publish(food.department, promised_limit={"value": 7, "unit": "G"})
    assert "7 个工作日" in client.get(guide(food)).text
    catalogue.withdraw(food)
    assert client.get(guide(food)).status_code == 404
    assert "apply" not in client.get(f"/apply/{food.code}/").text.split("<main")[1].split("<form")[0]


def test_a_page_made_while_something_is_published_is_not_kept_for_the_new_state(process, food, clock, monkeypatch):
    """The number is read first: a page that was read before the change cannot be taken for one after it."""
    inner = process.middleware.get_response

    def slow(request):
        page = inner(request)
        publish(food.department, promised_limit={"value": 7, "unit": "G"})
        return page

    monkeypatch.setattr(process.middleware, "get_response", slow)
    process.get(guide(food))
    monkeypatch.setattr(process.middleware, "get_response", inner)
    clock.now += page_cache.REVISION_SECONDS
    assert "7 个工作日" in process.get(guide(food)).text


# --- the revision


def grown(act: Any) -> bool:
    before = revision.current()
    act()
    return revision.current() > before


def test_everything_public_bumps_the_revision(food, market_bureau):
    assert grown(lambda: publish(market_bureau, promised_limit={"value": 7, "unit": "G"}))
    assert grown(lambda: publishing.publish_calendar(2031, {}))
    assert grown(lambda: services.save_department("YC-NEW", "云川市新局"))
    assert grown(lambda: catalogue.withdraw(food))


def test_a_draft_does_not(food):
    assert not grown(lambda: catalogue.save_draft(food.current.content, food.department))


def test_what_is_rolled_back_was_never_public(food):
    before = revision.current()
    with transaction.atomic():
        catalogue.withdraw(food)
        transaction.set_rollback(True)
    assert revision.current() == before


@pytest.mark.django_db(transaction=True)
def test_the_revision_is_bumped_with_the_change_or_not_at_all():
    with pytest.raises(RuntimeError):
        revision.bump()


# --- visits, memory


def test_visits_to_kept_guides_count(process, food):
    counter.write()
    food.refresh_from_db()
    before = food.visits
    for _ in range(3):
        process.get(guide(food))
    process.get(guide(food), **{"If-None-Match": "*"})
    counter.write()
    food.refresh_from_db()
    assert food.visits == before + 4


def page(size: int, until: float = 1e9) -> Kept:
    return Kept((), b"x" * size, b"", 0, 1, until)


def test_memory_is_bounded_and_what_is_used_stays():
    shelf = Shelf(room=10 * page(1000).size)
    for number in range(50):
        shelf.put(("p", number), page(1000))
        shelf.get(("p", 0), 1, 0.0)
    assert shelf.used == sum(kept.size for kept in shelf.pages.values()) <= shelf.room
    assert ("p", 0) in shelf.pages
    assert ("p", 1) not in shelf.pages


def test_a_page_put_twice_is_counted_once():
    shelf = Shelf(room=10**6)
    shelf.put(("p",), page(1000))
    shelf.put(("p",), page(500))
    assert shelf.used == page(500).size
    assert shelf.get(("p",), 2, 0.0) is None
    assert shelf.used == 0


def test_a_site_may_do_without(settings):
    settings.HALL_PAGE_CACHE_MB = 0
    with pytest.raises(MiddlewareNotUsed):
        PageCacheMiddleware(lambda request: HttpResponse())


def test_nobody_is_logged_in_on_a_kept_page(process, food, monkeypatch):
    seen = []
    inner = process.middleware.get_response
    monkeypatch.setattr(process.middleware, "get_response", lambda request: seen.append(request) or inner(request))
    process.get("/", {"hall_elder": "1", "somebody": "else", "hall_outer_csrf": "x" * 32})
    assert seen[0].COOKIES == {"hall_elder": "1"}
    assert isinstance(seen[0].user._wrapped, AnonymousUser) or not seen[0].user.is_authenticated
