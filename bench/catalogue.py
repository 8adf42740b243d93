"""How near the public pages come to the barest view on the same web server: pages a second over ``hello`` a second."""

import json
import urllib.request
from functools import partial
from urllib.parse import quote

from bench import halls, timing
from tests.visitor import Visitor
from tools import postgres, processes
from tools.sites import BIN, Site

REQUESTS = 60
APPLICANT = "liming"


PUBLIC = ("home", "list", "guide")


def run() -> dict[str, float]:
    """home, list, guide, search, API, and a guide for somebody logged in: rates over hello's; 1 would be as fast as a view
    that does nothing. ``public_pages_over_hello`` is the slowest of what an anonymous visitor looks at most.

    Most visits find a page kept (hall/page_cache.py); the first of each minute, and everybody logged in, do not.
    """
    outer, _ = halls.fresh()
    hello = Site("outer", outer.folder, postgres.free_port(), outer.outer_url)
    command = [str(BIN / "granian"), "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(hello.port)]
    command += ["--workers", "1", "--blocking-threads", "1", "--log-level", "warning", "bench.hello:application"]
    running = [processes.start(command, hello), processes.web(outer)]
    try:
        for site, process in zip((hello, outer), running, strict=True):
            assert processes.wait_until_ready(site, process)
        return _rates(hello, outer)
    finally:
        processes.stop_all(running)


def _rates(hello: Site, outer: Site) -> dict[str, float]:
    pages = {
        "home": f"{outer.url}/",
        "list": f"{outer.url}/matters/",
        "guide": outer.url + _a_guide(outer),
        "search": f"{outer.url}/search/?q={quote('食品')}",
        "api": f"{outer.url}/api/v1/public/matters/",
    }
    actions = {name: partial(timing.fetch_many, url, REQUESTS) for name, url in pages.items()}
    actions["guide_logged_in"] = partial(timing.fetch_many, pages["guide"], REQUESTS, cookie=_logged_in(outer))
    taken = timing.in_turns({"hello": partial(timing.fetch_many, f"{hello.url}/", REQUESTS), **actions})
    rates = {name: taken["hello"] / taken[name] for name in actions}
    named = {f"{name}_over_hello": rate for name, rate in rates.items()}
    return {**named, "public_pages_over_hello": min(rates[name] for name in PUBLIC)}


def _logged_in(outer: Site) -> str:
    """The cookies of a demo applicant."""
    visitor = Visitor(outer.url)
    visitor.login(APPLICANT)
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in visitor.session.cookies)


def _a_guide(outer: Site) -> str:
    """The address of a guide, as the list of matters in the API gives it."""
    with urllib.request.urlopen(f"{outer.url}/api/v1/public/matters/", timeout=30) as answer:
        first = json.load(answer)["results"][0]
    return f"/matters/{first['code']}/"
