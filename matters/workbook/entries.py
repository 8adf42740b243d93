"""The matters of an uploaded file, one after the other, from a workbook or a JSON document."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from matters.services import MAX_CODE
from matters.workbook import cells, reading, rows
from matters.workbook.cells import BadCell, Cell
from matters.workbook.columns import MAIN
from matters.workbook.kinds import CODE_HEADING, OWNER_HEADING
from matters.workbook.reading import Layout
from matters.workbook.rows import Fault, Place, Row
from matters.workbook.staging import Staging, staging

OnFault = Callable[[Fault], None]


@dataclass
class Entry:
    """A matter as the file has it; ``owner`` is the code of its department, empty when the file does not say.

    ``place_of`` finds the place of a path as the checks give it; None where the file lacks the whole part, which is said once.
    """

    code: str
    owner: str
    content: dict[str, Any]
    place_of: Callable[[str], Place | None]
    code_place: Place
    owner_place: Place
    faults: list[Fault] = field(default_factory=list)


def of_workbook(book: Any, on_fault: OnFault) -> Iterator[Entry]:
    """The entries of a workbook; what belongs to no matter goes to ``on_fault``."""
    layout = Layout()
    with staging() as kept:
        kept.keep(reading.read(book, layout, on_fault))
        if not layout.is_usable(MAIN):
            return
        yield from _entries(kept, layout, on_fault)
        for code, row in kept.strays():
            on_fault(_stray(code, row, layout))


def _entries(kept: Staging, layout: Layout, on_fault: OnFault) -> Iterator[Entry]:
    first: dict[str, int] = {}
    for code, row in kept.main_rows():
        wrong = _wrong_code(code, row, first)
        if wrong:
            on_fault(Fault(layout.actual(Place(MAIN.name, row.number, 1)), _shown(row.cells[0]), wrong))
            continue
        first[code] = row.number
        yield _entry(code, row, kept.others(code), layout)


def _wrong_code(code: str, row: Row, first: dict[str, int]) -> str:
    if not code:
        return _unreadable(row.cells[0]) or f"没有写{CODE_HEADING}，不知道这一行是哪个事项。"
    if code in first:
        return f"{CODE_HEADING}“{code}”和第 {first[code]} 行重复，一个事项只能有一行。"
    return impossible(code)


def impossible(code: str) -> str:
    """The sentence for a code that cannot be kept; empty for one that can."""
    if len(code) > MAX_CODE:
        return f"{CODE_HEADING}最多 {MAX_CODE} 位，现在是 {len(code)} 位。"
    return "" if is_storable(code) else f"{CODE_HEADING}里有不能保存的控制字符，请重新填写。"


def is_storable(text: str) -> bool:
    """Whether every database takes the text: no NUL, no half of a surrogate pair."""
    return "\x00" not in text and text.encode("utf-8", "replace") == text.encode("utf-8", "surrogatepass")


def _unreadable(cell: Cell) -> str:
    try:
        cells.text_of(cell)
    except BadCell as error:
        return str(error)
    return ""


def _shown(cell: Cell) -> str:
    return "" if cell is None else str(cell)


def _entry(code: str, row: Row, others: list[Row], layout: Layout) -> Entry:
    made = rows.assemble(code, row, others)

    def place_of(path: str) -> Place | None:
        full = rows.full_path(path)
        place = layout.actual(made.place_of(full))
        is_torn = any(f"{full}.".startswith(f"{top}.") for top in made.torn)
        return None if is_torn or layout.lacks(full) or not place.column else place

    owner_place = Place(MAIN.name, row.number, MAIN.headings.index(OWNER_HEADING) + 1)
    wrong = _unreadable(row.cells[1])
    if wrong:
        made.faults.append(Fault(owner_place, _shown(row.cells[1]), wrong))
    return Entry(
        code,
        "" if wrong else cells.text_of(row.cells[1]),
        made.content,
        place_of,
        layout.actual(Place(MAIN.name, row.number, 1)),
        layout.actual(owner_place),
        [replace(fault, place=layout.actual(fault.place)) for fault in made.faults],
    )


def _stray(code: str, row: Row, layout: Layout) -> Fault:
    said = (
        f"“{MAIN.name}”里没有{CODE_HEADING}“{code}”，这一行不知道属于哪个事项。" if code else f"没有写{CODE_HEADING}。"
    )
    return Fault(layout.actual(Place(row.sheet.name, row.number, 1)), _shown(row.cells[0]), said)
