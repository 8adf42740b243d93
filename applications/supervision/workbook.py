"""The monthly report as a workbook: a sheet for each table. Every cell is a number or inert text."""

from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

BOLD = Font(bold=True)


def book(report: dict[str, Any]) -> bytes:
    """The bytes of the .xlsx file."""
    made = Workbook(write_only=True)
    totals = report["totals"]
    _sheet(
        made,
        "总览",
        ("项目", "数值"),
        [
            ("月份", str(report["month"])),
            ("收件", totals["filed"]),
            ("作出决定", totals["decided"]),
            ("办结", totals["ended"]),
            ("承诺期限内决定", totals["in_time"]),
            ("承诺期限内（%）", totals["share"]),
            ("超过承诺期限的预警", totals["late"]),
            ("红牌", totals["over_law"]),
        ],
    )
    columns = ("name", "filed", "decided", "in_time", "share", "amber", "yellow", "red")
    heads = ("部门", "收件", "作出决定", "承诺期限内", "承诺期限内（%）", "预警", "黄牌", "红牌")
    _sheet(made, "各部门", heads, [tuple(row[name] for name in columns) for row in report["departments"]])
    _sheet(made, "事项收件", ("事项", "收件"), [(row["name"], row["number"]) for row in report["matters"]])
    _sheet(made, "用时分布", ("从提交到决定", "件"), [(row["label"], row["number"]) for row in report["buckets"]])
    _sheet(made, "时间花在哪里", ("环节", "平均天数"), [(row["title"], row["days"]) for row in report["stages"]])
    rules = [(row["code"], row["title"], row["level"], row["number"]) for row in report["rules"]]
    _sheet(made, "预警规则", ("编号", "规则", "等级", "次数"), rules)
    _sheet(made, "超期原因", ("原因", "次数"), [(row["title"], row["number"]) for row in report["causes"]])
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def _sheet(made: Workbook, title: str, heads: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
    sheet = made.create_sheet(title)
    sheet.column_dimensions["A"].width = 32
    sheet.append([_cell(sheet, head, bold=True) for head in heads])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])


def _cell(sheet: Any, value: Any, *, bold: bool = False) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value)
    if isinstance(value, str):
        cell.data_type = "s"  # "=1+1" in a name stays a text
    if bold:
        cell.font = BOLD
    return cell
