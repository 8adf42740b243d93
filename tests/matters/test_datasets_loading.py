"""Files that staff load: tried with every problem named, applied all or nothing, hostile ones refused."""

import io
import zipfile
from typing import Any

import pytest
from django.core.files.storage import default_storage
from openpyxl import Workbook

from identity.models import Department, User
from matters.datasets import loads, services, stock, trial
from matters.datasets.definition import Definition
from matters.models import DataLoad, DataSet
from tests.matters.datasets import PHARMACIES, drafted, facts, pharmacy, published, workbook

DEFINITION = Definition.model_validate(PHARMACIES)
LABELS = [field.label for field in DEFINITION.fields]
KEYS = [field.key for field in DEFINITION.fields]


def table(*rows: dict[str, str]) -> io.BytesIO:
    """An .xlsx of these records."""
    return workbook(LABELS, *([row.get(key, "") for key in KEYS] for row in rows))


def csv_of(*rows: dict[str, str], encoding: str = "utf-8-sig") -> io.BytesIO:
    lines = [LABELS, *([row.get(key, "") for key in KEYS] for row in rows)]
    return io.BytesIO("\r\n".join(",".join(line) for line in lines).encode(encoding))


def tried(file: io.BytesIO) -> tuple[list[dict[str, str]], trial.Outcome]:
    outcome = trial.Outcome()
    return list(trial.read(file, DEFINITION, outcome)), outcome


def problems(file: io.BytesIO) -> list[tuple[int, str, str]]:
    return [(one.row, one.column, one.reason) for one in tried(file)[1].problems]


@pytest.fixture
def pharmacies(on_inner: str, market_bureau: Department) -> DataSet:
    return published(market_bureau, [pharmacy(1), pharmacy(2)])


# --- reading
@pytest.mark.parametrize("make", [table, csv_of, lambda *rows: csv_of(*rows, encoding="gb18030")])
def test_xlsx_and_csv_give_the_same_records(make: Any) -> None:
    rows = [pharmacy(1), pharmacy(2)]
    found, outcome = tried(make(*rows))
    assert found == rows
    assert outcome.problem_count == 0


def test_every_problem_is_told_with_row_column_and_value() -> None:
    bad = [pharmacy(1, beds="很多"), pharmacy(2, name=""), pharmacy(3, since="2026-13-01"), pharmacy(1)]
    _found, outcome = tried(table(*bad, pharmacy(5), pharmacy(5)))
    told = [(one.row, one.column, one.value) for one in outcome.problems]
    assert told == [(2, "D", "很多"), (3, "B", ""), (4, "E", "2026-13-01"), (7, "A", "P5199000005")]
    assert "主键" in outcome.problems[-1].reason


def test_headings_are_compared_with_the_definition() -> None:
    told = problems(workbook([*LABELS[1:], "多余的列", "区县"], []))
    assert [column for _row, column, _reason in told] == ["J", "K", ""]
    assert "缺少" in told[2][2]


def test_only_the_first_problems_are_kept_but_all_are_counted() -> None:
    _found, outcome = tried(table(*(pharmacy(n, beds="x") for n in range(1, 260))))
    assert (outcome.problem_count, len(outcome.problems)) == (259, trial.KEPT_PROBLEMS)


def test_formulas_are_refused() -> None:
    book = Workbook()
    book.active.append(LABELS)
    book.active.append([*pharmacy(1).values()])
    book.active["B2"] = '=HYPERLINK("http://evil.example","x")'
    book.active["C2"] = "#REF!"
    file = io.BytesIO()
    book.save(file)
    assert [(row, column) for row, column, _reason in problems(file)] == [(2, "B"), (2, "C")]
    assert "公式" in problems(csv_of(pharmacy(1, name="=1+1")))[0][2]


def rewritten(file: io.BytesIO, name: str, content: bytes) -> io.BytesIO:
    """The workbook with one more, or another, part."""
    made = io.BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.namelist():
            if member != name:
                new.writestr(member, old.read(member))
        new.writestr(name, content)
    made.seek(0)
    return made


DOCTYPE = b'<?xml version="1.0"?>' + b" " * 5000 + b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0", "宏"),
        ("xl/sharedStrings.xml", DOCTYPE, "实体"),
        ("docProps/core.xml", DOCTYPE, "实体"),
        ("xl/styles.xml", DOCTYPE.decode().encode("utf-16"), "实体"),
        ("xl/workbook.xml", b"<nonsense", "Excel"),
        ("xl/worksheets/sheet1.xml", b"<worksheet", "Excel"),
    ],
)
def test_hostile_workbooks_are_refused(name: str, content: bytes, words: str) -> None:
    told = problems(rewritten(table(pharmacy(1)), name, content))
    assert any(words in reason for _row, _column, reason in told)


def test_bombs_are_refused_by_what_they_unpack_to() -> None:
    bomb = rewritten(table(pharmacy(1)), "xl/media/x.xml", b"<a>" + b" " * 5_000_000)
    assert bomb.getbuffer().nbytes < 50_000
    assert "太大" in problems(bomb)[0][2]


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02\xff", b"PK\x03\x04broken", b"\xff\xfe\x00a", b'"a\nb'])
def test_what_is_no_table_is_one_problem(content: bytes) -> None:
    found, outcome = tried(io.BytesIO(content))
    assert found == []
    assert outcome.problem_count >= 1


def test_a_sheet_that_claims_to_be_endless_is_read_as_far_as_it_goes() -> None:
    file = table(pharmacy(1))
    sheet = zipfile.ZipFile(file).read("xl/worksheets/sheet1.xml")
    claimed = sheet.replace(b"<sheetData>", b'<dimension ref="A1:XFD1048576"/><sheetData>', 1)
    found, _outcome = tried(rewritten(file, "xl/worksheets/sheet1.xml", claimed))
    assert len(found) == 1


# --- applying
@pytest.mark.django_db
def test_a_file_is_tried_first_and_changes_nothing_until_it_is_applied(pharmacies: DataSet, editor: User) -> None:
    before = len(facts(pharmacies))
    load = loads.receive(pharmacies, table(pharmacy(2), pharmacy(3)), "药店.xlsx", "replace", by=editor)
    assert (load.state, load.rows, load.added, load.removed) == ("ready", 2, 1, 1)
    assert pharmacies.stock.count() == 2
    assert len(facts(pharmacies)) == before
    loads.start(load)
    load.refresh_from_db()
    assert load.state == "applied"
    assert {row["code"] for row in stock.read(pharmacies)} == {"P5199000002", "P5199000003"}
    final = facts(pharmacies)[-1].payload["final"]
    assert (final["mode"], final["count"], final["total"]) == ("replace", 2, 2)
    assert not default_storage.exists(load.stored)


@pytest.mark.django_db
def test_an_update_sends_only_what_differs(pharmacies: DataSet, editor: User) -> None:
    rows = [pharmacy(1), pharmacy(2, name="改名药房"), pharmacy(3)]
    load = loads.receive(pharmacies, csv_of(*rows), "更新.csv", "upsert", by=editor)
    loads.start(load)
    payload = facts(pharmacies)[-1].payload
    assert [row["values"]["name"] for row in payload["rows"]] == ["改名药房", "云川市康宁大药房第3分店"]
    assert (payload["final"]["mode"], payload["final"]["total"]) == ("upsert", 3)
    pharmacies.refresh_from_db()
    assert pharmacies.row_count == 3
    assert pharmacies.changes.first().note == "按主键新增和更新：更新.csv，3 条"


@pytest.mark.django_db
def test_a_faulty_file_cannot_be_applied(pharmacies: DataSet, editor: User) -> None:
    load = loads.receive(pharmacies, table(pharmacy(1, beds="x")), "坏.xlsx", "replace", by=editor)
    assert (load.state, load.problem_count) == ("faulty", 1)
    assert not default_storage.exists(load.stored)
    with pytest.raises(ValueError, match="处理过"):
        loads.start(load)
    assert pharmacies.stock.count() == 2


@pytest.mark.django_db
def test_a_second_click_does_nothing(pharmacies: DataSet, editor: User) -> None:
    load = loads.receive(pharmacies, table(pharmacy(3)), "药店.xlsx", "replace", by=editor)
    loads.start(load)
    with pytest.raises(ValueError, match="处理过"):
        loads.start(load)
    loads.apply(load.pk)
    assert pharmacies.changes.filter(action="loaded").count() == 1


@pytest.mark.django_db
def test_a_definition_that_changed_meanwhile_rolls_everything_back(pharmacies: DataSet, editor: User) -> None:
    load = loads.receive(pharmacies, table(pharmacy(3, area="")), "药店.xlsx", "replace", by=editor)
    fields = [field | ({"required": True} if field["key"] == "area" else {}) for field in PHARMACIES["fields"]]
    services.save_draft(pharmacies, Definition.model_validate(PHARMACIES | {"fields": fields}), by=editor)
    before = len(facts(pharmacies))
    loads.start(load)
    load.refresh_from_db()
    assert (load.state, load.problem_count) == ("faulty", 1)
    assert {row["code"] for row in stock.read(pharmacies)} == {"P5199000001", "P5199000002"}
    assert len(facts(pharmacies)) == before


@pytest.mark.django_db
def test_records_wait_with_a_changed_definition(pharmacies: DataSet, editor: User, publisher: User) -> None:
    services.save_draft(pharmacies, Definition.model_validate(PHARMACIES | {"name": "药店"}), by=editor)
    before = len(facts(pharmacies))
    loads.start(loads.receive(pharmacies, table(pharmacy(3)), "药店.xlsx", "replace", by=editor))
    assert len(facts(pharmacies)) == before
    services.publish(pharmacies, by=publisher)
    assert facts(pharmacies)[-1].payload["final"]["total"] == 1


@pytest.mark.django_db
def test_a_new_file_drops_the_one_before(on_inner: str, market_bureau: Department, editor: User) -> None:
    dataset = drafted(market_bureau)
    first = loads.receive(dataset, table(pharmacy(1)), "一.xlsx", "replace", by=editor)
    loads.receive(dataset, table(pharmacy(2)), "二.xlsx", "replace", by=editor)
    first.refresh_from_db()
    assert first.state == DataLoad.State.DROPPED
    assert not default_storage.exists(first.stored)


@pytest.mark.django_db
def test_large_files_are_left_to_the_worker(
    pharmacies: DataSet, editor: User, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    queued: list[tuple[str, int]] = []
    monkeypatch.setattr(loads, "AT_ONCE", 10)
    monkeypatch.setattr(loads, "async_task", lambda name, pk, timeout: queued.append((name, pk)))
    with django_capture_on_commit_callbacks(execute=True):
        load = loads.receive(pharmacies, table(pharmacy(3)), "大.xlsx", "replace", by=editor)
    assert (load.state, queued) == ("checking", [("matters.datasets.loads.check", load.pk)])
    loads.check(load.pk)
    load.refresh_from_db()
    assert load.state == "ready"


@pytest.mark.django_db
def test_the_slower_of_two_workers_with_one_task_changes_nothing(
    pharmacies: DataSet, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(loads.STEPS, "check", lambda pk: None)
    load = loads.receive(pharmacies, table(pharmacy(3)), "药店.xlsx", "replace", by=editor)
    read = trial.read

    def overtaken(*arguments: Any) -> Any:
        DataLoad.objects.filter(pk=load.pk).update(state="applied")
        return read(*arguments)

    monkeypatch.setattr(trial, "read", overtaken)
    loads.check(load.pk)
    load.refresh_from_db()
    assert load.state == "applied"
