"""The work list as a table for other programs. Text that looks like a formula stays text; nothing encrypted goes out."""

import csv
from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import Any

from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from applications.desk.rows import Listed
from applications.models import Application

MOST = 10_000
PORTION = 500
HEADINGS = (
    "申请编号",
    "事项",
    "申请人",
    "状态",
    "环节",
    "部门",
    "经办",
    "提交时间",
    "受理日",
    "承诺日",
    "法定日",
    "最近期限",
    "标签",
)
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def lines(rows: Listed) -> Iterator[tuple[str, ...]]:
    """The first ``MOST`` cases of a list, headings first."""
    yield HEADINGS
    for start in range(0, MOST, PORTION):
        portion = rows[start : start + PORTION]
        yield from (_cells(case) for case in portion)
        if len(portion) < PORTION:
            return


def _cells(case: Application) -> tuple[str, ...]:
    steps = dict.fromkeys(step.name for step in case.steps_now)  # type: ignore[attr-defined]
    return (
        case.number or "",
        case.matter.name,
        case.applicant_name,
        case.state_label,
        "、".join(steps),
        str(case.department),
        str(case.handler or ""),
        f"{timezone.localtime(case.submitted_at):%Y-%m-%d %H:%M}" if case.submitted_at else "",
        *(str(day or "") for day in (case.accepted_on, case.promise_due, case.law_due, case.next_due)),
        "、".join(label.name for label in case.labels.all()),
    )


class _Line:
    """A file that gives each line back."""

    def write(self, text: str) -> str:
        return text


def csv_lines(rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """CSV; Excel knows UTF-8 by the mark at its beginning. Formulas get an apostrophe."""
    writer = csv.writer(_Line())
    yield "\ufeff"
    for row in rows:
        yield writer.writerow([f"'{cell}" if cell.startswith(FORMULA_SIGNS) else cell for cell in row])


def workbook(rows: Iterable[tuple[str, ...]]) -> bytes:
    """An .xlsx file of one sheet; every cell is inert text."""
    made = Workbook(write_only=True)
    sheet = made.create_sheet("办件")
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def _cell(sheet: Any, value: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value)
    cell.data_type = "s"
    return cell
