"""The public register of licensing decisions fills itself, masked, and follows revocation (C19)."""

import json
from typing import Any

import pytest
from django.core.management import call_command

from applications import actors, grounds, licences, register
from applications.models import Application
from identity.models import Department, Enterprise, User
from matters.datasets import builtin, queries, stock
from matters.models import DataSet, Matter
from sync.models import Outbox
from tests import factories
from tests.applications import licence_life
from tests.helpers import move
from tests.matters.datasets import crossed
from tests.people import QINGHE_USCC, WANG_FANG_ID

pytestmark = pytest.mark.django_db


@pytest.fixture
def inner(settings: Any) -> None:
    settings.HALL_SIDE, settings.IS_OUTER = "inner", False


def granted(case: Application, clerk: User, reviewer: User, approver: User) -> Application:
    case = move(case, "accept", by=clerk)
    case = move(case, "pass_on", by=clerk)
    case = move(case, "pass_on", by=reviewer)
    return move(case, "grant", by=approver)


@pytest.fixture
def licensed(inner: None, awaiting_decision: Application, approver: User) -> Application:
    """A licence of 王芳."""
    return move(awaiting_decision, "grant", by=approver)


def entries() -> list[dict[str, str]]:
    return list(stock.read(DataSet.objects.get(slug=register.SLUG)))


def test_a_grant_enters_itself(licensed: Application) -> None:
    (entry,) = entries()
    paper = licensed.documents.get(kind="grant")
    assert entry["XK_WSH"] == paper.number
    assert entry["XK_XKBH"] == f"YZ{licensed.number}"
    assert entry["XK_XKZS"] == "小餐饮经营许可证"
    assert entry["XK_ZT"] == "有效"
    assert (entry["XK_JDRQ"], entry["XK_YXQZ"], entry["XK_YXQZI"]) == ("2026-03-03", "2026-03-03", "2029-03-02")
    assert entry["XK_XKJG"] == licensed.department.name
    assert not entry.get("XK_XKLB")


def test_a_natural_person_appears_masked_and_without_number(licensed: Application) -> None:
    (entry,) = entries()
    assert (entry["XK_XDR_MC"], entry["XK_XDR_TYPE"]) == ("王*", "自然人")
    assert "USCC" not in entry
    sent = "".join(Outbox.objects.filter(topic__startswith="dataset.").values_list("payload", flat=True))
    assert "王*" in sent
    assert "王芳" not in sent
    assert WANG_FANG_ID not in sent
    assert str(licensed.uid) not in sent


def test_an_enterprise_appears_in_full(
    inner: None, matter: Matter, li_ming: User, qinghe: Enterprise, clerk: User, reviewer: User, approver: User
) -> None:
    case = factories.file_draft(factories.draft(li_ming, matter, qinghe), li_ming)
    case = move(case, "receive", by=None, at="2026-03-02 10:00")
    granted(case, clerk, reviewer, approver)
    (entry,) = entries()
    assert entry["XK_XDR_MC"] == "云川市青禾餐饮管理有限公司"
    assert (entry["USCC"], entry["XK_XDR_TYPE"]) == (QINGHE_USCC, "法人及非法人组织")


@pytest.mark.parametrize("type_code", ["05", "07", "20"])
def test_benefits_confirmations_and_services_are_not_listed(
    inner: None, market_bureau: Department, wang_fang: User, clerk: User, reviewer: User, approver: User, type_code: str
) -> None:
    matter = factories.matter(market_bureau, header={"type_code": type_code})
    granted(factories.submitted(wang_fang, matter), clerk, reviewer, approver)
    assert not DataSet.objects.exists()
    assert not Outbox.objects.filter(topic__startswith="dataset.").exists()


def test_c19_the_class_of_the_licence_is_the_guides(
    inner: None, market_bureau: Department, wang_fang: User, clerk: User, reviewer: User, approver: User
) -> None:
    matter = factories.matter(market_bureau, header={"licence_class": "核准"})
    granted(factories.submitted(wang_fang, matter), clerk, reviewer, approver)
    (entry,) = entries()
    assert entry["XK_XKLB"] == "核准"


def test_c19_it_is_public_on_the_day_of_the_decision(licensed: Application) -> None:
    """Seven working days are allowed; the entry is made in the transaction of the decision and leaves with it."""
    decided = licensed.events.get(action="grant")
    rows = Outbox.objects.filter(topic="dataset.rows")
    assert rows.exists()
    assert entries()[0]["XK_JDRQ"] == decided.at.date().isoformat()


def test_c19_a_renewal_has_its_own_entry_and_alters_the_first(
    inner: None, awaiting_decision: Application, wang_fang: User, clerk: User, reviewer: User, approver: User
) -> None:
    licence = licence_life.grant(awaiting_decision, approver, clerk)
    case = licence_life.ask(licence, wang_fang, "renewal", "2029-01-15 10:00")
    case = licence_life.reviewed(case, clerk, reviewer, "2029-01-16 10:00")
    case = move(case, "grant", by=approver, at="2029-01-17 10:00")
    by_case = {entry["BJBS"]: entry for entry in entries()}
    first, second = by_case[str(licence.application.uid)], by_case[str(case.uid)]
    assert (first["XK_YXQZI"], second["XK_YXQZI"]) == ("2032-03-04", "2032-03-04")
    assert first["XK_BD"] == second["XK_BD"] == "2029-01-17 延续"
    assert second["XK_WSH"] == case.documents.get(kind="renewal").number
    assert second["SXMC"] == "小餐饮经营许可（延续）"
    assert first["XK_XKBH"] == second["XK_XKBH"]


def test_a_refusal_is_not_listed(inner: None, awaiting_decision: Application, approver: User) -> None:
    move(awaiting_decision, "refuse", by=approver)
    assert not DataSet.objects.exists()


def test_the_standing_follows_revocation(licensed: Application, approver: User) -> None:
    by = actors.staff(approver)
    licences.end(licensed.licence.pk, grounds.REVOKE, actor=by, ground=grounds.FRAUD, reason="以欺骗手段取得。")
    (entry,) = entries()
    assert entry["XK_ZT"] == "已撤销"
    assert entry["XK_BD"].endswith("撤销")
    final = json.loads(Outbox.objects.filter(topic="dataset.rows").latest("pk").payload)["final"]
    assert (final["mode"], final["count"], final["total"]) == ("upsert", 1, 1)


def test_entering_again_changes_nothing(licensed: Application) -> None:
    before = Outbox.objects.count()
    assert register.enter(licensed) is False
    call_command("fill_register")
    assert Outbox.objects.count() == before


def test_a_site_that_granted_before_catches_up(licensed: Application) -> None:
    DataSet.objects.all().update(current=None)
    DataSet.objects.all().delete()
    call_command("fill_register")
    assert len(entries()) == 1


def test_the_other_side_does_not_decide(licensed: Application, settings: Any) -> None:
    settings.HALL_SIDE = "outer"
    assert register.enter(licensed) is False


def test_the_public_finds_it_by_decision_number_and_standing(licensed: Application, settings: Any) -> None:
    number = licensed.documents.get(kind="grant").number
    crossed(DataSet.objects.get(slug=register.SLUG), settings)
    dataset = queries.get("xzxk")
    assert [row.values["XK_WSH"] for row in queries.records(dataset, {"XK_WSH": number[:4]})] == [number]
    assert queries.records(dataset, {"XK_ZT": "有效", "XK_JDRQ": "2026-03"}).count() == 1
    assert [group.count for group in queries.across(number)] == [1]


def test_the_register_is_kept_by_the_system(licensed: Application, editor: User, publisher: User) -> None:
    from tests.people import login

    dataset = DataSet.objects.get(slug=register.SLUG)
    base = f"/catalogue/datasets/{dataset.uid}/"
    assert login(editor).get(base).status_code == 200
    assert [login(editor).get(f"{base}{part}").status_code for part in ("edit/", "data/", "fields/new/")] == [404] * 3
    assert login(publisher).get(f"{base}withdraw/").status_code == 404


def test_a_changed_definition_is_published_anew(licensed: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    changed = register.DEFINITION.model_copy(update={"name": "许可决定公示"})
    monkeypatch.setattr(register, "DEFINITION", changed)
    register.the_set(licensed.department)
    dataset = DataSet.objects.select_related("current").get(slug=register.SLUG)
    assert (dataset.name, dataset.current and dataset.current.number) == ("许可决定公示", 2)


def test_after_a_restoration_the_register_is_sent_whole_when_it_is_whole(licensed: Application) -> None:
    """Until then the other side has more of it than this one, and no record can be added to what is shown there."""
    dataset = DataSet.objects.get(slug=register.SLUG)
    dataset.stock.all().delete()
    builtin.send_anew_later(register.SLUG)
    before = Outbox.objects.filter(topic="dataset.rows").count()
    assert register.enter(licensed)
    assert Outbox.objects.filter(topic="dataset.rows").count() == before
    assert [builtin.send_anew(), builtin.send_anew()] == [1, 0]
    [told] = Outbox.objects.filter(topic="dataset.rows").order_by("pk")[before:]
    final = json.loads(told.payload)["final"]
    assert (final["mode"], final["total"]) == ("replace", 1)
