"""At the window: a slip mended on the spot (C03), a matter decided at once (C08), numbers that are limited (C24)."""

import pytest

from applications.errors import DataMissing, NotPossible
from applications.models import Application
from identity.models import Department, User
from matters.models import Matter
from tests import factories
from tests.helpers import move
from tests.people import login

AT_ONCE = [
    {"order": 1, "kind": "apply", "name": "申请", "role": "applicant"},
    {"order": 2, "kind": "accept", "name": "受理", "role": "clerk"},
    {"order": 3, "kind": "decide", "name": "决定", "role": "clerk"},
]


@pytest.fixture
def instant(market_bureau: Department) -> Matter:
    return factories.matter(
        market_bureau,
        header={"case_kind": "1", "code": "YC-TEST-0002"},
        procedure=AT_ONCE,
        promised_limit={"value": 0, "unit": "G"},
    )


@pytest.fixture
def two_places(market_bureau: Department) -> Matter:
    header = {"number_limit": "全市两家，按受理的先后顺序", "quota": 2, "code": "YC-TEST-0003"}
    return factories.matter(market_bureau, header=header)


def test_a_slip_is_mended_and_the_one_notice_is_left(received: Application, clerk: User) -> None:
    """C03."""
    case = move(received, "fix_on_spot", by=clerk)
    assert (case.state, case.answers["place"]["area"]) == ("RECEIVED", "21")
    event = case.events.get(action="fix_on_spot")
    assert (event.data["old"], event.data["new"]) == ("12", "21")
    assert move(case, "ask_correction", by=clerk).state == "CORRECTION"


def test_only_fields_that_the_applicant_typed_and_only_to_sound_values(received: Application, clerk: User) -> None:
    """C03."""
    with pytest.raises(DataMissing) as refused:
        move(received, "fix_on_spot", by=clerk, value="很大")
    assert "value" in refused.value.fields
    with pytest.raises(DataMissing):
        move(received, "fix_on_spot", by=clerk, field="place.owner")
    with pytest.raises(DataMissing, match="一样"):
        move(received, "fix_on_spot", by=clerk, value="12")


@pytest.mark.parametrize(("source", "offered"), [("", True), ("enterprise.address", False), ("person.phone", False)])
def test_what_the_account_filled_in_is_no_slip(
    on_inner: str,
    office_hours: None,
    market_bureau: Department,
    wang_fang: User,
    clerk: User,
    source: str,
    offered: bool,
) -> None:
    """C03: and the list begins with none chosen."""
    form = factories.content(market_bureau)["form"]
    next(one for one in form["sections"][0]["fields"] if one["key"] == "area")["prefilled_from"] = source
    case = factories.submitted(wang_fang, factories.matter(market_bureau, form=form))
    page = login(clerk).get(f"/work/{case.number}/moves/fix_on_spot/").content.decode()
    assert ('<option value="place.area">' in page) is offered
    assert '<option value="" selected>请选择</option>' in page


def test_accepted_and_granted_in_one_act(on_inner: str, instant: Matter, wang_fang: User, clerk: User) -> None:
    """C08: with both papers."""
    case = move(factories.submitted(wang_fang, instant), "grant_at_once", by=clerk, at="2026-03-02 10:20")
    assert (case.state, case.accepted_on) == ("GRANTED", case.decided_at.date())
    assert {"acceptance", "grant", "licence"} <= {one.kind for one in case.documents.all()}


def test_not_where_the_guide_wants_a_review(received: Application, clerk: User) -> None:
    with pytest.raises(NotPossible, match="不是即办件"):
        move(received, "grant_at_once", by=clerk)


def test_who_was_accepted_first_comes_first(
    on_inner: str,
    two_places: Matter,
    wang_fang: User,
    li_ming: User,
    stranger: User,
    clerk: User,
    reviewer: User,
    approver: User,
) -> None:
    """C24: not who filed first; and no more than there are places."""
    filed = [
        factories.submitted(user, two_places, at=f"2026-03-02 1{n}:00")
        for n, user in enumerate((wang_fang, li_ming, stranger))
    ]
    first, second, third = filed[2], filed[0], filed[1]
    for hour, case in enumerate((first, second, third), 10):
        move(case, "accept", by=clerk, at=f"2026-03-03 {hour}:00")
        move(case, "pass_on", by=clerk, at=f"2026-03-04 {hour}:00")
        move(case, "pass_on", by=reviewer, at=f"2026-03-04 {hour}:30")
    with pytest.raises(NotPossible, match="先后顺序"):
        move(third, "grant", by=approver, at="2026-03-05 09:00")
    move(first, "grant", by=approver, at="2026-03-05 10:00")
    with pytest.raises(NotPossible):
        move(third, "grant", by=approver, at="2026-03-05 10:30")
    move(second, "refuse", by=approver, at="2026-03-05 11:00")
    assert move(third, "grant", by=approver, at="2026-03-05 12:00").state == "GRANTED"
