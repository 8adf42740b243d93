"""The pages of a joint application on a phone: nothing wider than the screen, nothing that axe calls serious."""

import os
from collections.abc import Callable

from playwright.sync_api import Page

from tests.browser.conftest import OpenPage
from tests.stories import acts
from tests.stories import test_joint_approval as story
from tests.two_sites import Hall

PHONE = 375


def test_on_a_phone(
    hall: Hall, open_page: OpenPage, log_in: Callable[..., None], assert_accessible: Callable[[Page], None]
) -> None:
    agent = acts.log_in(hall, "outer", "zhaomin")
    draft = story.begin(agent)
    story.fill(agent, draft)
    page = open_page(hall.outer, width=PHONE)
    log_in(page, hall.outer, "zhaomin")

    wide: list[str] = []

    def look(name: str, url: str, on: Page = page) -> None:
        on.goto(url)
        if folder := os.environ.get("LOOK_AT"):
            on.screenshot(path=f"{folder}/joint-{name}.png", full_page=True)
        if on.evaluate("document.documentElement.scrollWidth") > PHONE:
            wide.append(name)
        assert_accessible(on)

    begin = draft.url.partition("/drafts/")[0] + "/apply/joint/restaurant/"
    parts = {"draft": "", "members": "members/", "materials": "materials/", "section": "sections/enterprise/"}
    look("start", begin)
    for name, path in (parts | {"check": "check/", "delete": "delete/"}).items():
        look(name, draft.url + path)
    check = agent.get(f"{draft.url}check/")
    done = agent.submit(check.form(button="提交申请"), {"declared": "on"})
    joint = acts.filed(done)
    look("submitted", done.url)
    look("case", joint.url)
    look("withdraw", f"{joint.url}withdraw/")
    look("mine", f"{hall.outer.url}/my/")

    hall.to_inner()
    inside = open_page(hall.inner, width=PHONE)
    log_in(inside, hall.inner, "gaoyuan")
    look("staff-list", f"{hall.inner.url}/work/joint/", inside)
    look("staff-whole", f"{hall.inner.url}/work/joint/{joint.number}/", inside)
    look("staff-member", f"{hall.inner.url}/work/{story.member_numbers(done)[story.FOOD]}/", inside)
    assert wide == []
