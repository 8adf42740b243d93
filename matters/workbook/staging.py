"""Rows of a workbook, put by on disk: they come sheet by sheet and are wanted matter by matter, and memory stays flat."""

import json
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from matters.workbook import cells
from matters.workbook.cells import BadCell, Cell
from matters.workbook.columns import SHEETS
from matters.workbook.rows import Row

AT_ONCE = 1000
NUMBERS = {sheet.name: number for number, sheet in enumerate(SHEETS)}


def code_of(cell: Cell) -> str:
    """The implementation code in a cell, empty when it cannot be read."""
    try:
        return cells.text_of(cell)
    except BadCell:
        return ""


class Staging:
    """A temporary table of rows."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("CREATE TABLE line (code TEXT, sheet INTEGER, number INTEGER, cells TEXT)")

    def keep(self, rows: Iterator[Row]) -> None:
        """Put all rows by."""
        while block := list(islice(rows, AT_ONCE)):
            self.connection.executemany(
                "INSERT INTO line VALUES (?, ?, ?, ?)",
                [(code_of(row.cells[0]), NUMBERS[row.sheet.name], row.number, json.dumps(row.cells)) for row in block],
            )
        self.connection.execute("CREATE INDEX line_code ON line (code, sheet, number)")

    def main_rows(self) -> Iterator[tuple[str, Row]]:
        """Code and row of each line of the main sheet, in its order."""
        yield from self._read("SELECT * FROM line WHERE sheet = 0 ORDER BY number", ())

    def others(self, code: str) -> list[Row]:
        """The rows of the other sheets that name this code, in the order of sheets and rows."""
        query = "SELECT * FROM line WHERE code = ? AND sheet > 0 ORDER BY sheet, number"
        return [row for _code, row in self._read(query, (code,))]

    def strays(self) -> Iterator[tuple[str, Row]]:
        """Rows of other sheets whose code is not in the main sheet."""
        query = (
            "SELECT * FROM line WHERE sheet > 0 AND (code = '' OR code NOT IN (SELECT code FROM line WHERE sheet = 0))"
            " ORDER BY sheet, number"
        )
        yield from self._read(query, ())

    def _read(self, query: str, parameters: tuple[str, ...]) -> Iterator[tuple[str, Row]]:
        for code, sheet, number, values in self.connection.execute(query, parameters):
            yield code, Row(SHEETS[sheet], number, json.loads(values))


@contextmanager
def staging() -> Iterator[Staging]:
    """A table that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="hall-import-") as folder:
        connection = sqlite3.Connection(Path(folder) / "rows.sqlite3")
        try:
            yield Staging(connection)
        finally:
            connection.close()
