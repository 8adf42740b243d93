"""What was supplied beside what was there: old answer and new, the replaced file and the one in its place."""

import io
from typing import Any

import pytest

from applications import requests, sync_facts
from applications.models import Application, Material
from applications.states import State
from applications.talking import comparing
from identity.models import User
from sync import blobs
from tests.factories import moment
from tests.helpers import move
from tests.people import login

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_rendering")]
ITEMS = [
    {"target": "material:plan", "label": "经营场所平面图", "problem": "缺少比例尺", "remedy": "标注比例尺"},
    {"target": "section:place", "label": "经营场所", "problem": "面积与平面图不一致", "remedy": ""},
]


def answers(**changes: str) -> dict[str, Any]:
    return {"place": {"name": "12", "area": "12"} | changes}


def supply(case: Application, turn: int = 1, content: bytes = b"%PDF-1.7", **given: Any) -> Application:
    file = Material(
        key="plan",
        file_name="平面图-补正.pdf",
        content_type="application/pdf",
        size=8,
        sha256=blobs.put(io.BytesIO(content)),
        uploaded_at=moment("2026-03-05 09:00"),
    )
    changes = {"answers": answers(**given), "materials": [sync_facts.material_row(file)], "round": turn}
    requests.answer(case.requests.create(action="supplement", at=moment("2026-03-05 10:00"), changes=changes))
    case.refresh_from_db()
    assert case.state == State.RESUBMITTED
    return case


@pytest.fixture
def asked(received: Application, clerk: User) -> Application:
    return move(received, "ask_correction", by=clerk, items=ITEMS)


def test_old_and_new_stand_side_by_side(asked: Application) -> None:
    plan, place = comparing.supplied(supply(asked, area="21.5"))
    assert [file.file_name for file in plan.old_files] == ["平面图.pdf"]
    assert [file.file_name for file in plan.new_files] == ["平面图-补正.pdf"]
    assert [(line.label, line.old, line.new, line.is_changed) for line in place.lines] == [
        ("店名", "12", "12", False),
        ("面积（平方米）", "12", "21.5", True),
    ]
    assert (plan.is_unchanged, place.is_unchanged) == (False, False)


def test_what_came_back_unchanged_is_said(asked: Application) -> None:
    plan, place = comparing.supplied(supply(asked, content=b"%PDF-1.4"))
    assert (plan.is_unchanged, place.is_unchanged) == (True, True)


def test_a_second_round_is_compared_with_the_first(asked: Application, clerk: User) -> None:
    case = supply(asked, area="21.5")
    case = move(case, "ask_correction", by=clerk, items=ITEMS[:1], at="2026-03-06 10:00")
    items = comparing.supplied(supply(case, turn=2, content=b"%PDF-2.0", area="30"))
    assert [one.item.target for one in items] == ["material:plan"]
    assert [file.round for file in items[0].old_files] == [1]
    assert [file.round for file in items[0].new_files] == [2]


def test_a_supplement_of_an_older_site_has_no_before(asked: Application) -> None:
    case = supply(asked, area="21.5")
    case.requests.update(before={})
    place = comparing.supplied(case)[1]
    assert (place.knows_before, place.is_unchanged) == (False, False)
    assert [line.new for line in place.lines] == ["12", "21.5"]


def test_the_panel_is_there_while_the_answer_waits_to_be_looked_at(asked: Application, clerk: User) -> None:
    client, address = login(clerk), f"/work/{asked.number}/"
    assert "补正前后对照" not in client.get(address).content.decode()
    case = supply(asked, area="21.5")
    page = client.get(address).content.decode()
    assert "<del>12</del>" in page
    assert "<ins>21.5</ins>" in page
    rows = client.get(f"/api/v1/staff/applications/{asked.number}/supplied/").json()
    assert [row["target"] for row in rows] == ["material:plan", "section:place"]
    assert rows[1]["lines"][1] == {"label": "面积（平方米）", "old": "12", "new": "21.5", "is_changed": True}
    move(case, "accept", by=clerk, at="2026-03-06 10:00")
    assert "补正前后对照" not in client.get(address).content.decode()
