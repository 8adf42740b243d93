"""Promises over both networks: a material that was owed and never came, a pledge that was found false."""

from tests.stories import acts
from tests.two_sites import Hall, pdf_text


def test_what_was_owed_never_comes(hall: Hall) -> None:
    """C28: accepted without the health certificates, reminded, and returned when they never came."""
    agent = acts.log_in(hall, "outer", "zhaomin")
    case = acts.file_application(agent, "food-business-licence", acting_for="青禾餐饮", deferral="on")
    hall.to_inner()
    clerk = acts.log_in(hall, "inner", "sunli")
    assert "在网上承诺补交" in clerk.get(f"/work/{case.number}/").text
    acts.decide(clerk, case.number, "accept_with_deferral")
    hall.to_outer()
    page = agent.get(case.url)
    assert "请补交 1 份容缺材料" in page.text
    assert "从业人员健康证明" in page.text
    promise = "".join(pdf_text(agent.get(page.link("容缺受理承诺书")).content).split())
    assert "逾期没有补交的，本机关将终止办理并退回申请" in promise

    owed = agent.get(f"{case.url}owed/")
    assert "请先上传要补交的材料" in agent.submit(owed.form(button="送出"), status=422).text
    hall.inner.manage("tick", "--today", "2027-06-01")
    hall.to_outer()
    page = agent.get(case.url)
    assert "终止办理" in page.text
    reason = "".join(pdf_text(agent.get(page.link("终止办理告知书")).content).split())
    assert "没有补交：从业人员健康证明" in reason
    assert "逾期未补交退回" in acts.status(hall, case)
    acts.level(hall)


def test_a_pledge_that_was_found_false(hall: Hall) -> None:
    """C27: decided on a pledge without examination; the check finds it false; decision and certificate fall on both sides."""
    agent = acts.log_in(hall, "outer", "zhaomin")
    case = acts.file_application(agent, "road-freight-licence", acting_for="青禾餐饮", way="pledge")
    hall.to_inner()
    clerk, approver = acts.log_in(hall, "inner", "houliang"), acts.log_in(hall, "inner", "kangtai")
    acts.decide(clerk, case.number, "accept")
    acts.decide(clerk, case.number, "pass_on")
    acts.decide(approver, case.number, "grant", opinion="按承诺准予")
    acts.decide(clerk, case.number, "deliver", method="电子送达", recipient="赵敏")
    assert "close" not in acts.buttons(clerk, case.number)
    hall.to_outer()
    page = agent.get(case.url)
    assert "不从事危险货物运输" in "".join(pdf_text(agent.get(page.link("告知承诺书")).content).split())
    certificate = agent.get(page.link("打开公开的核验页"))
    assert "有效" in certificate.text

    reason = {"reason": "实地核查，车辆没有检测合格。", "legal_basis": "《行政许可法》第六十九条第二款"}
    acts.decide(approver, case.number, "find_pledge_false", **reason)
    hall.to_outer()
    assert "决定已撤销" in agent.get(case.url).text
    assert "已撤销" in agent.get(certificate.url).text
    assert "撤销" in acts.status(hall, case)
    acts.level(hall)
