"""Take a picture of every page and every kind of document of the demo into var/look/, and one contact sheet.

Works on a copy of the demo's data with ports of its own, so a running demo is not disturbed.
Usage: python -m tools.look [WORD …]   (only pages whose name contains a word)
"""

import json
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Error, Page, sync_playwright

from tools import courier, demo_data, demo_lock, look_sheet, postgres, processes, sites
from tools.look_pages import APPLICANT, DEPARTMENT, FORMS, PAGES, Row
from tools.sites import ROOT, CommandFailed, Site

OUT = ROOT / "var" / "look"
WIDE, NARROW = 1280, 375
PDF_VIEWER = 1500  # milliseconds that the browser's own viewer takes to draw a paper
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
ARGUMENTS += ["--disable-sync", "--no-first-run", "--disable-dev-shm-usage", "--hide-scrollbars"]


@dataclass(frozen=True)
class View:
    """One way of looking at a page."""

    suffix: str
    width: int
    english: bool = False
    elder: bool = False


def views(row: Row) -> list[View]:
    """Wide and narrow always; English and the elderly view where the row asks."""
    wanted = [View("1280", WIDE), View("375", NARROW)]
    if row.english:
        wanted += [View("1280-en", WIDE, english=True), View("375-en", NARROW, english=True)]
    if row.elder:
        wanted += [View("1280-elder", WIDE, elder=True), View("375-elder", NARROW, elder=True)]
    return wanted


@contextmanager
def copied_demo() -> Iterator[dict[str, Site]]:
    """The demo's two sites, copied into a temporary folder and served, by side."""
    root = sites.demo_root()
    if not ((root / "outer").exists() and (root / "inner").exists()):
        with demo_lock.hold(root):
            demo_data.ensure(root)
    with tempfile.TemporaryDirectory(prefix="hall-look-") as folder:
        for side in ("outer", "inner"):
            shutil.copytree(root / side, Path(folder) / side)
        both = sites.pair(
            Path(folder), postgres.free_port(), postgres.free_port(), HALL_DEMO="1", HALL_TASKS_INLINE="1"
        )
        _issue_papers(both[1], both[0])
        running = [processes.web(site, site.folder / "web.log") for site in both]
        try:
            for site, process in zip(both, running, strict=True):
                if not processes.wait_until_ready(site, process):
                    raise CommandFailed((site.folder / "web.log").read_text())
            yield {site.side: site for site in both}
        finally:
            processes.stop_all(running)


def _issue_papers(inner: Site, outer: Site) -> None:
    """A young demo's worker has not made the papers of its history yet: make one of each kind, and let them cross."""
    with tempfile.TemporaryDirectory() as folder:
        _inside(inner, "documents", folder)
    courier.carry(inner, outer)


class Camera:
    """A browser that keeps one logged-in profile for each person and side."""

    def __init__(self, browser: Browser, halls: dict[str, Site]) -> None:
        self.browser = browser
        self.halls = halls
        self.contexts: dict[tuple[str, str], BrowserContext] = {}
        self.facts = {side: _facts(site) for side, site in halls.items()}
        self.password = sites.demo_password()
        self.failures: list[str] = []

    def take(self, row: Row) -> list[Path]:
        """All pictures of one row; what could not be taken is noted in ``failures``."""
        try:
            page = self._context(row).new_page()
            address = self._find(page, row)
            pictures = [self._picture(page, row, address, view) for view in views(row)]
            page.close()
        except KeyError as missing:
            self.failures.append(f"{row.side} {row.name}：演示数据里没有 {missing}")
            return []
        except (Error, AssertionError) as problem:
            self.failures.append(f"{row.side} {row.name} {row.path}：{str(problem).splitlines()[0]}")
            return []
        return pictures

    def _context(self, row: Row) -> BrowserContext:
        who = row.who.format(**self.facts[row.side])
        key = (row.side, who)
        if key not in self.contexts:
            context = self.browser.new_context(locale="zh-CN", base_url=self.halls[row.side].url)
            context.set_default_timeout(15_000)
            self.contexts[key] = context
            if who:
                self._log_in(context.new_page(), who)
        return self.contexts[key]

    def _log_in(self, page: Page, username: str) -> None:
        page.goto("/accounts/login/")
        page.locator('input[name="login"]').fill(username)
        page.locator('input[name="password"]').fill(self.password)
        page.locator('form:has(input[name="password"]) button[type="submit"]').click()
        page.wait_for_url(lambda url: "/accounts/login" not in url)
        page.close()

    def _find(self, page: Page, row: Row) -> str:
        """The address of the row's page, going through its links."""
        page.goto(row.path.format(**self.facts[row.side]))
        for selector in row.follow:
            link = page.locator(selector).first
            assert link.count(), f"没有链接 {selector}（{page.url}）"
            page.goto(str(link.evaluate("a => a.href")))
        return page.url

    def _type(self, page: Page, row: Row) -> None:
        """Fill in the row's form and send it; AssertionError when the answer is the same form again."""
        for name, value in row.typed:
            page.locator(f"main [name='{name}']").fill(value.format(**self.facts[row.side]))
        if row.typed:
            last = page.locator(f"main [name='{row.typed[-1][0]}']:visible")  # an answer may carry it on, hidden
            last.press("Enter")
            page.wait_for_load_state("networkidle")
            assert not last.count(), f"表单没有被接受（{page.url}）"

    def _picture(self, page: Page, row: Row, address: str, view: View) -> Path:
        page.set_viewport_size({"width": view.width, "height": 900})
        site = self.halls[row.side]
        cookies = {"django_language": "en" if view.english else "zh-hans", "hall_elder": "1" if view.elder else "0"}
        page.context.add_cookies([{"name": name, "value": value, "url": site.url} for name, value in cookies.items()])
        answer = page.goto(address)
        if answer and answer.status >= 500:
            self.failures.append(f"{row.side} {row.name}：{answer.status}")
        self._type(page, row)
        overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if overflow > 0:
            self.failures.append(f"{row.side} {row.name} {view.suffix}：比屏幕宽 {overflow} 像素")
        if page.locator("iframe, embed, object").count():
            page.wait_for_timeout(PDF_VIEWER)
        target = OUT / f"{row.side}-{row.name}-{view.suffix}.png"
        page.screenshot(path=target, full_page=True)
        return target


def _facts(site: Site) -> dict[str, str]:
    found: dict[str, str] = json.loads(_inside(site, "facts", APPLICANT, DEPARTMENT))
    return found


def _inside(site: Site, *arguments: str) -> str:
    command = [sys.executable, "-m", "tools.look_inside", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=site.environment(), check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout


def documents(camera: Camera) -> list[Path]:
    """Every kind of document and form as pictures, one a page."""
    pictures: list[Path] = []
    with tempfile.TemporaryDirectory() as folder:
        for side in ("outer", "inner"):  # what both have is taken from the office
            _inside(camera.halls[side], "documents", folder)
        for name, path in FORMS.items():
            address = camera.halls["outer"].url + path.format(**camera.facts["outer"])
            with urllib.request.urlopen(address, timeout=120) as answer:
                (Path(folder) / f"{name}.pdf").write_bytes(answer.read())
        for pdf in sorted(Path(folder).glob("*.pdf")):
            stem = OUT / f"document-{pdf.stem}"
            subprocess.run(["pdftoppm", "-r", "80", "-png", str(pdf), str(stem)], check=True)
            pictures += sorted(OUT.glob(f"{stem.name}-*.png"))
    return pictures


def main(words: list[str]) -> int:
    """0 when every picture was taken and no page is wider than its screen."""
    rows = [row for row in PAGES if not words or any(word in row.name for word in words)]
    if not words:
        shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True, exist_ok=True)
    pictures: list[Path] = []
    with copied_demo() as halls, sync_playwright() as engine:
        camera = Camera(engine.chromium.launch(executable_path=processes.chromium(), args=ARGUMENTS), halls)
        for number, row in enumerate(rows, 1):
            print(f"[{number}/{len(rows)}] {row.side} {row.name}", flush=True)
            pictures += camera.take(row)
        if not words or "文书" in words:
            pictures += documents(camera)
    look_sheet.contact_sheet(pictures, OUT / "sheet.png")
    print(f"{len(pictures)} 张图片和总图 sheet.png 在 {OUT}")
    for failure in camera.failures:
        print(f"！{failure}", file=sys.stderr)
    return 1 if camera.failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
