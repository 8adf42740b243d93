"""What a dry run finds, written to the database in blocks so that memory does not grow with it."""

from collections.abc import Iterable

from matters.models import GuideImport, GuideImportItem, GuideImportProblem
from matters.workbook.columns import SHEETS
from matters.workbook.package import Refused
from matters.workbook.rows import Fault, Place

AT_ONCE = 200
MOST_ERRORS = 20_000
NUMBERS = {sheet.name: number for number, sheet in enumerate(SHEETS)}


class Findings:
    """Collects problems and items of one import. A cell that cannot be read is reported once, and nothing follows from it."""

    def __init__(self, batch: GuideImport) -> None:
        self.batch = batch
        self.faulty: set[Place] = set()
        self.problems: list[GuideImportProblem] = []
        self.items: list[GuideImportItem] = []

    def error(self, fault: Fault, code: str = "") -> None:
        """Something that keeps the whole file from being saved."""
        if self.is_faulty(fault.place):
            return
        if fault.place.column or fault.place.path:
            self.faulty.add(fault.place)
        self.batch.errors += 1
        if self.batch.errors > MOST_ERRORS:
            raise Refused(f"文件里的错误超过 {MOST_ERRORS} 处，可能不是下载的工作簿。请下载一份，在它上面修改。")
        self._add(fault.place, code, fault.value, fault.message, blocks=True)

    def is_faulty(self, place: Place) -> bool:
        """Whether this cell was reported as an error already."""
        return place in self.faulty

    def lack(self, place: Place, code: str, message: str) -> None:
        """Something that must be mended before the matter can be published."""
        self.batch.lacks += 1
        self._add(place, code, "", message, blocks=False)

    def item(self, item: GuideImportItem) -> None:
        """A matter to save."""
        self.items.append(item)
        if len(self.items) >= AT_ONCE:
            self.flush()

    def flush(self) -> None:
        """Write what is waiting."""
        GuideImportProblem.objects.bulk_create(self.problems)
        GuideImportItem.objects.bulk_create(self.items)
        self.problems, self.items = [], []

    def _add(self, place: Place, code: str, value: str, message: str, *, blocks: bool) -> None:
        self.problems.append(
            GuideImportProblem(
                batch=self.batch,
                blocks=blocks,
                sheet=place.sheet,
                sheet_number=NUMBERS.get(place.sheet, 0),
                row=place.row,
                column=place.column,
                place=_storable(str(place), 300),
                code=_storable(code, 50),
                value=_storable(value, 200),
                message=_storable(message, 2000),
            )
        )
        if len(self.problems) >= AT_ONCE:
            self.flush()


def _storable(text: str, most: int) -> str:
    """As much of a text as is kept, without what no database takes."""
    return text[:most].encode("utf-8", "replace").decode().replace("\x00", "�")


def names(words: Iterable[str], most: int = 5) -> str:
    """A few words in a sentence, and how many more."""
    listed = list(words)
    more = f"等 {len(listed)} 个" if len(listed) > most else ""
    return "、".join(listed[:most]) + more
