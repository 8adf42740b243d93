"""The problems of a dry run as a list to take along: CSV that a spreadsheet opens, one row a problem."""

import csv
from collections.abc import Iterable, Iterator

from matters.models import GuideImport, GuideImportProblem

HEADINGS = ("位置", "工作表", "行", "实施编码", "要不要紧", "现在的内容", "问题")
BLOCKS, LACKS = "必须改正", "发布前要补"
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


class _Line:
    """Lets the csv module hand its lines on."""

    def write(self, line: str) -> str:
        return line


def lines(batch: GuideImport) -> Iterator[str]:
    """The lines of the CSV; Excel recognises UTF-8 by the mark at its beginning."""
    writer = csv.writer(_Line())
    yield "\ufeff"
    yield writer.writerow(HEADINGS)
    for problem in batch.problems.iterator():
        yield writer.writerow(_inert(_cells(problem)))


def _cells(problem: GuideImportProblem) -> tuple[str, ...]:
    row = str(problem.row) if problem.sheet and problem.row else ""
    weight = BLOCKS if problem.blocks else LACKS
    return problem.place, problem.sheet, row, problem.code, weight, problem.value, problem.message


def _inert(cells: Iterable[str]) -> list[str]:
    """What a spreadsheet would take for a formula gets an apostrophe."""
    return [f"'{cell}" if cell.startswith(FORMULA_SIGNS) else cell for cell in cells]
