"""The guide editor in a browser: what is typed is kept by itself, problems come and go, the preview follows."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from tests.two_sites import Hall

EDITOR = "zhouning"


@pytest.fixture
def page(hall: Hall, open_page: Callable[..., Page], log_in: Callable[..., None]) -> Page:
    """周宁 has begun a new matter; the editor is open."""
    page = open_page(hall.inner, "/")
    log_in(page, hall.inner, EDITOR)
    page.goto(f"{hall.inner.url}/catalogue/new/")
    page.get_by_label("事项名称").fill(f"演示摊贩登记{page.evaluate('Date.now() % 100000')}")
    page.get_by_label("部门").select_option(label="云川市市场监督管理局")
    page.get_by_role("button", name="开始编写").click()
    page.wait_for_url(re.compile("/edit/"))
    return page


def saved(page: Page) -> None:
    expect(page.locator("[data-save-state]")).to_have_text(re.compile(r"^已保存 \d\d:\d\d$"), timeout=20000)


def preview(page: Page) -> FrameLocator:
    return page.frame_locator(".editor-frame")


def open_field(page: Page, name: str) -> None:
    page.locator(f'.editor-fields a[href="#{name}"]').click()


def problems_at(page: Page, name: str):
    return page.locator(f'[data-problems="{name}"] .field-error')


def test_typing_is_kept_problems_come_and_go_and_the_preview_follows(page, assert_accessible):
    open_field(page, "guide.contact")
    phone = page.get_by_label("咨询电话", exact=True)
    phone.fill("12345")
    saved(page)
    expect(problems_at(page, "guide.contact.phone")).to_contain_text("应带区号")
    expect(preview(page).get_by_role("link", name="12345")).to_be_attached()
    assert_accessible(page)
    phone.fill("0889-5550311")
    expect(problems_at(page, "guide.contact.phone")).to_have_count(0, timeout=20000)
    expect(preview(page).get_by_role("link", name="0889-5550311")).to_be_attached(timeout=20000)
    page.reload()
    expect(page.locator('[name="guide.contact.phone"]')).to_have_value("0889-5550311")


def test_blocks_are_added_moved_and_removed_and_offered_elsewhere(page):
    open_field(page, "guide.materials")
    field = page.locator('[data-field="guide.materials"]')
    for name in ("申请书", "照片", "其他材料"):
        field.get_by_role("button", name="添加一份材料").click()
        page.locator("[data-row]:focus-within").get_by_label("材料名称").fill(name)
    saved(page)
    row = page.locator('[data-row="guide.materials.n3"]')
    expect(row.locator("[data-problems$='.name'] .field-error").first).to_contain_text("没有说清楚")
    row.get_by_role("button", name="上移").click()
    row.get_by_role("button", name="上移").click()
    saved_again(page, lambda: field.locator("[data-row]").first.get_by_label("材料名称").fill("身份证"))
    expect(problems_at(page, "guide.materials.n3.name")).to_have_count(0)
    page.once("dialog", lambda dialog: dialog.accept())
    saved_again(page, lambda: field.locator("[data-row]").nth(2).get_by_role("button", name="删除").click())
    open_field(page, "guide.form_downloads")
    page.get_by_role("button", name="添加一份表格").click()
    offered = page.get_by_label("对应哪份材料")
    expect(offered.locator("option")).to_have_text(["请选择", "身份证", "申请书"])
    saved_again(page, lambda: offered.select_option(label="申请书"))
    page.reload()
    names = page.locator('[data-rows="guide.materials"] > [data-row] [name$=".name"]')
    assert [names.nth(index).input_value() for index in range(2)] == ["身份证", "申请书"]
    assert names.count() == 2


def saved_again(page: Page, act: Callable[[], object]) -> None:
    """Do something and wait until it is kept."""
    with page.expect_response(lambda answer: answer.url.endswith("/autosave/") and answer.ok, timeout=20000):
        act()
    saved(page)


def test_a_lost_net_loses_nothing(page):
    page.route("**/autosave/", lambda route: route.abort())
    name = page.locator('[name="guide.matter_name"]')
    open_field(page, "guide.matter_name")
    name.fill("断网时写的名称")
    expect(page.locator("[data-save-state]")).to_contain_text("没有网络", timeout=20000)
    page.unroute("**/autosave/")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    saved(page)
    expect(preview(page).get_by_role("heading", level=1)).to_have_text("断网时写的名称", timeout=20000)


def test_two_people_are_told_and_choose(hall, page, open_page, log_in):
    other = open_page(hall.inner, "/")
    log_in(other, hall.inner, EDITOR)
    other.goto(page.url)
    other.locator('.editor-fields a[href="#guide.contact"]').click()
    other.get_by_label("电子邮件", exact=True).fill("their@example.cn")
    saved(other)
    open_field(page, "guide.matter_name")
    page.locator('[name="guide.matter_name"]').fill("我写的名称")
    page.get_by_role("button", name="对照后再保存").click(timeout=20000)
    expect(page.get_by_role("heading", level=1)).to_have_text("对照两个人的修改")
    expect(page.get_by_text("their@example.cn")).to_be_visible()
    page.get_by_role("button", name="按选择保存").click()
    page.wait_for_url(re.compile("/edit/"))
    expect(page.locator('[name="guide.matter_name"]')).to_have_value("我写的名称")
    expect(page.locator('[name="guide.contact.email"]')).to_have_value("their@example.cn")
