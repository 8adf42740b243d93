"""Downloads changed as somebody would in Excel, and what the dry run says of them."""

import io
from collections.abc import Callable
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter

from identity.models import Department, User
from matters import services
from matters.models import GuideImport, Matter
from matters.workbook import applying, dry_run, exporting, writing
from matters.workbook.columns import BY_NAME
from matters.workbook.dry_run import Keeper
from tests.matters.guides import whole

Edit = Callable[[openpyxl.Workbook], None]


def download(kind: Any = writing) -> io.BytesIO:
    out = io.BytesIO()
    kind.write(exporting.contents(Matter.objects.all()), out)
    return out


def edited(edit: Edit) -> io.BytesIO:
    """The download, changed as somebody would in Excel."""
    book = openpyxl.load_workbook(download())
    edit(book)
    out = io.BytesIO()
    book.save(out)
    return out


def at(book: openpyxl.Workbook, sheet: str, heading: str, row: int = 2) -> Any:
    return book[sheet].cell(row, BY_NAME[sheet].headings.index(heading) + 1)


def cell(sheet: str, heading: str, row: int = 2) -> str:
    """The cell under a heading as the dry run names it: 事项!A2."""
    return f"{sheet}!{get_column_letter(BY_NAME[sheet].headings.index(heading) + 1)}{row}"


def put(sheet: str, heading: str, value: Any, row: int = 2) -> Edit:
    def edit(book: openpyxl.Workbook) -> None:
        at(book, sheet, heading, row).value = value

    return edit


def judged(file: io.BytesIO, by: User) -> GuideImport:
    return dry_run.run(file, "事项.xlsx", Keeper.of(by))


def said(batch: GuideImport, *, blocks: bool | None = None) -> dict[str, str]:
    problems = batch.problems.all() if blocks is None else batch.problems.filter(blocks=blocks)
    return {problem.place: problem.message for problem in problems}


def save(batch: GuideImport, by: User) -> GuideImport:
    return applying.apply(batch, Keeper.of(by), digest=batch.digest)


def three_matters(department: Department) -> None:
    for number in (1, 2, 3):
        services.save_draft(whole(header={"code": f"YC-{number}"}, matter_name=f"许可之{number}"), department)
