"""文号: 市监许准〔2026〕12号 – the organ's word, the matter's type, the kind of paper, the year, a number from 1 each year."""

import re

from applications.documents.catalog import TYPE_WORDS, DocumentKind
from identity.models import Department
from sync import statements

_TAIL = re.compile(r"(委员会|中心|局|委|办公室|办|厅|处)$")


# One statement takes the row's lock and counts, as in sync.outbox.
_NEXT = """
    INSERT INTO applications_documentcounter (department, series, year, last) VALUES (%s, %s, %s, 1)
    ON CONFLICT (department, series, year) DO UPDATE SET last = applications_documentcounter.last + 1
    RETURNING last
"""


def next_number(department: Department, kind: DocumentKind, type_code: str, year: int, mark: str = "") -> str:
    """The next 文号 of this organ's series; the counter's row stays locked until the caller's transaction ends.

    ``mark`` is a word more in the series, with a count of its own. Six-cornered brackets round the year, no padding, no 第 (GB/T 9704). ValueError for a kind that carries no number.
    """
    if not kind.series:
        raise ValueError(f"{kind.kind} carries no document number")
    series = f"{TYPE_WORDS.get(type_code, '办')}{mark}{kind.series}"
    number = int(statements.ask(_NEXT, [department.code, series, year])[0][0])
    return format_number(organ_word(department), series, year, number)


def format_number(word: str, series: str, year: int, number: int) -> str:
    """``市监``, ``许准``, 2026, 12 → 市监许准〔2026〕12号."""
    return f"{word}{series}〔{year}〕{number}号"


def organ_word(department: Department) -> str:
    """The organ's word in its numbers: the short name without 局, 委 and the like (市监局 → 市监)."""
    name = department.short_name or department.name
    return _TAIL.sub("", name) or name
