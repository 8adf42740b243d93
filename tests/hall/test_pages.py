"""What holds for every page: safe headers, no inline script or style, one heading, labelled, in two languages."""

import re
from pathlib import Path

import lxml.html
import pytest

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted(path for path in ROOT.glob("*/templates/**/*.html") if ".venv" not in path.parts)
PAGES = ["/", "/search/", "/search/?q=开饭店", "/help/", "/contact/", "/sitemap/", "/accessibility/", "/api/docs/"]
INLINE = re.compile(
    r"<style|\sstyle\s*=|\son(?:click|change|submit|load|input|error|focus|blur|key\w+|mouse\w+)\s*=|javascript:"
    r"|<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")",
    re.IGNORECASE,
)
# Documents are handed to the PDF engine as one text and never sent to a browser as they are.
PRINTED = "applications/documents"


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_template_has_inline_script_or_style(path):
    if PRINTED not in path.as_posix():
        assert INLINE.findall(path.read_text()) == []


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("address", PAGES)
@pytest.mark.django_db
def test_public_pages_are_well_formed(on_outer, client, address, language):
    client.cookies["django_language"] = language
    answer = client.get(address)
    assert answer.status_code == 200
    page = lxml.html.fromstring(answer.content)
    assert len(page.xpath("//h1")) == 1
    assert page.xpath("string(//title)").strip()
    assert page.xpath("//main[@id='main']")
    assert page.xpath("//a[@href='#main']")
    named = "@aria-label or @aria-labelledby or @type='hidden' or @id=//label/@for or ancestor::label"
    assert page.xpath(f"//*[self::input or self::select or self::textarea][not({named})]") == []
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))


@pytest.mark.django_db
def test_the_browser_is_told_to_run_nothing_inline(on_outer, client):
    answer = client.get("/help/")
    policy = answer["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.django_db
def test_the_two_sides_cannot_be_mistaken(client, settings):
    for side, words in (("outer", "公众服务"), ("inner", "审批办公")):
        settings.HALL_SIDE, settings.IS_OUTER, settings.ROOT_URLCONF = side, side == "outer", f"hall.urls_{side}"
        page = client.get("/help/").text
        assert f"side-{side}" in page
        assert words in page


@pytest.mark.django_db
def test_the_menu_offers_only_what_opens(on_inner, clerk):
    from tests.people import login

    page = login(clerk).get("/help/")
    links = {item["url"] for item in page.context["nav"]}
    assert "/work/" in links
    assert not any(link.startswith("/sync/") for link in links)


@pytest.mark.django_db
def test_the_demo_says_that_it_is_one(on_outer, client, settings):
    assert "演示站点" not in client.get("/help/").text
    settings.HALL_DEMO = True
    assert "演示站点" in client.get("/help/").text
