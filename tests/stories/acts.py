"""What people do in the stories, in words: file, carry, decide, ask. Everything goes over HTTP and real batch files."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hall.demo import papers
from matters import situations
from matters.filling import contradictions
from matters.guide import GuideContent
from matters.narrowing import narrow
from matters.situations import Answers
from tests.two_sites import Hall
from tests.visitor import Page, Visitor

PASSWORD = "Yunchuan-2026"
GUIDES = Path(__file__).parents[2] / "hall" / "demo" / "guides"


@dataclass(frozen=True)
class Filed:
    """A submitted application, as its applicant holds it."""

    number: str
    query_code: str
    url: str  # the applicant's page of the case


def guide(slug: str) -> dict[str, Any]:
    """A guide of the demo city."""
    content: dict[str, Any] = json.loads((GUIDES / f"{slug}.json").read_text())
    return content


def log_in(hall: Hall, side: str, username: str) -> Visitor:
    """Somebody of the demo city with a browser on one side."""
    visitor = hall.visitor(hall.outer if side == "outer" else hall.inner)
    visitor.login(username, PASSWORD)
    return visitor


def situation_of(content: dict[str, Any]) -> Answers:
    """Answers to the scenario that agree with the examples of the form; otherwise the first that leads on."""
    parsed = GuideContent.model_validate(content)
    examples, situation = parsed.form.example_answers(), {}
    while question := situations.next_question(parsed.scenario, situation):
        ways = [{**situation, question.key: [choice.value]} for choice in question.choices if not choice.stop]
        fit = [way for way in ways if not contradictions(parsed, way, examples)]
        situation = (fit or ways)[0]
    return situation


def to_upload(content: dict[str, Any], situation: Answers) -> list[dict[str, Any]]:
    """The materials without which an application in this situation is not complete."""
    needed = narrow(GuideContent.model_validate(content), situation).guide.materials
    keys = {material.key for material in needed if material.is_uploaded}
    return [material for material in content["guide"]["materials"] if material["key"] in keys]


def file_application(visitor: Visitor, slug: str, *, acting_for: str = "", **said: str) -> Filed:
    """Find nothing, fill in everything: start, every section from the guide's examples, materials, check, submit with ``said``."""
    content = guide(slug)
    situation = situation_of(content)
    start = visitor.get(f"/apply/{content['header']['code']}/?{situations.query(situation)}")
    name = name_of(start, acting_for)
    task_list = visitor.submit(start.form(button="开始填写"), {"name": name})
    if "另填一份新的" in task_list.text:  # a draft was left by an earlier story
        task_list = visitor.submit(task_list.form(button="另填一份新的"), button="另填一份新的")
    for section in content["form"]["sections"]:
        fill_section(visitor, f"{task_list.url}sections/{section['key']}/", section)
    for material in to_upload(content, situation):
        upload(visitor, task_list.url, material)
    return submit(visitor, task_list.url, **said)


def name_of(start: Page, acting_for: str) -> str:
    """The value of the radio button whose label says in whose name."""
    for radio in start.html.xpath("//input[@name='name' and not(@disabled)]"):
        if acting_for in "".join(radio.getparent().itertext()):
            return str(radio.get("value"))
    raise AssertionError(f"不能以“{acting_for}”的名义申请：{start.text[:800]}")


def fill_section(visitor: Visitor, url: str, section: dict[str, Any]) -> None:
    """Type the examples of one section; a repeating one gets one row."""
    prefix = f"{section['key']}-0" if section["repeating"] else section["key"]
    typed = {f"{prefix}-{field['key']}": field["example"] for field in section["fields"]}
    page = visitor.get(url)
    after = visitor.submit(page.form(button="保存并继续"), typed, button="保存并继续")
    assert after.url != url, after.text[:1500]


def upload(visitor: Visitor, draft_url: str, material: dict[str, Any]) -> None:
    """Hand in one file for a material."""
    upload_to(visitor, visitor.get(f"{draft_url}materials/"), material)


def upload_to(visitor: Visitor, page: Page, material: dict[str, Any]) -> None:
    """The same on a checklist that is open already."""
    form = page.form(action=f"/materials/{material['key']}/upload/")
    kind = next(kind for kind in ("pdf", "png", "jpg") if kind in material["formats"])
    paper = papers.make_paper(material["name"], "演示", kind, 0, "")
    visitor.submit(form, files={form.file_fields[0]: (f"{material['key']}.{kind}", paper)})


def submit(visitor: Visitor, draft_url: str, **said: str) -> Filed:
    """Check, declare, submit; what the confirmation page says."""
    check = visitor.get(f"{draft_url}check/")
    done = visitor.submit(check.form(button="提交申请"), {"declared": "on", **said})
    assert "申请已提交" in done.text, done.text[:1500]
    return filed(done)


def filed(confirmation: Page) -> Filed:
    """Number and query code as the page shows them."""
    shown = [text.replace(" ", "") for text in confirmation.html.xpath("//p[contains(@class,'number')]/text()")]
    number = next(text for text in shown if re.fullmatch(r"\d{21}", text))
    code = next(text for text in shown if re.fullmatch(r"[2-9A-Z]{6}", text))
    return Filed(number, code, confirmation.url.replace("submitted/", ""))


def decide(visitor: Visitor, number: str, action: str, **data: str) -> Page:
    """An officer makes a move: open the form, see the preview, confirm."""
    url = f"/work/{number}/moves/{action}/"
    page = visitor.get(url)
    preview = page if "确认后" in page.text else visitor.submit(page.form(holds="seen"), data)
    assert "确认后" in preview.text, preview.text[:1500]
    return visitor.submit(preview.form(holds="seen"), button="确认")


def buttons(visitor: Visitor, number: str) -> set[str]:
    """The moves this officer's case page offers."""
    page = visitor.get(f"/work/{number}/")
    links = page.html.xpath(f"//a[contains(@href, '/work/{number}/moves/')]/@href")
    return {link.rstrip("/").rpartition("/")[2] for link in links}


def status(hall: Hall, case: Filed) -> str:
    """What the public status query says to whoever has number and code."""
    visitor = hall.visitor(hall.outer)
    form = visitor.get("/status/").form(holds="number")
    return visitor.submit(form, {"number": case.number, "code": case.query_code}).text


def level(hall: Hall) -> None:
    """Both sides have the same history: outgoing heads equal incoming heads."""
    heads = [json.loads(site.manage("sync_status", "--json")) for site in (hall.outer, hall.inner)]
    for sender, receiver in (heads, heads[::-1]):
        for key in ("stream", "rseq", "chain"):
            assert sender["outgoing"][key] == receiver["incoming"][key], heads
