"""Browser tests: the two real sites in headless Chromium, every page asked by axe.

    def test_search(hall, open_page, assert_accessible):
        page = open_page(hall.outer, "/")                     # 1280 px; width=375 for a phone
        page.get_by_role("searchbox").fill("食品")
        assert_accessible(page)

    log_in(page, hall.outer, "liming")                        # through the login page

``open_page`` fails a test afterwards when a page it opened reported a JavaScript error or a refusal by the
Content-Security-Policy.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from tests.two_sites import Hall, Site, hall_in_temporary_folder
from tools.processes import chromium
from tools.sites import demo_password

HERE = Path(__file__).parent
# Without the network flags Chromium looks up its maker's hosts at every start.
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
ARGUMENTS += ["--disable-sync", "--disable-quic", "--no-first-run", "--disable-dev-shm-usage"]
GRAVE = {"serious", "critical"}

OpenPage = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """``pytest -m "not browser"`` leaves them out."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="package")
def hall() -> Iterator[Hall]:
    """Two sites with the demo city, running."""
    with hall_in_temporary_folder() as running:
        yield running


# Not for the session: while playwright's loop lives in this thread, Django refuses to touch the database in it.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One headless Chromium for all browser tests."""
    with sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """``open_page(site, path="/", width=1280)``: a page in a fresh browser profile, at the address."""
    contexts, complaints = [], []

    def open_one(site: Site, path: str = "/", *, width: int = 1280, locale: str = "zh-CN") -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 800}, locale=locale, base_url=site.url, accept_downloads=True
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        page.on(
            "console", lambda said: complaints.append(f"{page.url}: {said.text}") if _is_refusal(said.text) else None
        )
        page.goto(path)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert complaints == []


def _is_refusal(text: str) -> bool:
    return "Content Security Policy" in text


@pytest.fixture(scope="session")
def assert_accessible() -> Callable[[Page], None]:
    """``assert_accessible(page)``: axe finds nothing serious or critical on the page as it is now."""
    axe = Axe()

    def ask(page: Page) -> None:
        found = axe.run(page).response["violations"]
        grave = [_told(violation) for violation in found if violation["impact"] in GRAVE]
        assert not grave, f"{page.url}\n" + "\n".join(grave)

    return ask


def _told(violation: dict) -> str:
    places = "; ".join(str(node["target"]) + " " + node["html"][:160] for node in violation["nodes"][:5])
    return f"{violation['impact']} {violation['id']}: {violation['help']} — {places}"


@pytest.fixture(scope="session")
def log_in() -> Callable[..., None]:
    """``log_in(page, site, username)``: through the login page, with the demo's password."""

    def enter(page: Page, site: Site, username: str) -> None:
        page.goto(f"{site.url}/accounts/login/")
        page.locator('input[name="login"]').fill(username)
        page.locator('input[name="password"]').fill(demo_password())
        page.locator('form:has(input[name="password"]) button[type="submit"]').click()
        page.wait_for_url(lambda url: "/accounts/login" not in url)

    return enter
