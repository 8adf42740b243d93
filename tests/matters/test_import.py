"""The county catalogue becomes drafts; the report says what each lacks."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from identity.models import Department
from matters import services
from matters.importing import COLUMNS
from matters.models import GuideVersion, Matter
from tests.matters.guides import whole

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_inner")]
COUNTY = Path(__file__).resolve().parents[3] / "shared" / "data" / "matters_guangan_511602.csv"

ROW = {
    "department": "市水务局",
    "main_item": "",
    "name": "取水许可",
    "type_code": "01",
    "type_label": "行政许可",
    "local_item_code": "YC-SW-001",
    "region_code": "990181",
    "org_uscc": "",
}


def write(path: Path, *rows: dict[str, str], encoding: str = "utf-8") -> Path:
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    path.write_bytes(out.getvalue().encode(encoding))
    return path


def run(path: Path) -> dict[str, Any]:
    out = io.StringIO()
    call_command("import_matters", str(path), json=True, stdout=out)
    return json.loads(out.getvalue())


@pytest.mark.skipif(not COUNTY.exists(), reason="the county catalogue is not on this machine")
def test_the_whole_county() -> None:
    report = run(COUNTY)
    assert (report["created"], report["departments_created"]) == (1135, 34)
    assert report["lacking"]["materials"] == 1135
    assert "matter_name" not in report["matters"][0]["fields"]
    assert Matter.objects.filter(active=False, current=None).count() == 1135
    again = run(COUNTY)
    assert (again["created"], again["existing"], again["departments_created"]) == (0, 1135, 0)
    assert GuideVersion.objects.count() == 1135


def test_drafts_carry_what_the_file_says(tmp_path: Path) -> None:
    run(write(tmp_path / "a.csv", ROW))
    draft = GuideVersion.objects.get()
    assert (draft.state, draft.guide.matter_name, draft.header.type_code) == ("draft", "取水许可", "01")
    assert Department.objects.get(code="990181-shishuiwuju").name == "市水务局"


def test_files_from_excel_are_read(tmp_path: Path) -> None:
    assert run(write(tmp_path / "a.csv", ROW, encoding="gb18030"))["created"] == 1


def test_what_staff_wrote_is_not_overwritten(tmp_path: Path, market_bureau: Department) -> None:
    services.save_draft(whole(header={"code": "YC-SW-001"}), market_bureau)
    report = run(write(tmp_path / "a.csv", ROW))
    assert report["existing"] == 1
    assert report["matters"][0]["fields"] == []
    assert GuideVersion.objects.get().guide.matter_name == "食品经营许可"


def test_long_codes_lose_their_hyphens(tmp_path: Path) -> None:
    run(write(tmp_path / "a.csv", ROW | {"local_item_code": "511Z07001006-511602000000-000-11511301008778183N-1-00"}))
    assert Matter.objects.get().code == "511Z0700100651160200000000011511301008778183N100"


def test_known_departments_are_used(tmp_path: Path, market_bureau: Department) -> None:
    report = run(write(tmp_path / "a.csv", ROW | {"department": market_bureau.name}))
    assert report["departments_created"] == 0
    assert Matter.objects.get().department == market_bureau


def test_plain_report_names_every_matter(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("import_matters", str(write(tmp_path / "a.csv", ROW)))
    assert "YC-SW-001 市水务局 取水许可：还缺" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, "第 3 行没有填写事项名称"),
        ({"type_code": "99"}, "第 3 行的事项类型代码“99”不存在"),
        ({"local_item_code": "YC-SW-001"}, "出现了 2 次"),
        ({"local_item_code": "9" * 51}, "超过 50 位"),
        ({"name": "长" * 201}, "名称太长"),
    ],
)
def test_one_faulty_row_stops_all(tmp_path: Path, changes: dict[str, str], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        run(write(tmp_path / "a.csv", ROW, ROW | {"local_item_code": "YC-SW-002"} | changes))
    assert not Matter.objects.exists()
    assert not Department.objects.exists()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "缺少列"),
        ("部门,名称\n".encode(), "缺少列"),
        (b"PK\x03\x04\x00\x00", "打不开"),
        (b"\xff\xff\xff", "编码"),
        ((",".join(COLUMNS) + "\n").encode(), "没有事项"),
        ((",".join(COLUMNS) + '\n"a').encode(), "有效的 CSV"),
    ],
)
def test_other_files_get_a_sentence(tmp_path: Path, data: bytes, sentence: str) -> None:
    (tmp_path / "a.csv").write_bytes(data)
    with pytest.raises(CommandError, match=sentence):
        run(tmp_path / "a.csv")


def test_a_missing_file_gets_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="读不到"):
        run(tmp_path / "none.csv")


def test_the_outer_side_refuses(tmp_path: Path, on_outer: str) -> None:
    with pytest.raises(CommandError, match="内网"):
        run(write(tmp_path / "a.csv", ROW))
