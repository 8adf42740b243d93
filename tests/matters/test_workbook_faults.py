"""Everything that is wrong with an upload is told at once, with its cell or path."""

import io
import json
from collections.abc import Callable
from datetime import time
from typing import Any

import openpyxl
import pytest

from identity.models import Department, User
from matters import services
from matters.models import GuideVersion, Matter
from matters.workbook import document, writing
from matters.workbook.applying import CannotApply
from tests.matters.guides import whole
from tests.matters.workbooks import at, cell, download, edited, judged, put, said, save, three_matters

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_inner")]


# --- twelve faults


def plant(book: openpyxl.Workbook) -> None:
    """Twelve faults of a tired clerk, in a workbook of three matters (each with three materials and five steps)."""
    at(book, "事项", "主管部门编码").value = "YC-ZJ"  # another department
    at(book, "事项", "办件类型").value = "承诺见"  # unknown code
    at(book, "事项", "受理期限（工作日）", 3).value = "五天"  # no number
    book["事项"].append(["YC-2"])  # duplicate
    book["申请条件"].append(["YC-9999", "没有这个事项的条件"])  # unknown matter
    at(book, "材料", "单个文件上限（MB）").value = 5000  # number too large
    at(book, "材料", "必要性", 6).value = None  # left out: no error, but it cannot be published
    book["表格下载"].append(
        ["YC-3", "nowhere", "登记表", "pdf", "generated", "generated"]
    )  # no such material: likewise
    at(book, "办理环节", "时限（工作日）", 3).value = "=1+1"  # formula
    at(book, "常见问题", "问题", 1).value = "问 题 "  # unknown heading, and so a missing one
    at(book, "表单字段", "所属部分", 4).value = "plaec"  # a part of the form that is not there


def test_twelve_faults_are_told_at_once(market_bureau: Department, housing_bureau: Department, editor: User) -> None:
    three_matters(market_bureau)
    batch = judged(edited(plant), editor)
    errors, lacks = said(batch, blocks=True), said(batch, blocks=False)
    assert errors == {
        cell("事项", "主管部门编码"): "这个事项属于云川市市场监督管理局（YC-SCJG），导入不能把它改到别的部门。",
        cell("事项", "办件类型"): "“承诺见”不在可选范围内。是不是“承诺件”？可选：即办件、承诺件、其他。",
        cell("事项", "受理期限（工作日）", 3): "“五天”不是整数。",
        "事项!A5": "实施编码“YC-2”和第 3 行重复，一个事项只能有一行。",
        "申请条件!A8": "“事项”里没有实施编码“YC-9999”，这一行不知道属于哪个事项。",
        cell("材料", "单个文件上限（MB）"): "不能大于 2000。",
        cell("办理环节", "时限（工作日）", 3): "这一格是公式。请只粘贴它的值（选择性粘贴—数值）。",
        "常见问题!B1": "不认识的列名“问 题”。是不是“问题”？",
        "常见问题!第1行": "缺少列“问题”。不填的列也要保留列名。",
        "表单字段!B4": "“表单部分”里没有这个事项的“plaec”。",
    }
    assert lacks == {
        cell("材料", "必要性", 6): "第 2 份材料的必要性还没有填写。",
        "表格下载!B5": "第 2 份表格对应的材料“nowhere”不在材料清单里。",
    }
    assert not batch.can_be_applied
    with pytest.raises(CannotApply, match="必须改正"):
        save(batch, editor)
    assert set(GuideVersion.objects.values_list("number", "revision")) == {(1, 0)}


# --- files with gaps, and texts that would do harm


def test_missing_sheets_and_headings_are_told_once(food: Matter, editor: User) -> None:
    def damage(book: openpyxl.Workbook) -> None:
        book["办理依据"].title = "办理的依据"
        at(book, "材料", "必要性", 1).value = None
        at(book, "表单字段", "所属部分", 1).value = "属于部分"
        book["事项"].cell(1, 3).value = "主管部门编码"

    found = said(judged(edited(damage), editor))
    assert found == {
        "办理依据": "缺少工作表“办理依据”。是不是“办理的依据”？请改回原来的名字。",
        "材料!第1行": "缺少列“必要性”。不填的列也要保留列名。",
        "表单字段!B1": "不认识的列名“属于部分”。是不是“所属部分”？",
        "表单字段!第1行": "缺少列“所属部分”。不填的列也要保留列名。",
        "事项!C1": "列名“主管部门编码”重复了。",
        "事项!第1行": "缺少列“业务名称”。不填的列也要保留列名。",
    }


def test_without_the_code_column_nothing_else_is_said(food: Matter, editor: User) -> None:
    assert set(said(judged(edited(put("事项", "实施编码", "编码", 1)), editor))) == {"事项!A1", "事项!第1行"}


@pytest.mark.parametrize("text", ["=1+1", "+8612345", "-无", "@here", "=cmd|' /C calc'!A0", "#N/A", "00123", "1E5"])
def test_texts_that_look_like_formulas_stay_texts(market_bureau: Department, editor: User, text: str) -> None:
    services.save_draft(whole(outcome={"name": text}), market_bureau)
    book = openpyxl.load_workbook(file := download())
    cell = at(book, "事项", "成果名称")
    assert (cell.value, cell.data_type, cell.number_format, cell.quotePrefix) == (text, "s", "@", True)
    assert judged(file, editor).unchanged == 1


def test_a_nul_is_not_saved(market_bureau: Department, food: Matter, editor: User) -> None:
    found = said(judged(edited(put("事项", "成果名称", "许可_x0000_证")), editor), blocks=True)
    assert found == {cell("事项", "成果名称"): "这里有不能保存的控制字符，请删去后重新填写。"}


def test_a_text_too_long_for_a_cell_goes_by_json(market_bureau: Department, editor: User) -> None:
    services.save_draft(whole(outcome={"name": "长" * 40_000}), market_bureau)
    with pytest.raises(writing.CannotWrite, match="JSON"):
        download()
    assert judged(download(document), editor).unchanged == 1


def test_numbers_typed_for_codes_are_understood_unless_digits_are_lost(food: Matter, editor: User) -> None:
    batch = judged(edited(put("事项", "受理地行政区划代码", 990181)), editor)
    assert batch.unchanged == 1
    found = said(judged(edited(put("事项", "部门信用代码", 123456789012345678)), editor), blocks=True)
    assert "“文本”" in next(iter(found.values()))


def test_times_typed_in_excel_are_understood(food: Matter, editor: User) -> None:
    def type_times(book: openpyxl.Workbook) -> None:
        for heading, value in (("开始", time(9)), ("结束", time(17))):
            at(book, "受理时间", heading).value = value
            at(book, "受理时间", heading).number_format = "h:mm"

    assert judged(edited(type_times), editor).unchanged == 1


# --- JSON


def with_document(change: Callable[[dict[str, Any]], None]) -> io.BytesIO:
    data = json.loads(download(document).getvalue())
    change(data)
    return io.BytesIO(json.dumps(data).encode())


def test_problems_of_a_document_have_paths(food: Matter, editor: User) -> None:
    def damage(data: dict[str, Any]) -> None:
        first = data["matters"][0]
        first["guide"]["materials"][1]["max_mb"] = "大"
        first["guide"]["materails"] = []
        first["guide"]["conditions"][0]["text"] = "其他条件"
        data["matters"].append(first)
        data["matters"].append({"guide": {}})
        data["more"] = 1

    found = said(judged(with_document(damage), editor))
    assert found["$.matters[0].guide.materials[1].max_mb"] == "应为整数。"
    assert found["$.matters[0].guide.materails"] == "不认识的键“materails”，是不是“materials”？。"
    assert "没有说清楚" in found["$.matters[0].guide.conditions[0].text"]
    assert "重复" in found["$.matters[1].header.code"]
    assert "没有写实施编码" in found["$.matters[2].header.code"]
    assert "不认识的键" in found["$.more"]


@pytest.mark.parametrize("code", ["a\x00b", "a\ud800b", "x" * 51])
def test_codes_that_no_database_takes(food: Matter, editor: User, code: str) -> None:
    def damage(data: dict[str, Any]) -> None:
        data["matters"][0]["header"]["code"] = code
        data["matters"].append(
            {"header": {"code": "YC-9"}, "guide": {"outcome": {"name": "半个\ud800字"}}, "department": "\x00"}
        )

    batch = judged(with_document(damage), editor)
    found = said(batch, blocks=True)
    assert "实施编码" in found["$.matters[0].header.code"]
    assert "控制字符" in found["$.matters[1].guide.outcome.name"]
    assert "没有编码为" in found["$.matters[1].department"]


def test_a_document_is_applied(food: Matter, editor: User) -> None:
    def rename(data: dict[str, Any]) -> None:
        data["matters"][0]["guide"]["matter_name"] = "食品销售许可"

    save(judged(with_document(rename), editor), editor)
    assert GuideVersion.objects.get(state="draft").guide.matter_name == "食品销售许可"
