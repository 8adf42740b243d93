"""Is the site fit to work: the health page for machines, doctor for the person who runs it."""

import json
from io import StringIO
from types import SimpleNamespace

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.db import OperationalError

from hall import checkup, site_secrets
from sync.models import Peer

pytestmark = pytest.mark.django_db


def doctor(*options):
    """(exit code, what it printed)"""
    out = StringIO()
    try:
        call_command("doctor", *options, stdout=out)
    except SystemExit as stop:
        return stop.code, out.getvalue()
    return 0, out.getvalue()


def finding(findings, name):
    return next(found for found in findings if found.name == name)


def test_a_site_that_works_says_so(on_outer, client):
    answer = client.get("/health/")
    assert answer.status_code == 200
    body = answer.json()
    assert (body["status"], body["database"], body["cache"], body["storage"]) == ("ok", "ok", "ok", "ok")
    assert body["worker"] in ("ok", "notice")


def test_a_broken_database_is_reported_without_details(on_outer, client, monkeypatch):
    def broken():
        raise OperationalError("password authentication failed for user hall")

    monkeypatch.setattr(checkup.connection, "cursor", broken)
    found = checkup.check_database()
    assert found.level == checkup.ERROR
    assert "DATABASE_URL" in found.words
    answer = client.get("/health/")
    assert answer.status_code == 503
    assert "password" not in answer.text


def test_doctor_speaks_a_line_per_check():
    _code, printed = doctor()
    assert len(printed.strip().splitlines()) == len(checkup.ALL)
    assert "数据表是最新的" in printed
    assert all(secret not in printed for secret in (django_settings.SECRET_KEY, django_settings.HALL_FIELD_KEY))


def test_doctor_fails_on_an_error_and_speaks_json(monkeypatch):
    monkeypatch.setattr(checkup.pdf, "pdf_problems", lambda: ["缺少中文字体，请重新运行 make install。"])
    code, printed = doctor("--json")
    body = json.loads(printed)
    assert code == 1
    assert body["fit"] is False
    assert {"name": "pdf", "level": "error", "words": "缺少中文字体，请重新运行 make install。"} in body["checks"]


def test_keys_that_others_can_read_are_an_error(settings, tmp_path):
    settings.HALL_DATA_DIR = tmp_path
    (made, *_others) = site_secrets.create_missing(tmp_path)
    assert checkup.check_secrets().level == checkup.OK
    made.chmod(0o644)
    assert checkup.check_secrets().level == checkup.ERROR


def test_missing_batch_keys_name_the_command(settings, tmp_path):
    settings.HALL_DATA_DIR = tmp_path
    found = checkup.check_peer()
    assert found.level == checkup.ERROR
    assert "make_keys" in found.words


def test_a_peer_that_is_not_enrolled_is_noticed(settings, monkeypatch):
    monkeypatch.setattr(checkup.peers, "site_keys", lambda: None)
    assert checkup.check_peer().level == checkup.NOTICE
    Peer.objects.create(side=settings.HALL_PEER_SIDE, suite="intl", fingerprint="1")
    assert checkup.check_peer().level == checkup.OK


def test_a_full_disk_is_an_error(monkeypatch):
    monkeypatch.setattr(checkup.shutil, "disk_usage", lambda _: SimpleNamespace(free=100 * 1024**2))
    assert checkup.check_disk().level == checkup.ERROR


def test_no_worker_is_noticed():
    assert checkup.check_worker().level == checkup.NOTICE
