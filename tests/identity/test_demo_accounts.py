"""The log-in page shows the demo's accounts on a demo site, and on no other."""

import json
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse


@pytest.fixture
def accounts_file(settings, tmp_path: Path) -> Path:
    """What the demo loader leaves behind."""
    settings.HALL_DATA_DIR = tmp_path
    path = tmp_path / "demo_accounts.json"
    path.write_text(
        json.dumps([{"username": "wangfang", "password": "Demo-2026", "who": "市民 王芳"}]), encoding="utf-8"
    )
    return path


def page() -> str:
    return Client().get(reverse("account_login")).content.decode()


def test_demo_site_shows_them(on_outer, db, settings, accounts_file: Path) -> None:
    settings.HALL_DEMO = True
    assert "Demo-2026" in page()


def test_real_site_does_not(on_outer, db, settings, accounts_file: Path) -> None:
    settings.HALL_DEMO = False
    assert "Demo-2026" not in page()


def test_demo_site_without_the_file_still_works(on_outer, db, settings, tmp_path: Path) -> None:
    settings.HALL_DEMO, settings.HALL_DATA_DIR = True, tmp_path
    assert "演示账号" not in page()
