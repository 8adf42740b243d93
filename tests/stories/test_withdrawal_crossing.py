"""A withdrawal and a decision pass each other on the road. The inner side decides by what reached it first; both are kept."""

import json
from pathlib import Path

import pytest

from tests.stories import acts
from tests.stories.test_other_ends import SLUG, ask_to_withdraw, to_decision
from tests.two_sites import Hall


@pytest.fixture
def waiting_inside(hall: Hall) -> acts.Filed:
    """A case that its applicant believes running, and that waits for the approver."""
    case = acts.file_application(acts.log_in(hall, "outer", "zhaomin"), SLUG, acting_for="青禾餐饮")
    hall.to_inner()
    to_decision(hall, case, acts.log_in(hall, "inner", "sunli"))
    return case


def unsettled(hall: Hall) -> int:
    """What either side could not apply."""
    sites = [json.loads(site.manage("sync_status", "--json")) for site in (hall.outer, hall.inner)]
    return sum(site["incoming"]["parked"] for site in sites)


@pytest.mark.parametrize("opened_first", ["inner", "outer"])
@pytest.mark.parametrize("first", ["grant", "withdraw"])
def test_decided_before_the_withdrawal_came(
    first: str, opened_first: str, hall: Hall, waiting_inside: acts.Filed, tmp_path: Path
) -> None:
    """Whichever was done first by the clock, and whichever disk is opened first: the decision stands, the wish is on record."""
    case, agent = waiting_inside, acts.log_in(hall, "outer", "zhaomin")
    approver = acts.log_in(hall, "inner", "gaoyuan")
    if first == "grant":
        acts.decide(approver, case.number, "grant", opinion="同意")
    ask_to_withdraw(agent, case)
    if first == "withdraw":
        acts.decide(approver, case.number, "grant", opinion="同意")

    # Both disks are on the road at once.
    for site in (hall.outer, hall.inner):
        site.manage("seal_batch", "--to", str(tmp_path / site.side))
    outer_then_inner = [(hall.outer, "inner"), (hall.inner, "outer")]
    for site, source in outer_then_inner if opened_first == "outer" else reversed(outer_then_inner):
        site.manage("open_batch", str(tmp_path / source))
    hall.exchange()
    hall.exchange()

    page = agent.get(case.url).text
    assert "未获同意" in page
    assert "不能办理“撤回申请”" in page
    assert "准予" in page
    inside = approver.get(f"/work/{case.number}/").text
    assert "撤回申请" in inside
    assert "不再开店" in inside
    assert unsettled(hall) == 0
    acts.level(hall)


def test_the_withdrawal_that_came_first_leaves_nothing_to_decide(hall: Hall, waiting_inside: acts.Filed) -> None:
    case, agent = waiting_inside, acts.log_in(hall, "outer", "zhaomin")
    approver = acts.log_in(hall, "inner", "gaoyuan")
    ask_to_withdraw(agent, case)
    shown = approver.get(f"/work/{case.number}/moves/grant/")  # the approver has the form open
    hall.to_inner()
    answer = approver.submit(shown.form(holds="seen"), {"opinion": "同意"}, status=409)
    assert "有人办理了这件申请，所以“准予”没有执行" in answer.text
    assert "现在的状态是“已撤回”" in answer.text
    assert "grant" not in acts.buttons(approver, case.number)
    hall.to_outer()
    assert "已撤回" in agent.get(case.url).text
    assert "已撤回" in approver.get(f"/work/{case.number}/").text
    assert unsettled(hall) == 0
    acts.level(hall)
