"""一窗受理 over both networks: filed in person inside, seen outside by code and in the account, answered from both."""

import re

from hall.demo import papers
from tests.people import credit_code
from tests.stories import acts
from tests.two_sites import Hall, pdf_text
from tests.visitor import Visitor

SLUG = "food-business-licence"
AGENT_OF_QINGHE = """
from identity.models import Agency
row = Agency.objects.select_related("enterprise", "user__person").get(user__username="zhaomin", active=True)
person = row.user.person
print("|".join([row.enterprise.name, row.enterprise.uscc, person.name, person.id_number]))
"""


def file_at_window(hall: Hall, clerk: Visitor) -> acts.Filed:
    """The agent of an enterprise comes with papers; the clerk types, scans, files."""
    name, uscc, agent, number = hall.outer.manage("shell", "-v", "0", "-c", AGENT_OF_QINGHE).strip().split("|")
    content = acts.guide(SLUG)
    page = clerk.get(f"/counter/new/{content['header']['code']}/?kind=enterprise")
    who = {"name": name, "number": uscc, "document": "licence", "capacity": "agent", "agent_name": agent}
    who |= {"agent_number": number, "agent_document": "id_card", "has_authority": "on", "phone": "13900010003"}
    refused = clerk.submit(
        page.form(holds="number"), who | {"window": "3 号窗口", "number": credit_code(1)[:-1] + "0"}, status=422
    )
    assert "校验位" in refused.text
    draft = clerk.submit(refused.form(holds="number"), who | {"window": "3 号窗口"})
    situation = acts.situation_of(content)
    if situation:
        query = "&".join(f"{key}={value}" for key, values in situation.items() for value in values)
        answered = clerk.get(f"{draft.url}situation/?{query}")
        clerk.submit(answered.form(button="就按这些回答填写"))
    for section in content["form"]["sections"]:
        acts.fill_section(clerk, f"{draft.url}sections/{section['key']}/", section)
    _hand_in(clerk, draft.url)
    check = clerk.get(f"{draft.url}check/")
    receipt = clerk.submit(check.form(button="提交并收件"), {"declared": "on"})
    assert "打印回执" in receipt.text, receipt.text[:1500]
    shown = " ".join(receipt.html.xpath("//dd//text()"))
    number = re.search(r"\d{6} \d{8} \d{6} \d", shown).group().replace(" ", "")  # type: ignore[union-attr]
    code = next(text for text in shown.split() if re.fullmatch(r"[2-9A-Z]{6}", text))
    return acts.Filed(number, code, receipt.url)


def _hand_in(clerk: Visitor, draft_url: str) -> None:
    """The first required material is scanned, the others stay paper; each gets its level."""
    page = clerk.get(f"{draft_url}materials/")
    forms = [form for form in page.forms() if form.url.endswith("/paper/")]
    for place, form in enumerate(forms):
        key = form.url.split("/")[-3]
        if place == 0:
            upload = page.form(action=f"/materials/{key}/upload/")
            clerk.submit(upload, files={"file": (f"{key}.pdf", papers.make_paper(key, "演示", "pdf", 0, ""))})
        clerk.submit(form, {"originals": "1", "copies": "0", "trust": "B"})


def test_filed_in_person_and_followed_from_the_account(hall: Hall) -> None:
    clerk = acts.log_in(hall, "inner", "sunli")
    case = file_at_window(hall, clerk)
    assert case.number[14] == "9"
    page = clerk.get(f"/work/{case.number}/")
    assert "可信等级 B" in page.text
    receipt = re.sub(r"\s", "", pdf_text(clerk.get(page.link("收件回执")).content))
    assert "窗口申请" in receipt
    assert case.query_code in receipt

    acts.decide(clerk, case.number, "ask_correction", **_problem(clerk, case.number))
    hall.to_outer()

    agent = acts.log_in(hall, "outer", "zhaomin")
    name, *_ = hall.outer.manage("shell", "-v", "0", "-c", AGENT_OF_QINGHE).strip().split("|")
    mine = agent.get("/my/")
    mine = agent.submit(mine.form(action="act-as"), button=name)
    assert case.number in mine.text.replace(" ", "")
    assert "待补正" in acts.status(hall, case)
    url = mine.html.xpath("//a[starts-with(@href, '/my/') and string-length(@href) > 30]/@href")[0]
    assert "窗口申请" in agent.get(url).text
    stranger = acts.log_in(hall, "outer", "wangfang")
    stranger.get(url, status=404)

    # brought to the window on paper, told outside, and then withdrawn from the account
    here = clerk.get(clerk.get(f"/work/{case.number}/").link("来人交补正材料"))
    paper = next(form for form in here.forms() if form.url.endswith("/paper/"))
    clerk.submit(paper, {"originals": "1", "copies": "0", "trust": "B"})
    clerk.submit(clerk.get(here.url).form(button="收下并提交"))
    hall.to_outer()
    assert "已补正" in agent.get(url).text
    agent.submit(agent.get(f"{url}withdraw/").form(holds="reason"), {"reason": "换了地方"})
    hall.to_inner()
    assert "已撤回" in clerk.get(f"/work/{case.number}/").text
    hall.to_outer()
    assert "已撤回" in agent.get(url).text
    assert "撤回申请确认书" in agent.get(url).text
    acts.level(hall)


def _problem(clerk: Visitor, number: str) -> dict[str, str]:
    """The first material of the notice's form."""
    form = clerk.get(f"/work/{number}/moves/ask_correction/").form(holds="seen")
    box = next(name for name in form.fields if name.startswith("problem-material:"))
    return {box: "缺少签字", box.replace("problem", "remedy", 1): "请签字"}
