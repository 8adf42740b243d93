"""A clerk imports a workbook, somebody else publishes it, a citizen finds it and applies; the case keeps its guide."""

import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest

from tests.stories import acts
from tests.two_sites import Hall, pdf_text
from tests.visitor import Page, Visitor

SLUG = "real-estate-transfer"
ANSWERS = {"use": "home", "reason": "sale", "mortgage": "no"}
NICKNAME = "换房本"
INITIALS = "hfb"
NEW_PHONE = "0889-5550999"
Plant = Callable[[openpyxl.Workbook], None]


@pytest.fixture(scope="module")
def code() -> str:
    """The matter of this story."""
    return str(acts.guide(SLUG)["header"]["code"])


def cell(book: openpyxl.Workbook, sheet: str, heading: str, row: int = 2) -> Any:
    """A cell under the heading that the clerk reads."""
    headings = [each.value for each in book[sheet][1]]
    return book[sheet].cell(row, headings.index(heading) + 1)


def twelve_faults(book: openpyxl.Workbook) -> None:
    """What a tired clerk does to a workbook in an afternoon."""
    cell(book, "事项", "办件类型").value = "承诺见"
    cell(book, "事项", "受理期限（工作日）").value = "五天"
    cell(book, "事项", "主管部门编码").value = "scjg"
    book["事项"].append([cell(book, "事项", "实施编码").value])
    book["申请条件"].append(["YC-NOWHERE", "没有这个事项的条件"])
    cell(book, "材料", "单个文件上限（MB）").value = 5000
    cell(book, "材料", "必要性", 3).value = "也许"
    cell(book, "材料", "原件份数", 4).value = "一份"
    cell(book, "办理环节", "时限（工作日）", 3).value = "=1+1"
    cell(book, "常见问题", "问题", 1).value = "问 题"
    cell(book, "表单字段", "所属部分", 4).value = "propety"
    cell(book, "办理依据", "效力层级").value = "法"


def upload(visitor: Visitor, code: str, change: Plant) -> tuple[Page, bytes]:
    """Download the matter's workbook, change it as in Excel, send it back; the page with the result, and the file."""
    exchange = visitor.get("/catalogue/exchange/")
    book = openpyxl.load_workbook(io.BytesIO(visitor.submit(exchange.form(button="下载"), {"q": code}).content))
    change(book)
    out = io.BytesIO()
    book.save(out)
    form = exchange.form(button="上传并检查")
    return visitor.submit(form, files={"file": ("事项.xlsx", out.getvalue())}), out.getvalue()


def save_workbook(visitor: Visitor, code: str, change: Plant) -> None:
    """A workbook without faults becomes a draft."""
    page, _file = upload(visitor, code, change)
    assert "可以保存" in page.text, page.text[:3000]
    assert "全部保存好了" in visitor.submit(page.form(button="全部保存为草稿")).text


def matter_page(visitor: Visitor, code: str) -> str:
    """The address of the matter's page on the catalogue's desk."""
    desk = visitor.get(f"/catalogue/?tab=draft&q={code}")
    (link,) = set(desk.html.xpath("//td[contains(@class, 'what')]/a/@href"))
    return str(link)


def move(visitor: Visitor, matter: str, number: int, name: str, button: str) -> Page:
    """One move of a version: see what it does, confirm it."""
    page = visitor.get(f"{matter}versions/{number}/{name}/")
    return visitor.submit(page.form(button=button))


def publish(hall: Hall, editor: Visitor, code: str, number: int) -> None:
    """Submitted by who wrote it, reviewed and published by somebody else, carried outside."""
    matter = matter_page(editor, code)
    assert "等同事审核" in move(editor, matter, number, "submit", "提交审核").text
    assert editor.get(f"{matter}versions/{number}/approve/", status=403)
    publisher = acts.log_in(hall, "inner", "xuzhuo")
    move(publisher, matter, number, "approve", "审核通过")
    assert "已发布" in move(publisher, matter, number, "publish", "发布").text
    hall.to_outer()


def test_from_the_workbook_to_a_running_case(hall: Hall, code: str) -> None:
    editor = acts.log_in(hall, "inner", "zhouning")
    faulty, _file = upload(editor, code, twelve_faults)
    told = {place.text_content().strip() for place in faulty.html.xpath("//td[contains(@class, 'where')]/strong")}
    assert len(told & planted(editor, code)) == 12, told
    assert "什么也没有保存" in faulty.text

    def rename(book: openpyxl.Workbook) -> None:
        cell(book, "事项", "俗称").value = f"{cell(book, '事项', '俗称').value}\n{NICKNAME}"

    save_workbook(editor, code, rename)
    publish(hall, editor, code, 2)

    anybody = hall.visitor(hall.outer)
    found = anybody.submit(anybody.get("/").form(holds="q"), {"q": INITIALS})
    guide = anybody.get(found.link("国有建设用地使用权及房屋所有权转移登记"))
    assert NICKNAME in guide.text
    page = anybody.get(guide.link("按我的情况看要准备什么"))
    asked = 0
    while "一次告知单" not in page.text:
        form = page.form(button="继续")
        key = str(form.fields["was-asked"])
        page, asked = anybody.submit(form, {key: ANSWERS[key]}, button="继续"), asked + 1
    assert asked == 3
    sheet = "".join(pdf_text(anybody.get(page.link("下载告知单")).content).split())
    assert "网签备案的买卖合同" in sheet
    assert "赠与合同" not in sheet

    citizen = acts.log_in(hall, "outer", "wangfang")
    case = apply(citizen, page.link("按这些回答申请"))
    hall.to_inner()

    def call_elsewhere(book: openpyxl.Workbook) -> None:
        cell(book, "事项", "咨询电话").value = NEW_PHONE

    save_workbook(editor, code, call_elsewhere)
    publish(hall, editor, code, 3)
    assert NEW_PHONE in anybody.get(f"/matters/{code}/").text
    clerk = acts.log_in(hall, "inner", "longyan")
    acts.decide(clerk, case.number, "accept")
    hall.to_outer()
    own = citizen.get(case.url)
    assert NEW_PHONE not in own.text
    assert acts.guide(SLUG)["guide"]["contact"]["phone"] in own.text
    acts.level(hall)


def planted(visitor: Visitor, code: str) -> set[str]:
    """The places of the twelve faults, as the workbook's sheets and cells are named."""
    exchange = visitor.get("/catalogue/exchange/")
    book = openpyxl.load_workbook(io.BytesIO(visitor.submit(exchange.form(button="下载"), {"q": code}).content))
    own = book["事项"].max_row + 1
    stray = book["申请条件"].max_row + 1
    cells = [
        ("事项", "办件类型", 2),
        ("事项", "受理期限（工作日）", 2),
        ("事项", "主管部门编码", 2),
        ("事项", "实施编码", own),
        ("申请条件", "实施编码", stray),
        ("材料", "单个文件上限（MB）", 2),
        ("材料", "必要性", 3),
        ("材料", "原件份数", 4),
        ("办理环节", "时限（工作日）", 3),
        ("常见问题", "问题", 1),
        ("表单字段", "所属部分", 4),
        ("办理依据", "效力层级", 2),
    ]
    return {f"{sheet}!{cell(book, sheet, heading, 1).column_letter}{row}" for sheet, heading, row in cells}


def apply(citizen: Visitor, address: str) -> acts.Filed:
    """Fill in the form with its examples and hand in what the three answers leave to hand in."""
    content = acts.guide(SLUG)
    start = citizen.get(address)
    tasks = citizen.submit(start.form(button="开始填写"), {"name": acts.name_of(start, "王芳")})
    for section in content["form"]["sections"]:
        acts.fill_section(citizen, f"{tasks.url}sections/{section['key']}/", section)
    for material in acts.to_upload(content, {key: [value] for key, value in ANSWERS.items()}):
        acts.upload(citizen, tasks.url, material)
    return acts.submit(citizen, tasks.url)
