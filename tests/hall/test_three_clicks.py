"""From the first page any published guide is three clicks away, however large the catalogue. Found out by clicking."""

import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client

from identity.models import Department
from matters.models import GuideVersion, Matter, MatterTag
from matters.search import index
from matters.views import browse

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_outer")]
THEMES = ("开办企业", "社会保障", "工程建设", "医疗卫生", "")
LINK = re.compile(r"""<a\s[^>]*?href="([^"#]*)""")


def fill(matters: int, departments: int) -> set[str]:
    """Published matters, the first department having a third of them; returns the addresses of their guides."""
    rows = [Department(code=f"YC-{n}", name=f"云川市第{n}局") for n in range(departments)]
    offices = Department.objects.bulk_create(rows)
    made = Matter.objects.bulk_create(
        Matter(
            code=f"M{n}",
            name=f"第{n}号事项",
            department=offices[0 if n % 3 == 0 else n % departments],
            themes=[theme] if (theme := THEMES[n % len(THEMES)]) else [],
            audiences=["person"] if n % 2 else [],
            visits=n % 7,
        )
        for n in range(matters)
    )
    versions = GuideVersion.objects.bulk_create(
        GuideVersion(matter=matter, number=1, state=GuideVersion.State.PUBLISHED) for matter in made
    )
    for matter, version in zip(made, versions, strict=True):
        matter.current = version
    Matter.objects.bulk_update(made, ["current"], batch_size=400)
    MatterTag.objects.bulk_create(MatterTag(matter=m, kind="theme", value=theme) for m in made for theme in m.themes)
    index.rebuild()
    return {f"/matters/{matter.code}/" for matter in made}


def links(client: Client, address: str) -> Iterator[str]:
    """Where one can click to on this site; a file or a page that wants a login leads no further."""
    answer = client.get(address)
    if answer.status_code != 200 or not answer["Content-Type"].startswith("text/html"):
        return
    for target in LINK.findall(answer.text):
        parts = urlsplit(urljoin(address, target.replace("&amp;", "&")))
        if not parts.netloc and not parts.scheme:
            yield parts.path + (f"?{parts.query}" if parts.query else "")


def clicked(client: Client, guides: set[str], clicks: int) -> tuple[set[str], int]:
    """The guides that are ``clicks`` clicks away at most, and how many pages were opened on the way."""
    seen, edge = {"/"}, {"/"}
    for _ in range(clicks):
        edge = {target for page in sorted(edge - guides) for target in links(client, page)} - seen
        seen |= edge
    return seen & guides, len(seen)


@pytest.mark.parametrize(("matters", "departments"), [(60, 14), (1500, 14)])
def test_any_guide_in_three_clicks(client: Client, matters: int, departments: int) -> None:
    guides = fill(matters, departments)
    reached, _pages = clicked(client, guides, 3)
    assert guides - reached == set()
    assert all(client.get(guide).status_code == 200 for guide in sorted(guides)[:: max(1, matters // 30)])


def test_a_department_with_very_many_matters_is_no_exception(client: Client, monkeypatch) -> None:
    monkeypatch.setattr(browse, "DEPARTMENT_ROWS", 10)
    guides = fill(100, 4)
    page = client.get("/departments/").text
    assert "第 31–40 个" in page
    reached = {link for number in range(1, 6) for link in links(client, f"/departments/YC-0/?page={number}")} & guides
    assert len(reached) == Department.objects.get(code="YC-0").matters.count()
    assert clicked(client, guides, 3)[0] == guides


def test_the_crawler_notices_what_is_out_of_reach(client: Client, monkeypatch) -> None:
    monkeypatch.setattr(browse, "DEPARTMENT_ROWS", 5)
    monkeypatch.setattr(browse, "_pages", lambda count: [])
    guides = fill(400, 2)
    assert clicked(client, guides, 3)[0] != guides


def test_a_department_lists_its_matters_by_theme_in_few_queries(client: Client, django_assert_max_num_queries) -> None:
    fill(60, 3)
    with django_assert_max_num_queries(4):
        page = client.get("/departments/YC-0/").text
    assert page.count('class="matter-list"') == len(THEMES)
    assert page.index("其他</h3>") > page.index("工程建设</h3>")
