"""The other ways a life can go: refused with reasons, accepted by silence, withdrawn while the decision travels."""

from tests.stories import acts
from tests.two_sites import Hall, pdf_text
from tests.visitor import Visitor

SLUG = "food-business-licence"


def to_decision(hall: Hall, case: acts.Filed, clerk: Visitor) -> None:
    """Accepted and reviewed, waiting for the approver."""
    acts.decide(clerk, case.number, "accept")
    acts.decide(clerk, case.number, "pass_on")
    reviewer = acts.log_in(hall, "inner", "chengang")
    acts.decide(reviewer, case.number, "pass_on", opinion="已核查")
    acts.decide(reviewer, case.number, "pass_on", opinion="已审核")


def test_refused_with_reasons_and_remedies(hall: Hall) -> None:
    agent = acts.log_in(hall, "outer", "zhaomin")
    case = acts.file_application(agent, SLUG, acting_for="青禾餐饮")
    hall.to_inner()
    clerk = acts.log_in(hall, "inner", "sunli")
    to_decision(hall, case, clerk)
    acts.decide(
        acts.log_in(hall, "inner", "gaoyuan"),
        case.number,
        "refuse",
        reason="加工场所与旱厕距离不足二十五米",
        legal_basis="《食品安全法》第三十三条第一款第一项",
    )
    hall.to_outer()
    page = agent.get(case.url)
    assert "不予批准" in page.text
    decision = "".join(pdf_text(agent.get(page.link("不予行政许可决定书")).content).split())
    assert "加工场所与旱厕距离不足二十五米" in decision
    assert "行政复议" in decision
    assert "六个月" in decision
    acts.level(hall)


def test_silence_becomes_acceptance_from_the_day_of_receipt(hall: Hall) -> None:
    agent = acts.log_in(hall, "outer", "zhaomin")
    case = acts.file_application(agent, SLUG, acting_for="青禾餐饮")
    hall.to_inner()
    hall.inner.manage("tick", "--today", "2027-03-01")
    clerk = acts.log_in(hall, "inner", "sunli")
    page = clerk.get(f"/work/{case.number}/")
    assert "视为受理" in page.text
    assert "ask_correction" not in acts.buttons(clerk, case.number)
    hall.to_outer()
    assert "视为受理" in agent.get(case.url).text
    acts.level(hall)


def test_withdrawn_in_time(hall: Hall) -> None:
    agent = acts.log_in(hall, "outer", "zhaomin")
    case = acts.file_application(agent, SLUG, acting_for="青禾餐饮")
    hall.to_inner()
    ask_to_withdraw(agent, case)
    hall.exchange()
    assert "已撤回" in agent.get(case.url).text
    acts.level(hall)


def test_withdrawn_while_the_decision_is_on_its_way(hall: Hall) -> None:
    agent = acts.log_in(hall, "outer", "zhaomin")
    case = acts.file_application(agent, SLUG, acting_for="青禾餐饮")
    hall.to_inner()
    clerk = acts.log_in(hall, "inner", "sunli")
    to_decision(hall, case, clerk)
    acts.decide(acts.log_in(hall, "inner", "gaoyuan"), case.number, "grant", opinion="同意")
    assert "已送出" in ask_to_withdraw(agent, case)  # the outer side has not heard of the decision
    hall.to_inner()
    hall.to_outer()
    page = agent.get(case.url)
    assert "未获同意" in page.text
    assert "准予" in page.text
    assert "不能办理“撤回申请”" in page.text
    acts.level(hall)


def ask_to_withdraw(agent: Visitor, case: acts.Filed) -> str:
    """Press 撤回申请 on the case and confirm."""
    page = agent.get(f"{case.url}withdraw/")
    return agent.submit(page.form(button="确认撤回"), {"reason": "不再开店"}).text
