"""A permit goes on by silence: its holder asks in time, the office says nothing, and the day after the last day it is renewed."""

import re
from datetime import date, timedelta

from tests.stories import acts
from tests.stories.test_granted import check_address
from tests.two_sites import Hall, pdf_text
from tests.visitor import Visitor

SLUG = "food-business-licence"


def grant(hall: Hall, agent: Visitor) -> acts.Filed:
    """A new permit of 青禾餐饮, closed and printed, on both sides."""
    case = acts.file_application(agent, SLUG, acting_for="青禾餐饮")
    hall.to_inner()
    clerk = acts.log_in(hall, "inner", "sunli")
    acts.decide(clerk, case.number, "accept")
    acts.decide(clerk, case.number, "pass_on")
    reviewer = acts.log_in(hall, "inner", "chengang")
    acts.decide(reviewer, case.number, "pass_on", opinion="核查合格")
    acts.decide(reviewer, case.number, "pass_on", opinion="审核通过")
    acts.decide(acts.log_in(hall, "inner", "gaoyuan"), case.number, "grant", opinion="同意")
    acts.decide(clerk, case.number, "deliver", method="电子送达", recipient="赵敏")
    acts.decide(clerk, case.number, "close")
    hall.to_outer()
    return case


def ask_for_renewal(agent: Visitor, licence_url: str) -> acts.Filed:
    """From the licence's page through the form, filled in as before, to the confirmation."""
    page = agent.get(licence_url)
    task_list = agent.submit(page.form(button="申请延续"), button="申请延续")
    assert "（延续）" in task_list.text
    content = acts.guide(SLUG)
    for section in content["form"]["sections"]:
        acts.fill_section(agent, f"{task_list.url}sections/{section['key']}/", section)
    for material in acts.to_upload(content, acts.situation_of(content)):
        acts.upload(agent, task_list.url, material)
    return acts.submit(agent, task_list.url)


def last_day(text: str) -> date:
    """The last day that the page names: 2026年11月26日 至 2031年11月25日."""
    found = re.search(r"至\s*(\d{4})年(\d{1,2})月(\d{1,2})日", text)
    assert found, text
    return date(*(int(part) for part in found.groups()))


def test_silence_until_the_last_day_renews(hall: Hall) -> None:
    agent = acts.log_in(hall, "outer", "zhaomin")
    case = grant(hall, agent)
    licence_url = agent.get(case.url).link("延续、变更")
    before = agent.get(licence_url)
    expiry = last_day(before.text)
    old_check = check_address(pdf_text(agent.get(before.link("下载证照")).content))

    renewal = ask_for_renewal(agent, licence_url)
    hall.to_inner()
    clerk = acts.log_in(hall, "inner", "sunli")
    assert "最迟决定日" in clerk.get(f"/work/{renewal.number}/").text
    acts.decide(clerk, renewal.number, "accept")
    acts.decide(clerk, renewal.number, "pass_on")

    hall.inner.manage("tick", "--today", expiry.isoformat())
    hall.to_outer()
    assert last_day(agent.get(licence_url).text) == expiry
    hall.inner.manage("tick", "--today", (expiry + timedelta(days=1)).isoformat())
    hall.to_outer()

    page = agent.get(licence_url)
    assert last_day(page.text) > expiry
    assert "视为延续" in page.text
    decision = pdf_text(agent.get(agent.get(renewal.url).link("准予延续行政许可决定书")).content)
    assert "视为准予延续" in "".join(decision.split())
    visitor = hall.visitor(hall.outer)
    assert "已换发" in visitor.get(old_check).text
    new_check = check_address(pdf_text(agent.get(page.link("下载证照")).content))
    assert "目前有效" in visitor.get(new_check).text
    acts.level(hall)
