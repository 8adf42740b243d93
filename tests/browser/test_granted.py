"""The granted story in a real browser on both sites: found by its initials, filed, corrected nothing, granted, checked.

Every page on the way is asked by axe, at 1280 and once more at 375 px where applicants use telephones.
"""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from hall.demo import papers
from matters import situations
from tests.stories import acts
from tests.two_sites import Hall

SLUG = "food-business-licence"


def test_an_enterprise_is_granted_its_permit(
    hall: Hall,
    open_page: Callable[..., Page],
    log_in: Callable[..., None],
    assert_accessible: Callable[[Page], None],
) -> None:
    page = open_page(hall.outer, "/")
    assert_accessible(page)
    find_the_guide(page, assert_accessible)
    guide_url = page.url
    log_in(page, hall.outer, "zhaomin")
    page.goto(guide_url)
    page.get_by_role("link", name="在线申请").first.click()
    number, code = apply(page, assert_accessible)
    hall.to_inner()

    officer(hall, open_page, log_in, assert_accessible, "sunli", number, ("accept", {}), ("pass_on", {}))
    reviewed = ("pass_on", {"意见": "现场核查符合要求"})
    officer(hall, open_page, log_in, assert_accessible, "chengang", number, reviewed, reviewed)
    officer(hall, open_page, log_in, assert_accessible, "gaoyuan", number, ("grant", {"意见": "同意"}))
    hall.to_outer()

    phone = open_page(hall.outer, "/status/", width=375)
    assert_accessible(phone)
    phone.get_by_label("编号").fill(number)
    phone.get_by_label("查询码").fill(code)
    phone.get_by_role("button", name="查询", exact=True).last.click()
    expect(phone.get_by_text("准予").first).to_be_visible()
    assert_accessible(phone)

    page.goto(f"{hall.outer.url}/my/")
    assert_accessible(page)
    page.get_by_role("link", name=re.compile("食品经营许可")).first.click()
    expect(page.get_by_text("准予").first).to_be_visible()
    assert_accessible(page)
    check = page.get_by_role("link", name=re.compile("核验|查验")).first.get_attribute("href")
    phone.goto(hall.outer.url + str(check) if str(check).startswith("/") else str(check))
    expect(phone.get_by_text("有效").first).to_be_visible()
    assert_accessible(phone)


def find_the_guide(page: Page, assert_accessible: Callable[[Page], None]) -> None:
    """From the home page by pinyin initials to the guide and its pre-check."""
    page.get_by_role("searchbox").first.fill("spjyxk")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="食品经营许可证核发").first.wait_for()
    assert_accessible(page)
    page.get_by_role("link", name="食品经营许可证核发").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("食品经营许可证核发")
    assert_accessible(page)


def apply(page: Page, assert_accessible: Callable[[Page], None]) -> tuple[str, str]:
    """Fill in section after section, upload, check, submit; number and query code from the confirmation."""
    assert_accessible(page)
    page.get_by_label(re.compile("青禾餐饮")).check()
    page.get_by_role("button", name="开始填写").click()
    task_list = page.url
    assert_accessible(page)
    content = acts.guide(SLUG)
    situation = acts.situation_of(content)
    page.goto(f"{task_list}situation/?{situations.query(situation)}")
    assert_accessible(page)
    page.get_by_role("button", name="就按这些回答填写").click()
    page.wait_for_url(task_list)
    for section in content["form"]["sections"]:
        page.goto(f"{task_list}sections/{section['key']}/")
        fill(page, section)
        assert_accessible(page)
        page.get_by_role("button", name="保存并继续").last.click()
        page.wait_for_url(lambda url, here=section["key"]: f"/sections/{here}/" not in url)
    page.goto(f"{task_list}materials/")
    for material in acts.to_upload(content, situation):
        paper = {"name": f"{material['key']}.pdf", "mimeType": "application/pdf"}
        paper["buffer"] = papers.make_paper(material["name"], "演示", "pdf", 0, "")
        row = page.locator(f"[data-material='{material['key']}']")
        row.locator("input[type=file]").set_input_files(paper)  # type: ignore[arg-type]
        expect(row.get_by_role("link", name=re.compile(f"{material['key']}.pdf"))).to_be_visible(timeout=15000)
    assert_accessible(page)
    page.goto(f"{task_list}check/")
    assert_accessible(page)
    page.get_by_label(re.compile("^我承诺：")).check()
    page.get_by_role("button", name="提交申请").click()
    page.wait_for_url(re.compile("/submitted/"))
    assert_accessible(page)
    shown = [text.replace(" ", "").strip() for text in page.locator("p.number").all_inner_texts()]
    return shown[0], shown[1]


def fill(page: Page, section: dict[str, Any]) -> None:
    """Type the examples of a section as a person would, in order, so that what they open is there to be filled in."""
    prefix = f"{section['key']}-0" if section["repeating"] else section["key"]
    for field in section["fields"]:
        name, value = f"{prefix}-{field['key']}", field["example"]
        boxes = page.locator(f"[name='{name}']")
        if boxes.first.evaluate("element => element.closest('[hidden]') !== null"):
            continue  # the question is not asked after what was answered above
        kind = boxes.first.get_attribute("type") or ""
        if kind in ("radio", "checkbox"):
            for one in value if isinstance(value, list) else [value]:
                page.locator(f"[name='{name}'][value='{one}']").check()
        elif boxes.first.evaluate("element => element.tagName") == "SELECT":
            boxes.first.select_option(str(value))
        else:
            boxes.first.fill(str(value))


def officer(
    hall: Hall,
    open_page: Callable[..., Page],
    log_in: Callable[..., None],
    assert_accessible: Callable[[Page], None],
    username: str,
    number: str,
    *moves: tuple[str, dict[str, str]],
) -> None:
    """An officer finds the case in the work list and makes moves on it."""
    page = open_page(hall.inner, "/accounts/login/")
    assert_accessible(page)
    log_in(page, hall.inner, username)
    page.goto(f"{hall.inner.url}/work/")
    assert_accessible(page)
    page.get_by_role("link", name=re.compile(number)).first.click()
    assert_accessible(page)
    for action, data in moves:
        page.goto(f"{hall.inner.url}/work/{number}/moves/{action}/")
        for label, text in data.items():
            page.get_by_label(label).first.fill(text)
        assert_accessible(page)
        onward = page.get_by_role("button", name="下一步")
        if onward.count():  # a move that asks for nothing shows what it will do at once
            onward.click()
        page.get_by_role("button", name=re.compile("^确认")).first.wait_for()
        assert_accessible(page)
        page.get_by_role("button", name=re.compile("^确认")).first.click()
        page.wait_for_url(re.compile(f"/work/{number}/(\\?.*)?$"))
