"""An enterprise applies, is corrected once, is accepted, reviewed and granted, and anybody can check its permit."""

import re

from hall.demo import papers
from tests.stories import acts
from tests.two_sites import Hall, pdf_text


def test_corrected_once_then_granted(hall: Hall) -> None:
    agent = acts.log_in(hall, "outer", "zhaomin")
    case = acts.file_application(agent, "food-business-licence", acting_for="青禾餐饮")
    assert "已提交" in acts.status(hall, case)
    hall.to_inner()

    clerk = acts.log_in(hall, "inner", "sunli")
    assert case.number in clerk.get("/work/").text
    acts.decide(
        clerk,
        case.number,
        "ask_correction",
        **{"problem-material:premises-plan": "没有标注粗加工间", "remedy-material:premises-plan": "标注粗加工间的位置"},
    )
    hall.to_outer()

    page = agent.get(case.url)
    assert "待补正" in page.text
    correction = agent.get(page.link("补正"))
    assert "没有标注粗加工间" in correction.text
    form = correction.form(action="/materials/premises-plan/upload/")
    paper = papers.make_paper("平面图（补正）", "演示", "pdf", 0, "2")
    agent.submit(form, files={form.file_fields[0]: ("平面图-补正.pdf", paper)})
    sent = agent.submit(agent.get(correction.url).form(button="提交补正"), {"reason": "已标注"})
    assert "已送出" in sent.text
    hall.to_inner()

    assert "ask_correction" not in acts.buttons(clerk, case.number)
    assert "平面图-补正.pdf" in clerk.get(f"/work/{case.number}/").text
    acts.decide(clerk, case.number, "accept")
    acts.decide(clerk, case.number, "pass_on")
    reviewer = acts.log_in(hall, "inner", "chengang")
    acts.decide(reviewer, case.number, "pass_on", opinion="现场核查符合要求")
    acts.decide(reviewer, case.number, "pass_on", opinion="材料齐全")
    approver = acts.log_in(hall, "inner", "gaoyuan")
    acts.decide(approver, case.number, "grant", opinion="同意")
    acts.decide(clerk, case.number, "deliver", method="电子送达", recipient="赵敏")
    acts.decide(clerk, case.number, "close")
    hall.to_outer()

    page = agent.get(case.url)
    assert "已办结" in page.text
    assert "现场核查符合要求" not in page.text
    licence = agent.get(page.link("食品经营许可证"))
    text = pdf_text(licence.content)
    assert "青禾餐饮" in text
    assert "已办结" in acts.status(hall, case)
    check = hall.visitor(hall.outer).get(check_address(text))
    assert "有效" in check.text

    licence_page = approver.get(approver.get(f"/work/{case.number}/").link("证照的变动"))
    revoke = approver.get(licence_page.link("撤销证照"))
    again = approver.submit(revoke.form(holds="reason"), {"ground": "fraud", "reason": "以欺骗手段取得"})
    approver.submit(again.form(button="确认撤销"), button="确认撤销")
    hall.to_outer()
    assert "已撤销" in hall.visitor(hall.outer).get(check_address(text)).text
    acts.level(hall)


def check_address(pdf: str) -> str:
    """The address of the public check page behind the code that is printed on the paper."""
    code = re.search(r"(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}", pdf)
    assert code, pdf
    return f"/check/{code[0].replace('-', '')}/"


def test_granted_without_a_correction(hall: Hall) -> None:
    agent = acts.log_in(hall, "outer", "liming")
    case = acts.file_application(agent, "food-business-licence", acting_for="青禾餐饮")
    hall.to_inner()
    clerk = acts.log_in(hall, "inner", "sunli")
    acts.decide(clerk, case.number, "accept")
    acts.decide(clerk, case.number, "pass_on")
    reviewer = acts.log_in(hall, "inner", "chengang")
    acts.decide(reviewer, case.number, "pass_on", opinion="核查合格")
    acts.decide(reviewer, case.number, "pass_on", opinion="审核通过")
    acts.decide(acts.log_in(hall, "inner", "gaoyuan"), case.number, "grant", opinion="同意")
    hall.to_outer()
    page = agent.get(case.url)
    assert "准予" in page.text
    decision = pdf_text(agent.get(page.link("准予行政许可决定书")).content)
    assert case.number in "".join(decision.split())
    acts.level(hall)
