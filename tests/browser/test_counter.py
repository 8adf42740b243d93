"""The window in a real browser: every page of a filing asked by axe, wide and on a narrow screen, nothing runs off the side."""

import os
import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from hall.demo import papers
from tests.people import WANG_FANG_ID
from tests.stories import acts
from tests.two_sites import Hall

SLUG = "food-business-licence"
SHOTS = os.environ.get("COUNTER_SHOTS", "")


def test_a_filing_at_the_window(
    hall: Hall,
    open_page: Callable[..., Page],
    log_in: Callable[..., None],
    assert_accessible: Callable[[Page], None],
) -> None:
    content = acts.guide(SLUG)
    page = open_page(hall.inner, "/")
    log_in(page, hall.inner, "sunli")

    def look(name: str) -> None:
        for width in (1280, 375):
            page.set_viewport_size({"width": width, "height": 800})
            assert_accessible(page)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} {width}"
            if SHOTS:
                page.screenshot(path=f"{SHOTS}/{name}-{width}.png", full_page=True)

    page.goto("/counter/")
    page.get_by_label("查找事项").fill("食品经营")
    page.get_by_role("button", name="搜索").last.click()
    look("desk")
    page.get_by_role("link", name=re.compile("个人来办")).first.click()
    page.get_by_label("申请人姓名").fill("王芳")
    page.get_by_label("申请人身份证号").fill(WANG_FANG_ID[:-1] + "0")
    page.get_by_role("button", name="证件已核对，继续").click()
    expect(page.get_by_text("校验位").first).to_be_visible()
    look("identity")
    page.get_by_label("申请人身份证号").fill(WANG_FANG_ID)
    page.get_by_label("申请人出示的证件").select_option("id_card")
    page.get_by_label("来人是").select_option("self")
    page.get_by_label("联系电话").fill("13900010001")
    page.get_by_label("窗口").fill("3 号窗口")
    page.get_by_role("button", name="证件已核对，继续").click()
    draft = page.url
    look("draft")
    situation = acts.situation_of(content)
    page.goto(f"{draft}situation/")
    look("question")
    page.goto(f"{draft}situation/?" + "&".join(f"{key}={one}" for key, many in situation.items() for one in many))
    look("situation")
    page.get_by_role("button", name="就按这些回答填写").click()
    visitor = acts.log_in(hall, "inner", "sunli")
    for section in content["form"]["sections"]:
        acts.fill_section(visitor, f"{draft}sections/{section['key']}/", section)
    page.goto(f"{draft}sections/{content['form']['sections'][0]['key']}/")
    look("section")

    page.goto(f"{draft}materials/")
    material = acts.to_upload(content, situation)[0]
    row = page.locator(f"[data-material='{material['key']}']")
    row.locator("input[type=file]").set_input_files(
        {"name": "扫描.pdf", "mimeType": "application/pdf", "buffer": papers.make_paper("扫描", "演示", "pdf", 0, "")}
    )
    expect(row.get_by_role("link", name="扫描.pdf")).to_be_visible()
    expect(row.get_by_text("还没有选择可信等级")).to_be_visible()
    for box in page.locator("[data-material]").all():
        key = box.get_attribute("data-material")
        form = page.locator(f"[data-material='{key}']")
        form.get_by_label("收原件").fill("1")
        form.get_by_label("可信等级").select_option("B")
        form.get_by_role("button", name="登记").click()
        expect(page.locator(f"[data-material='{key}']").get_by_text("已登记")).to_be_visible()
    look("materials")

    page.goto(f"{draft}check/")
    page.get_by_role("checkbox", name=re.compile("书面承诺")).check()
    look("check")
    page.get_by_role("button", name="提交并收件").click()
    expect(page.get_by_role("button", name="打印回执")).to_be_visible()
    look("receipt")
    page.get_by_role("link", name="去办理这件申请").click()
    expect(page.get_by_text("可信等级 B").first).to_be_visible()
    look("case")
    page.goto("/counter/")
    expect(page.get_by_text("今天收的件")).to_be_visible()
    look("desk-after")
