"""C21, 行政许可法 49: a change makes a new face with the same number and a line of history."""

from typing import Any

import pytest
from django.test import Client

from applications import licence_drafts, licence_faces, licence_handlers
from applications.documents import issue
from applications.errors import DataMissing, NotPossible
from applications.models import Application, Licence, LicenceChange
from identity.models import User
from sync.registry import Reject
from tests import factories
from tests.applications.licence_life import ask, changes_of, reviewed
from tests.applications.test_crossing import facts
from tests.conftest import switch_side
from tests.helpers import move

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_rendering")]
WANTED = [
    {"field": "holder", "old": "王芳", "new": "王芳芳"},
    {"field": "scope", "old": "小餐饮经营许可", "new": "热食类食品制售"},
]


@pytest.fixture
def changed(licence: Licence, wang_fang: User, clerk: User, reviewer: User, approver: User) -> Application:
    case = reviewed(ask(licence, wang_fang, "change", "2026-06-01 10:00", WANTED), clerk, reviewer, "2026-06-02 10:00")
    return move(case, "grant", by=approver, at="2026-06-03 10:00")


def test_c21_old_and_new_on_the_decision_and_the_new_face(licence: Licence, changed: Application) -> None:
    before = licence.valid_to
    licence.refresh_from_db()
    assert (licence.holder, licence.version, licence.valid_to) == ("王芳芳", 2, before)
    paper = changed.documents.get(kind="licence_change")
    assert paper.title == "准予变更行政许可决定书"
    assert [(row["old"], row["new"]) for row in paper.content["changes"]] == [
        ("王芳", "王芳芳"),
        ("小餐饮经营许可", "热食类食品制售"),
    ]
    face = licence.document.content
    assert (face["holder"], face["licence_number"]) == ("王芳芳", licence.number)
    assert licence_faces.values(licence)["scope"] == "热食类食品制售"


def test_c21_history_is_kept_line_by_line(licence: Licence, changed: Application) -> None:
    assert changes_of(licence) == [
        (
            "changed",
            2,
            {"名称（姓名）": "王芳", "许可内容": "小餐饮经营许可"},
            {"名称（姓名）": "王芳芳", "许可内容": "热食类食品制售"},
        )
    ]


def test_c21_the_old_face_is_marked_as_replaced_on_the_public_page(
    licence: Licence, changed: Application, settings: Any
) -> None:
    issue.mark_ready(changed.documents.get(kind="licence"), b"%PDF-1.7 second face")
    switch_side(settings, "outer")
    old = Client().get(f"/check/{licence.application.documents.get(kind='licence').check_code}/").content.decode()
    new = Client().get(f"/check/{changed.documents.get(kind='licence').check_code}/").content.decode()
    assert "已换发" in old
    assert "已换发" not in new
    assert "有效" in new


def test_a_refused_change_leaves_the_licence_alone(
    licence: Licence, wang_fang: User, clerk: User, reviewer: User, approver: User
) -> None:
    case = reviewed(ask(licence, wang_fang, "change", "2026-06-01 10:00", WANTED), clerk, reviewer, "2026-06-02 10:00")
    move(case, "refuse", by=approver, at="2026-06-03 10:00")
    licence.refresh_from_db()
    assert (licence.version, licence.changes.count()) == (1, 0)


def test_asking_for_a_change_begins_one_draft_with_what_is_known(licence: Licence, wang_fang: User) -> None:
    me = factories.applicant(wang_fang)
    Licence.objects.update(valid_to="2099-01-01")
    licence.refresh_from_db()
    draft = licence_drafts.change(me, licence, {"address": "云川市青溪区滨河路 20 号", "holder": "王芳"})
    assert draft.change_asked == [{"field": "address", "old": "", "new": "云川市青溪区滨河路 20 号"}]
    assert draft.answers == licence.application.answers
    again = licence_drafts.change(me, licence, {"holder": "王芳芳"})
    assert (again.pk, [one["field"] for one in again.change_asked]) == (draft.pk, ["holder"])


def test_a_change_that_changes_nothing_is_no_change(licence: Licence, wang_fang: User) -> None:
    Licence.objects.update(valid_to="2099-01-01")
    licence.refresh_from_db()
    with pytest.raises(DataMissing, match="一样"):
        licence_drafts.change(factories.applicant(wang_fang), licence, {"holder": " 王芳 ", "scope": ""})


def test_an_ended_licence_is_not_changed(licence: Licence, wang_fang: User) -> None:
    Licence.objects.update(standing="cancelled")
    licence.refresh_from_db()
    with pytest.raises(NotPossible, match="已注销"):
        licence_drafts.change(factories.applicant(wang_fang), licence, {"holder": "王芳芳"})


def test_a_renewal_and_a_change_each_keep_what_the_other_did(
    licence: Licence, wang_fang: User, clerk: User, reviewer: User, approver: User
) -> None:
    renewal = reviewed(ask(licence, wang_fang, "renewal", "2029-01-15 10:00"), clerk, reviewer, "2029-01-16 10:00")
    change = reviewed(
        ask(licence, wang_fang, "change", "2029-01-15 10:00", WANTED), clerk, reviewer, "2029-01-16 10:00"
    )
    move(renewal, "grant", by=approver, at="2029-01-17 10:00")
    move(change, "grant", by=approver, at="2029-01-17 10:01")
    licence.refresh_from_db()
    assert (str(licence.valid_to), licence.holder, licence.version) == ("2032-03-04", "王芳芳", 3)
    face = licence.document.content
    assert (face["valid_to"], face["holder"]) == ("2032-03-04", "王芳芳")


# --- crossing
def test_the_other_side_takes_the_history_once(licence: Licence, changed: Application, settings: Any) -> None:
    issue.mark_ready(changed.documents.get(kind="licence"), b"%PDF-1.7 second face")
    fact = facts("licence.changed")[-1]
    LicenceChange.objects.all().delete()
    Licence.objects.update(version=1, holder="王芳")
    for _ in range(2):
        licence_handlers.licence_changed(fact)
    licence.refresh_from_db()
    assert (licence.version, licence.holder, licence.changes.count()) == (2, "王芳芳", 1)
    assert licence.changes.get().by_name == "云川市市场监督管理局"


def test_a_fact_of_an_older_site_is_still_read(licence: Licence) -> None:
    fact = facts("licence.changed")[-1]
    for key in ("version", "ground", "changes"):
        del fact.payload[key]  # type: ignore[attr-defined]
    licence_handlers.licence_changed(fact)
    licence.refresh_from_db()
    assert (licence.version, licence.ground) == (1, "")


def test_a_licence_without_its_face_is_rejected_with_a_reason(licence: Licence) -> None:
    fact = facts("licence.changed")[-1]
    fact.payload["document"] = "00000000-0000-0000-0000-000000000000"  # type: ignore[index]
    with pytest.raises(Reject, match="没有文书"):
        licence_handlers.licence_changed(fact)
