"""文号: 市监许准〔2026〕12号 – the organ's word, the matter's type, the kind of paper, the year, a number from 1 each year."""

import re

from django.conf import settings

from applications.documents.catalog import TYPE_WORDS, DocumentKind
from applications.errors import NotPossible
from identity.models import Department
from sync import returning, statements

_TAIL = re.compile(r"(委员会|中心|局|委|办公室|办|厅|处)$")


# One statement takes the row's lock and counts, as in sync.outbox.
_NEXT = f"""
    INSERT INTO applications_documentcounter (department, series, year, last)
    SELECT %s, %s, CAST(%s AS smallint), 1 WHERE NOT (%s AND {returning.AWAITED_SQL})
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
    # What outside counts for itself does not come back; what was numbered inside may, and must not be numbered twice.
    taken = statements.ask(_NEXT, [department.code, series, year, settings.HALL_SIDE == "inner"])
    if not taken:
        raise NotPossible("本站点恢复过备份，恢复前发出的文书正在从外网退还。全部退还以前不能编文号，请稍后再办。")
    return format_number(organ_word(department), series, year, int(taken[0][0]))


def format_number(word: str, series: str, year: int, number: int) -> str:
    """``市监``, ``许准``, 2026, 12 → 市监许准〔2026〕12号."""
    return f"{word}{series}〔{year}〕{number}号"


def organ_word(department: Department) -> str:
    """The organ's word in its numbers: the short name without 局, 委 and the like (市监局 → 市监)."""
    name = department.short_name or department.name
    return _TAIL.sub("", name) or name
