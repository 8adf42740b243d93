"""A citizen answers four questions, prints the list, applies; the office sees only what this situation needs."""

from lxml import html

from tests.stories import acts
from tests.two_sites import Hall, pdf_text
from tests.visitor import Page, Visitor

SLUG = "road-occupation-excavation"
ANSWERS = {"kind": "occupy", "traffic": "no", "night": "no"}


def answer(visitor: Visitor, page: Page) -> Page:
    """Answer the question on the page as this story does."""
    form = page.form(button="继续")
    key = str(form.fields["was-asked"])
    return visitor.submit(form, {key: ANSWERS[key]}, button="继续")


def test_from_the_questions_to_the_office(hall: Hall) -> None:
    content = acts.guide(SLUG)
    code = content["header"]["code"]
    anybody = hall.visitor(hall.outer)
    guide = anybody.get(f"/matters/{code}/")
    page = anybody.get(guide.link("按我的情况看要准备什么"))
    seen = []
    while "一次告知单" not in page.text:
        seen.append(page.html.xpath("string(//h1)"))
        page = answer(anybody, page)
    assert seen == ["您要占用还是挖掘道路？", "会不会影响车辆或者行人通行？", "夜里要不要施工？"]
    assert "占用平面位置图" in page.text
    assert "交通组织和安全防护方案" not in page.text
    assert "城市道路占用费" in page.text
    assert "挖掘修复费" not in page.text

    sheet = "".join(pdf_text(anybody.get(page.link("下载告知单")).content).split())
    assert "占用平面位置图" in sheet
    assert "只临时占用" in sheet
    assert "交通安全审查" not in sheet

    agent = acts.log_in(hall, "outer", "zhaomin")
    start = agent.get(page.link("按这些回答申请"))
    assert "只临时占用" in start.text
    tasks = agent.submit(start.form(button="开始填写"), {"name": acts.name_of(start, "青禾餐饮")})
    if "另填一份新的" in tasks.text:
        tasks = agent.submit(tasks.form(button="另填一份新的"), button="另填一份新的")
    works = agent.get(f"{tasks.url}sections/works/")
    assert works.form(button="保存并继续").fields["works-kind"] == "occupy"  # carried into the form
    for section in content["form"]["sections"]:
        fields = [field | {"example": {"kind": "occupy", "night": "no"}.get(field["key"], field["example"])} for field in section["fields"]]  # fmt: skip
        acts.fill_section(agent, f"{tasks.url}sections/{section['key']}/", section | {"fields": fields})
    wanted = acts.to_upload(content, {key: [value] for key, value in ANSWERS.items()})
    assert [material["key"] for material in wanted] == ["occupation-plan"]
    acts.upload(agent, tasks.url, wanted[0])
    case = acts.submit(agent, tasks.url)
    hall.to_inner()

    clerk = acts.log_in(hall, "inner", "majing")
    desk = clerk.get(f"/work/{case.number}/")
    assert "申请人的情况" in desk.text
    assert "只临时占用" in desk.text
    assert names_of_materials(desk) == ["占用平面位置图"]
    acts.decide(clerk, case.number, "accept")
    route = clerk.get(f"/work/{case.number}/").html.xpath("//ol[@class='route']/li/strong")
    assert [html.tostring(step, encoding="unicode", method="text").strip() for step in route][:1] == ["市政审查"]
    assert len(route) == 2  # 市政审查, 决定; the traffic police have nothing to look at
    hall.to_outer()
    assert "只临时占用" in agent.get(case.url).text
    acts.level(hall)


def names_of_materials(desk: Page) -> list[str]:
    """The materials the officer's page lists."""
    return [name.text_content().split()[0] for name in desk.html.xpath("//p[@class='material-name']")]
