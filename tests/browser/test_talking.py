"""Talking to the office in a real browser over two real sites: a question with a file, its answer, notices, an appointment.

Every page on the way is asked by axe, applicants' pages at 375 px, where nothing may be wider than the screen.
"""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.applications.applicant.files import pdf
from tests.browser.test_granted import apply, find_the_guide
from tests.two_sites import Hall


def fits(page: Page, assert_accessible: Callable[[Page], None]) -> None:
    """Nothing is wider than the screen, and axe has nothing serious to say."""
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url
    assert_accessible(page)


def test_a_question_an_answer_and_an_appointment(
    hall: Hall,
    open_page: Callable[..., Page],
    log_in: Callable[..., None],
    assert_accessible: Callable[[Page], None],
    tmp_path: Path,
) -> None:
    paper = tmp_path / "说明.pdf"
    paper.write_bytes(pdf("说明"))
    page = open_page(hall.outer, "/")
    find_the_guide(page, assert_accessible)
    guide = page.url
    log_in(page, hall.outer, "zhaomin")
    page.goto(guide)
    page.get_by_role("link", name="在线申请").first.click()
    number, _ = apply(page, assert_accessible)
    case = page.url.removesuffix("submitted/")

    phone = open_page(hall.outer, "/", width=375)
    log_in(phone, hall.outer, "zhaomin")
    phone.goto(case)
    phone.get_by_text("给承办部门留言").click()
    phone.locator("#message-text").fill("平面图要标尺寸吗？")
    phone.locator("#message-files").set_input_files(paper)
    fits(phone, assert_accessible)
    phone.get_by_role("button", name="发送留言").click()
    expect(phone.get_by_text("平面图要标尺寸吗？")).to_be_visible()
    hall.exchange()

    desk = open_page(hall.inner, "/")
    log_in(desk, hall.inner, "sunli")
    desk.goto(f"{hall.inner.url}/messages/")
    assert_accessible(desk)
    desk.get_by_role("link", name=number).first.click()
    expect(desk.get_by_role("link", name="说明.pdf")).to_be_visible()
    desk.get_by_text("给申请人留言").click()
    desk.locator("#message-text").fill("要标尺寸，请看指南里的样图。")
    assert_accessible(desk)
    desk.get_by_role("button", name="发送留言").click()
    hall.to_outer()

    phone.goto(f"{hall.outer.url}/my/notices/")
    expect(phone.get_by_role("link", name="部门给您留言了")).to_be_visible()
    expect(phone.locator(".unread")).to_be_visible()
    fits(phone, assert_accessible)
    phone.get_by_role("link", name="部门给您留言了").click()
    expect(phone.get_by_text("要标尺寸，请看指南里的样图。")).to_be_visible()
    assert phone.url.startswith(case)
    phone.goto(f"{hall.outer.url}/my/notices/settings/")
    fits(phone, assert_accessible)

    phone.goto(guide)
    phone.get_by_role("link", name="预约窗口").click()
    fits(phone, assert_accessible)
    phone.locator(".slots a").first.click()
    fits(phone, assert_accessible)
    phone.get_by_role("button", name="确认预约").click()
    expect(phone.get_by_text("预约成功")).to_be_visible()
    fits(phone, assert_accessible)
    phone.get_by_role("link", name="改约").click()
    phone.locator(".slots a").nth(3).click()
    phone.get_by_role("button", name="确认改约").click()
    expect(phone.get_by_text("预约已改为")).to_be_visible()
    day = str(phone.locator("dl dd").first.text_content())
    hall.to_inner()

    desk.goto(f"{hall.inner.url}/bookings/")
    assert_accessible(desk)
    for _ in range(14):
        if desk.locator("table").count():
            break
        desk.get_by_role("link", name="后一天").click()
    expect(desk.get_by_text(day.split()[0]).first).to_be_visible()
    expect(desk.locator("table")).to_contain_text("赵敏")
    assert_accessible(desk)
