"""One application for three departments over both networks: filed once, handled side by side, one page of results."""

import json
from typing import Any

from matters import situations
from matters.formdef import Section
from matters.guide import GuideContent
from matters.joint import merging
from matters.joint.guide import JointContent, Package
from matters.joint.materials import MemberGuide
from tests.stories import acts
from tests.two_sites import Hall
from tests.visitor import Page, Visitor

FOOD, FIRE, DRAIN = "food-business-licence", "public-gathering-fire-inspection", "drainage-permit"
SLUGS = (FOOD, FIRE, DRAIN)
# clerk, reviewers, approver of each department
STAFF = {
    FOOD: ("sunli", ("chengang",), "gaoyuan"),
    FIRE: ("fuqiang", ("leizhen", "jiangtao"), "wuyi"),
    DRAIN: ("majing", ("lupeng",), "caoguodong"),
}


def package() -> Package:
    """The demo's package of the three, merged here as the office merged it."""
    content = JointContent.model_validate(json.loads((acts.GUIDES.parent / "packages" / "restaurant.json").read_text()))
    wanted = {member.code: member for member in content.members}
    guides = []
    for path in sorted(acts.GUIDES.glob("*.json")):
        guide = GuideContent.model_validate(json.loads(path.read_text()))
        if member := wanted.get(guide.header.code):
            guides.append(MemberGuide(member.code, member.stage, member.when, path.stem, 1, guide))
    return merging.narrowed(merging.merge_content(content, guides), [code(slug) for slug in SLUGS])


def code(slug: str) -> str:
    """The code of a matter of the demo."""
    return str(acts.guide(slug)["header"]["code"])


def begin(visitor: Visitor) -> Page:
    """Choose the members and the name."""
    start = visitor.get("/apply/joint/restaurant/")
    return visitor.submit(
        start.form(button="开始填写"),
        {"name": acts.name_of(start, "青禾餐饮"), "member": [code(FIRE), code(DRAIN)]},
    )


def fill(visitor: Visitor, draft: Page) -> None:
    """Answer the situations of the members, the one form, the one set of papers."""
    merged = package()
    for slug in SLUGS:
        answers = acts.situation_of(acts.guide(slug))
        if answers:
            page = visitor.get(f"{draft.url}situation/{code(slug)}/?{situations.query(answers)}")
            visitor.submit(page.form(button="就按这些回答填写"))
    examples = merged.form.example_answers()
    for section in merged.form.sections:
        answer(visitor, f"{draft.url}sections/{section.key}/", section, examples[section.key])
    page = visitor.get(f"{draft.url}materials/")
    for material in wanted(page):
        acts.upload_to(visitor, visitor.get(f"{draft.url}materials/"), material)


def answer(visitor: Visitor, url: str, section: Section, example: Any) -> None:
    """Type the examples of one section of the joint form; a repeating one gets one row."""
    row, prefix = (example[0], f"{section.key}-0") if section.repeating else (example, section.key)
    page = visitor.get(url)
    typed = {f"{prefix}-{name}": value for name, value in row.items()}
    after = visitor.submit(page.form(button="保存并继续"), typed, button="保存并继续")
    assert after.url != url, after.text[:1500]


def wanted(page: Page) -> list[dict[str, Any]]:
    """The papers that the checklist calls necessary."""
    found = []
    for row in package().materials:
        key = row.refs[0].replace("/", ".")
        if f"/materials/{key}/upload/" in page.content.decode() and row.necessity == "必要":
            found.append({"key": key, "name": row.name, "formats": row.formats})
    return found


def member_numbers(page: Page) -> dict[str, str]:
    """The number of each member's case, by the guide's name."""
    names = {slug: acts.guide(slug)["guide"]["matter_name"] for slug in SLUGS}
    found = {}
    for slug, name in names.items():
        row = next(li for li in page.html.xpath("//ul/li") if name in " ".join(li.text_content().split()))
        digits = "".join(part for part in row.text_content() if part.isdigit())
        found[slug] = digits[-21:]
    return found


def test_three_departments_side_by_side(hall: Hall) -> None:
    agent = acts.log_in(hall, "outer", "zhaomin")
    draft = begin(agent)
    fill(agent, draft)
    check = agent.get(f"{draft.url}check/")
    done = agent.submit(check.form(button="提交申请"), {"declared": "on"})
    assert "申请已提交" in done.text, done.text[:2000]
    joint, numbers = acts.filed(done), member_numbers(done)
    assert len({joint.number, *numbers.values()}) == 4
    assert "待受理" in acts.status(hall, joint)

    hall.to_inner()
    clerks = {slug: acts.log_in(hall, "inner", STAFF[slug][0]) for slug in SLUGS}
    for slug in SLUGS:  # each department sees the others, and only its own case
        page = clerks[slug].get(f"/work/{numbers[slug]}/")
        assert "一件事联办" in page.text
        for other in SLUGS:
            assert acts.guide(other)["guide"]["matter_name"] in page.text
            if other != slug:
                clerks[slug].get(f"/work/{numbers[other]}/", status=404)
    lead = clerks[FOOD].get(f"/work/joint/{joint.number}/")
    assert "待受理" in lead.text
    clerks[FIRE].get(f"/work/joint/{joint.number}/", status=404)

    for slug in (FOOD, DRAIN):
        acts.decide(clerks[slug], numbers[slug], "accept")
    assert "全部受理之后起算" in clerks[FOOD].get(f"/work/joint/{joint.number}/").text
    acts.decide(clerks[FIRE], numbers[FIRE], "accept")
    assert "联合承诺期限" in clerks[FOOD].get(f"/work/joint/{joint.number}/").text
    for slug in SLUGS:
        acts.decide(clerks[slug], numbers[slug], "pass_on")
        review(hall, slug, numbers[slug])
    hall.to_outer()
    assert "联合审查中" in acts.status(hall, joint)

    for slug in SLUGS:
        approver = acts.log_in(hall, "inner", STAFF[slug][2])
        acts.decide(approver, numbers[slug], "grant", opinion="同意")
        hall.to_outer()
    page = agent.get(joint.url)
    assert "已全部作出决定" in page.text
    for slug in (FOOD, DRAIN):
        assert acts.guide(slug)["guide"]["outcome"]["name"] in page.text
    assert page.text.count("决定书") >= len(SLUGS)
    assert "3 个事项：已受理 3，已作出决定 3" in page.text
    assert "已全部作出决定" in acts.status(hall, joint)
    acts.level(hall)


def review(hall: Hall, slug: str, number: str) -> None:
    """Every review step of the member's own route."""
    steps = [step for step in acts.guide(slug)["guide"]["procedure"] if step["role"] == "reviewer"]
    reviewers = [acts.log_in(hall, "inner", username) for username in STAFF[slug][1]]
    for place in range(len(steps)):
        acts.decide(reviewers[place % len(reviewers)], number, "pass_on", opinion="已核查")
