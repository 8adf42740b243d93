"""Files that are not what they say, or would do harm: refused with one sentence, quickly, and nothing is kept."""

import io
import json
import re
import time
import zipfile
from collections.abc import Callable

import openpyxl
import pytest

from identity.models import User
from matters.models import GuideImport, Matter
from matters.workbook import dry_run, package, writing
from matters.workbook.content import normal
from matters.workbook.dry_run import Keeper
from matters.workbook.package import Refused
from tests.matters.guides import whole

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_inner")]
MB = 1024 * 1024
DOCTYPE = (
    '<?xml version="1.0"?><!DOCTYPE worksheet [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><worksheet>&b;</worksheet>'
)
EXTERNAL = '<?xml version="1.0"?><!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>'
NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


@pytest.fixture(scope="module")
def good() -> bytes:
    out = io.BytesIO()
    writing.write([("YC-SCJG", normal(whole()))], out)
    return out.getvalue()


def changed(good: bytes, parts: dict[str, bytes | str | None], compression: int = zipfile.ZIP_DEFLATED) -> io.BytesIO:
    """The workbook with parts replaced, added, or (None) left out."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good)) as source, zipfile.ZipFile(out, "w", compression) as target:
        for name in source.namelist():
            if name not in parts:
                target.writestr(name, source.read(name))
        for name, data in parts.items():
            if data is not None:
                target.writestr(name, data)
    return out


def rewritten(good: bytes, name: str, change: Callable[[str], str]) -> io.BytesIO:
    with zipfile.ZipFile(io.BytesIO(good)) as source:
        return changed(good, {name: change(source.read(name).decode())})


def refusal(file: io.BytesIO, editor: User) -> str:
    started = time.process_time()
    with pytest.raises(Refused) as refused:
        dry_run.run(file, "x.xlsx", Keeper.of(editor))
    assert time.process_time() - started < 30
    assert not GuideImport.objects.exists()
    assert not Matter.objects.exists()
    return str(refused.value)


def sheet_of(rows: str, top: str = "") -> str:
    return f'<?xml version="1.0"?><worksheet xmlns="{NAMESPACE}">{top}<sheetData>{rows}</sheetData></worksheet>'


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("xl/vbaProject.bin", b"x", "宏"),
        ("xl/macrosheets/sheet1.xml", "<x/>", "宏表"),
        ("xl/externalLinks/externalLink1.xml", "<x/>", "链接"),
        ("xl/connections.xml", "<x/>", "外部数据"),
        ("xl/embeddings/oleObject1.bin", b"x", "嵌入"),
        ("xl/activeX/activeX1.xml", "<x/>", "控件"),
        ("xl/worksheets/sheet1.xml", DOCTYPE, "实体"),
        ("xl/worksheets/sheet1.xml", DOCTYPE.encode("utf-16"), "实体"),
        ("xl/styles.xml", EXTERNAL, "实体"),
        ("docProps/core.xml", DOCTYPE, "实体"),
        ("xl/workbook.xml", "not xml", "打不开"),
        ("xl/workbook.xml", None, "不是 Excel"),
        ("xl/workbook.xml", "<x/>", "打不开|事项"),
        ("xl/worksheets/sheet1.xml", sheet_of("")[:-30], "打不开"),
        ("[Content_Types].xml", '<Types ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/>', "宏"),
        ("xl/theme/theme9.xml", b" " * (9 * MB), "太大|打不开"),
        ("xl/worksheets/sheet1.xml", b" " * (210 * MB), "太大"),
        ("xl/worksheets/sheet1.xml", b"<a>" + b" " * (30 * MB), "太大"),
    ],
)
def test_parts_that_do_not_belong_in_a_workbook(
    good: bytes, editor: User, name: str, data: bytes | str | None, sentence: str
) -> None:
    assert re.search(sentence, refusal(changed(good, {name: data}), editor))


def test_xlsb_is_told_apart(good: bytes, editor: User) -> None:
    assert "xlsb" in refusal(changed(good, {"xl/workbook.xml": None, "xl/workbook.bin": b"x"}), editor)


def test_many_parts(good: bytes, editor: User) -> None:
    assert "部件" in refusal(changed(good, {f"xl/x{number}.bin": b"" for number in range(300)}), editor)


def test_parts_that_unpack_to_too_much_together(good: bytes, editor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "MAX_TOTAL", 1000)
    assert "解开以后超过" in refusal(io.BytesIO(good), editor)


def test_parts_of_one_name(good: bytes, editor: User) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(file := io.BytesIO(good), "a") as target:
        target.writestr("xl/workbook.xml", "<x/>")
    assert "重名的部件" in refusal(file, editor)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "空的"),
        (package.OLE_HEAD + b"x" * 600, "打开密码"),
        (b"PK\x03\x04 and nothing more", "打不开"),
        (b"%PDF-1.7", "不是 Excel"),
        ("实施编码,业务名称\n".encode("gb18030"), "不是 Excel"),
    ],
)
def test_files_of_other_kinds(editor: User, data: bytes, sentence: str) -> None:
    assert sentence in refusal(io.BytesIO(data), editor)


def test_an_encrypted_member(good: bytes, editor: User) -> None:
    data = bytearray(good)
    data[data.rfind(b"PK\x01\x02") + 8] |= 1
    assert "密码" in refusal(io.BytesIO(bytes(data)), editor)


def test_a_truncated_file(good: bytes, editor: User) -> None:
    assert "打不开" in refusal(io.BytesIO(good[: len(good) // 2]), editor)


def test_a_member_that_is_broken(good: bytes, editor: User) -> None:
    data = bytearray(good)
    start = data.find(b"xl/worksheets/sheet5.xml") + 60
    data[start : start + 200] = bytes(200)
    assert "打不开" in refusal(io.BytesIO(bytes(data)), editor)


@pytest.mark.parametrize("row", ['<row r="{}" s="1" customFormat="1"/>', "<row\nr='{}'/>"])
def test_a_million_empty_styled_rows(good: bytes, editor: User, row: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if "\n" in row:  # these are parsed until the limit
        monkeypatch.setattr("matters.workbook.reading.MAX_ROWS", 5000)
    rows = "".join(row.format(number) for number in range(1, 1_000_001))
    assert "空行" in refusal(changed(good, {"xl/worksheets/sheet1.xml": sheet_of(rows)}), editor)


@pytest.mark.parametrize("number", [300_000, 1_048_576, 10**17])
def test_a_row_far_below(good: bytes, editor: User, number: int) -> None:
    row = f'<row r="{number}"><c r="A{number}" t="inlineStr"><is><t>x</t></is></c></row>'
    assert "空行" in refusal(changed(good, {"xl/worksheets/sheet1.xml": sheet_of(row)}), editor)


def test_a_column_far_right(good: bytes, editor: User) -> None:
    row = '<row r="1"><c r="XFD1" t="inlineStr"><is><t>x</t></is></c></row>'
    assert "XFD 列" in refusal(changed(good, {"xl/worksheets/sheet1.xml": sheet_of(row)}), editor)


@pytest.mark.parametrize("cell", ["ZZZZZZ1", "A", "1", "A1:B2"])
def test_cells_that_cannot_be(good: bytes, editor: User, cell: str) -> None:
    row = f'<row r="1"><c r="{cell}" t="inlineStr"><is><t>x</t></is></c></row>'
    assert refusal(changed(good, {"xl/worksheets/sheet1.xml": sheet_of(row)}), editor)


def test_a_lie_about_the_size_is_not_believed(good: bytes, editor: User) -> None:
    top = '<dimension ref="A1:XFD1048576"/>'
    with zipfile.ZipFile(io.BytesIO(good)) as source:
        sheet = source.read("xl/worksheets/sheet1.xml").decode()
    sheet = re.sub(r"<dimension[^>]*/>", "", sheet).replace("<sheetViews>", f"{top}<sheetViews>", 1)
    batch = dry_run.run(changed(good, {"xl/worksheets/sheet1.xml": sheet}), "x.xlsx", Keeper.of(editor))
    assert (batch.errors, batch.created) == (0, 1)


def test_two_sheets_of_one_name(good: bytes, editor: User) -> None:
    twins = rewritten(good, "xl/workbook.xml", lambda text: text.replace('name="材料"', 'name="事项"'))
    assert "重名的工作表" in refusal(twins, editor)


def test_a_workbook_about_something_else(editor: User) -> None:
    book = openpyxl.Workbook()
    book.save(out := io.BytesIO())
    assert "没有工作表“事项”" in refusal(out, editor)


def test_an_empty_workbook_says_how_to_begin(editor: User) -> None:
    out = io.BytesIO()
    writing.write([], out)
    assert "文件里没有事项" in refusal(out, editor)


def test_shared_strings_that_are_not_there(good: bytes, editor: User) -> None:
    row = '<row r="1"><c r="A1" t="s"><v>99999</v></c></row>'
    assert "打不开" in refusal(changed(good, {"xl/worksheets/sheet1.xml": sheet_of(row)}), editor)


def test_all_formulas_are_told_with_their_cells(good: bytes, editor: User) -> None:
    book = openpyxl.load_workbook(io.BytesIO(good))
    book["材料"]["D2"] = '=HYPERLINK("http://example.com","x")'
    book["事项"]["C2"] = "=cmd|'/c calc'!A1"
    book["事项"]["ZZ9"] = "=1"
    book["常见问题"]["B2"] = "#N/A"
    book["常见问题"]["B2"].data_type = "e"
    book["事项"]["CA1"] = None
    book["事项"]["BZ9"] = "=SUM(A1)"
    del book["事项"]["ZZ9"]
    book.save(out := io.BytesIO())
    batch = dry_run.run(out, "x.xlsx", Keeper.of(editor))
    found = {problem.place: problem.message for problem in batch.problems.filter(blocks=True)}
    assert set(found) == {"材料!D2", "事项!C2", "事项!BZ9", "常见问题!B2"}
    assert "公式" in found["事项!C2"]
    assert "#N/A" in found["常见问题!B2"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('{"matters": [}', "第 1 行"),
        ('{"matters": [NaN]}', "NaN"),
        ('{"matters": 5}', "没有事项"),
        ('{"matters": [], "matters": []}', "写了两次"),
        ("[" * 100_000, "嵌套"),
        ("[" + "9" * 100_000 + "]", "数字"),
        ('{"matters": []}', "没有事项"),
        ('{"matters": [{"header": {"code": "\xff"}}]}', ""),
    ],
)
def test_documents_that_are_none(editor: User, text: str, sentence: str) -> None:
    assert sentence in refusal(io.BytesIO(text.encode("latin-1")), editor)


def test_a_deep_document(editor: User) -> None:
    deep = '{"matters": [{"header": {"code": "a"}, "guide": ' + '{"a":' * 400 + "1" + "}" * 400 + "}]}"
    batch = dry_run.run(io.BytesIO(deep.encode()), "x.json", Keeper.of(editor))
    assert batch.problems.filter(place="$.matters[0].guide.a").exists()


def test_too_many_errors_are_no_workbook(editor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("matters.workbook.findings.MOST_ERRORS", 10)
    items = [{"header": {"code": f"c{n}"}, "guide": {"matter_name": {}}} for n in range(20)]
    assert "超过 10 处" in refusal(io.BytesIO(json.dumps({"matters": items}).encode()), editor)
