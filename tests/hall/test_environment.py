"""Nonsense in the environment stops the start with a sentence that names the variable."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from hall import environment, site_secrets, sponsor

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("read", "value"),
    [
        (lambda env: environment.choice(env, "HALL_X", ("outer", "inner")), "middle"),
        (lambda env: environment.flag(env, "HALL_X", default=False), "maybe"),
        (lambda env: environment.integer(env, "HALL_X", 1, low=1, high=9), "many"),
        (lambda env: environment.integer(env, "HALL_X", 1, low=1, high=9), "10"),
        (lambda env: environment.url_base(env, "HALL_X", "http://a"), "ftp://a"),
        (lambda env: environment.folder(env, "HALL_X", ROOT), __file__),
    ],
)
def test_nonsense_is_refused_by_name(read, value):
    with pytest.raises(ImproperlyConfigured, match="HALL_X"):
        read({"HALL_X": value})


def test_good_values_are_read():
    env = {"SIDE": "inner", "ON": "Yes", "N": "7", "LIST": "a, b,,", "URL": "https://hall.example/"}
    assert environment.choice(env, "SIDE", environment.SIDES) == "inner"
    assert environment.flag(env, "ON", default=False) is True
    assert environment.integer(env, "N", 1, low=1, high=9) == 7
    assert environment.words(env, "LIST") == ["a", "b"]
    assert environment.url_base(env, "URL", "") == "https://hall.example"


def test_a_missing_side_is_refused():
    with pytest.raises(ImproperlyConfigured, match="HALL_SIDE"):
        environment.choice({}, "HALL_SIDE", environment.SIDES)


def test_secrets_are_made_once_and_for_one_account(tmp_path):
    made = site_secrets.create_missing(tmp_path)
    assert {path.stat().st_mode & 0o777 for path in made} == {0o600}
    before = site_secrets.read({}, tmp_path, "field_key")
    assert site_secrets.create_missing(tmp_path) == []
    assert site_secrets.read({}, tmp_path, "field_key") == before


@pytest.mark.parametrize("short", ["", "short"])
def test_a_missing_or_short_secret_stops_the_start(tmp_path, short):
    with pytest.raises(ImproperlyConfigured, match="make_keys"):
        site_secrets.read({"HALL_SECRET_KEY": short}, tmp_path, "secret_key")


def test_the_start_without_keys_says_what_to_run(tmp_path):
    env = {"PATH": os.environ["PATH"], "HALL_SIDE": "outer", "HALL_DATA_DIR": str(tmp_path)}
    run = subprocess.run(
        [sys.executable, "manage.py", "check"], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    assert run.returncode != 0
    assert "manage.py make_keys" in run.stderr


def test_the_sponsor_is_invented_only_in_the_demo():
    assert sponsor.read({}, demo=True)["name"].startswith("云川市")
    assert set(sponsor.read({}, demo=False).values()) == {""}
    assert sponsor.read({"HALL_SPONSOR_PHONE": "110"}, demo=True)["phone"] == "110"
