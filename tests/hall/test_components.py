"""The page of components, and that its README misses none."""

from pathlib import Path

import pytest

COMPONENTS = Path(__file__).resolve().parents[2] / "hall" / "templates" / "components"
PARTS = {"field_notes"}  # pieces of other components


def names():
    return {path.stem for path in COMPONENTS.glob("*.html")} - PARTS


@pytest.mark.django_db
def test_every_component_is_shown(on_outer, client, settings):
    settings.HALL_DEMO = True
    page = client.get("/components/")
    assert page.status_code == 200
    used = {Path(template.name).stem for template in page.templates if (template.name or "").startswith("components/")}
    assert names() - used == set()


@pytest.mark.django_db
def test_it_is_not_there_in_production(on_outer, client):
    assert client.get("/components/").status_code == 404


def test_the_readme_lists_every_component():
    rows = (COMPONENTS / "README.md").read_text().splitlines()
    assert names() - {row.split("|")[1].strip() for row in rows if row.startswith("| ")} == set()
