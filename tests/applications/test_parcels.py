"""Delivery by post: the address and the consent come with the submission, the tracking number goes back to the applicant."""

from typing import Any

import pytest

from applications import actors, drafts, sync_handlers
from applications.errors import DataMissing
from applications.models import Application, Event, PostalWish
from applications.talking import parcels
from applications.views.applicant.submit import fingerprint
from identity.models import Department, User
from matters.models import Matter
from tests import factories
from tests.applications.test_crossing import facts, forget
from tests.conftest import switch_side
from tests.helpers import move
from tests.people import login

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_rendering", "office_hours")]
WISH = {"recipient": "王芳", "phone": "139 0001 0001", "address": "云川市青溪区滨河路 18 号", "agreed": True}
FORM = {f"postal-{name}": value for name, value in WISH.items()} | {"postal": "yes", "postal-agreed": "on"}


@pytest.fixture
def matter(market_bureau: Department) -> Matter:
    return factories.matter(market_bureau, header={"express": True})


def page(case: Application) -> str:
    return f"/drafts/{case.uid}/check/"


def submit(client: Any, case: Application, **more: str) -> Any:
    body = {"seen": case.seen, "checked": fingerprint(case), "declared": "on"} | more
    return client.post(page(case), body)


@pytest.fixture
def ready(on_outer: str, matter: Matter, wang_fang: User) -> Application:
    return factories.draft(wang_fang, matter)


def test_the_wish_is_recorded_with_the_submission_and_crosses(
    ready: Application, wang_fang: User, clerk: User, settings: Any
) -> None:
    client = login(wang_fang)
    assert "邮寄到下面的地址" in client.get(page(ready)).content.decode()
    assert submit(client, ready, **FORM).status_code == 302
    wish = PostalWish.objects.get(application=ready)
    assert (wish.recipient, wish.phone, wish.address) == ("王芳", "13900010001", WISH["address"])
    assert "您选择了邮寄" in client.get(f"/my/{ready.uid}/").content.decode()
    fact = facts("application.submitted")[0]
    agreed, number = wish.agreed_at, Application.objects.get(pk=ready.pk).number
    forget(Application.objects.get(pk=ready.pk))
    switch_side(settings, "inner")
    sync_handlers.submitted(fact)
    arrived = PostalWish.objects.get()
    assert (arrived.address, arrived.agreed_at) == (WISH["address"], agreed)
    assert WISH["address"] in login(clerk).get(f"/work/{number}/").content.decode()


@pytest.mark.parametrize("missing", ["postal-recipient", "postal-phone", "postal-address", "postal-agreed"])
def test_a_wish_is_whole_or_is_not_taken(ready: Application, wang_fang: User, missing: str) -> None:
    answer = submit(login(wang_fang), ready, **{name: value for name, value in FORM.items() if name != missing})
    assert f'href="#{missing}"' in answer.content.decode()
    ready.refresh_from_db()
    assert ready.is_draft
    assert not PostalWish.objects.exists()


def test_without_a_wish_nothing_is_kept(ready: Application, wang_fang: User) -> None:
    submit(login(wang_fang), ready, **(FORM | {"postal": ""}))
    assert not PostalWish.objects.exists()
    assert facts("application.submitted")[0].payload["postal"] is None


def test_a_guide_without_post_takes_no_wish(on_outer: str, market_bureau: Department, wang_fang: User) -> None:
    case = factories.draft(wang_fang, factories.matter(market_bureau))
    assert "邮寄到下面的地址" not in login(wang_fang).get(page(case)).content.decode()
    with pytest.raises(DataMissing):
        drafts.submit(case, actor=actors.applicant(wang_fang), seen=case.seen, declared=True, postal=WISH)


def test_the_interface_takes_it(ready: Application, wang_fang: User) -> None:
    address = f"/api/v1/applicant/applications/{ready.uid}/submit/"
    wrong = {"declared": True, "postal": WISH | {"phone": "12"}}
    assert login(wang_fang).post(address, wrong, content_type="application/json").status_code == 422
    body = {"declared": True, "postal": WISH}
    assert login(wang_fang).post(address, body, content_type="application/json").status_code == 200
    assert PostalWish.objects.get().recipient == "王芳"


@pytest.fixture
def granted(awaiting_decision: Application, approver: User) -> Application:
    parcels.keep(awaiting_decision, WISH, awaiting_decision.submitted_at)  # type: ignore[arg-type]
    return move(awaiting_decision, "grant", by=approver, at="2026-03-05 10:00")


def test_the_form_of_delivery_knows_the_wish(granted: Application, clerk: User) -> None:
    form = login(clerk).get(f"/work/{granted.number}/moves/deliver/").content.decode()
    assert '<option value="邮寄送达" selected>' in form
    assert "承运单位" in form


def test_the_applicant_sees_carrier_and_number(
    granted: Application, clerk: User, wang_fang: User, settings: Any
) -> None:
    parcel = {"method": "邮寄送达", "recipient": "王芳", "carrier": "中国邮政 EMS", "tracking": "EX123456789CN"}
    case = move(granted, "deliver", by=clerk, at="2026-03-06 10:00", **parcel)
    assert facts("application.moved")[-1].payload["data"] == parcel
    paper = case.documents.get(kind="delivery")
    assert WISH["address"] in paper.content["place"]
    assert "EX123456789CN" in paper.content["place"]
    switch_side(settings, "outer")
    shown = login(wang_fang).get(f"/my/{case.uid}/").content.decode()
    assert "EX123456789CN" in shown
    assert "中国邮政 EMS" in shown


def test_a_delivery_of_an_older_site_has_no_carrier(granted: Application, clerk: User) -> None:
    case = move(granted, "deliver", by=clerk, at="2026-03-06 10:00", method="邮寄送达", tracking="EX1")
    found = parcels.sent(case)
    assert found is not None
    assert (found.carrier, found.tracking) == ("", "EX1")
    assert Event.objects.get(action="deliver").data["tracking"] == "EX1"
