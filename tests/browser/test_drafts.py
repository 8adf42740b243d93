"""What scripts add to a draft: saving while typing, through an expired login and a lost net; rows; files with progress."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from hall.demo import papers
from tests.stories import acts
from tests.two_sites import Hall
from tools.sites import demo_password

SLUG = "drainage-permit"


@pytest.fixture
def draft(hall: Hall, open_page: Callable[..., Page], log_in: Callable[..., None]) -> Page:
    """赵敏 has begun a draft in the name of 青禾餐饮; the task list is open."""
    page = open_page(hall.outer, "/")
    log_in(page, hall.outer, "zhaomin")
    page.goto(f"{hall.outer.url}/apply/{acts.guide(SLUG)['header']['code']}/")
    page.get_by_label(re.compile("青禾餐饮")).check()
    page.get_by_role("button", name="开始填写").click()
    if page.get_by_role("button", name="另填一份新的").count():
        page.get_by_role("button", name="另填一份新的").click()
    page.wait_for_url(re.compile("/drafts/"))
    return page


def saved(page: Page) -> None:
    expect(page.locator("[data-save-state]")).to_have_text(re.compile(r"^已保存 \d\d:\d\d$"), timeout=20000)


def test_typing_is_saved_without_a_button(draft: Page) -> None:
    draft.goto(f"{draft.url}sections/contact/")
    box = draft.locator("input[name^='contact-']").first
    box.fill("赵敏敏")
    saved(draft)
    draft.reload()
    expect(draft.locator("input[name^='contact-']").first).to_have_value("赵敏敏")


def test_an_expired_login_loses_nothing(draft: Page) -> None:
    draft.goto(f"{draft.url}sections/contact/")
    draft.context.clear_cookies(name=re.compile("session"))
    draft.locator("input[name^='contact-']").first.fill("赵敏")
    state = draft.locator("[data-save-state]")
    expect(state).to_contain_text("登录已过期，您填写的内容还在本页", timeout=20000)
    with draft.context.expect_page() as opened:
        state.get_by_role("link").click()
    window = opened.value
    window.locator('input[name="login"]').fill("zhaomin")
    window.locator('input[name="password"]').fill(demo_password())
    window.locator('form:has(input[name="password"]) button[type="submit"]').click()
    window.wait_for_url(lambda url: "/accounts/login" not in url)
    window.close()
    saved(draft)
    expect(draft.locator("input[name^='contact-']").first).to_have_value("赵敏")


def test_a_lost_net_is_said_and_made_up_for(draft: Page) -> None:
    draft.goto(f"{draft.url}sections/contact/")
    draft.context.set_offline(True)
    draft.locator("input[name^='contact-']").first.fill("赵敏")
    expect(draft.locator("[data-save-state]")).to_contain_text("未连接", timeout=20000)
    draft.context.set_offline(False)
    saved(draft)


def test_rows_come_and_go_in_the_page(draft: Page) -> None:
    draft.goto(f"{draft.url}sections/outlets/")
    rows = draft.locator("[data-row]:visible")
    draft.get_by_role("button", name="再添加一行").click()
    expect(rows).to_have_count(2)
    names = draft.locator("[data-row]:visible input[type=text]")
    names.first.fill("一号口")
    rows.nth(1).locator("input").first.fill("二号口")
    rows.nth(0).get_by_role("button", name=re.compile("删除这一行")).click()
    expect(rows).to_have_count(1)
    saved(draft)
    draft.reload()
    expect(draft.locator("[data-row]:visible input").first).to_have_value("二号口")


def test_files_go_up_and_refusals_stay_at_their_material(draft: Page) -> None:
    draft.goto(f"{draft.url}materials/")
    wanted = [one for one in acts.guide(SLUG)["guide"]["materials"] if one["kind"] != "form" and not one["shared_data"]]
    row = draft.locator(f"[data-material='{wanted[0]['key']}']")
    good = {"name": "图.pdf", "mimeType": "application/pdf", "buffer": papers.make_paper("图", "演示", "pdf", 0, "")}
    bad = {"name": "假.pdf", "mimeType": "application/pdf", "buffer": b"MZ" + b"\0" * 500}
    row.locator("input[type=file]").set_input_files([bad, good])  # type: ignore[list-item]
    expect(row.get_by_role("link", name="图.pdf")).to_be_visible(timeout=15000)
    expect(row.get_by_role("alert")).to_contain_text("这个文件是程序")
