"""The same import and export from the command line, and lists of matters without codes."""

import io
import json
from pathlib import Path

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from identity.models import Department
from matters import listfile, services
from matters.models import GuideChange, GuideVersion, Matter
from tests.matters.guides import whole

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_inner")]
LIST = [
    ["云川市行政许可事项清单（2026年版）"],
    ["序号", "主管\n部门", "事项名称", "实施机关", "设定依据", "实施依据", "备注"],
    [
        "1",
        "市水务局",
        "取水许可",
        "市水务局",
        "《中华人民共和国水法》第四十八条",
        "《取水许可管理办法》（水利部令第34号）",
        "",
    ],
    [
        "2",
        "",
        "河道采砂\n许可",
        "市水务局；县级水务部门",
        "《中华人民共和国水法》、《中华人民共和国河道管理条例》第二十五条",
        "",
        "与省级共享",
    ],
    ["", "", "", "", "", "", ""],
]


def out_of(command: str, *arguments: str) -> str:
    call_command(command, *arguments, stdout=(out := io.StringIO()))
    return out.getvalue()


def list_file(path: Path, lines: list[list[str]] = LIST) -> Path:
    if path.suffix == ".csv":
        path.write_text("\n".join(",".join(f'"{cell}"' for cell in line) for line in lines), encoding="gb18030")
        return path
    book = openpyxl.Workbook()
    assert book.active is not None
    for line in lines:
        book.active.append(line)
    book.save(path)
    return path


@pytest.mark.parametrize("name", ["a.xlsx", "a.json"])
def test_out_and_in_again(tmp_path: Path, market_bureau: Department, housing_bureau: Department, name: str) -> None:
    services.save_draft(whole(), market_bureau)
    services.save_draft(whole(header={"code": "ZJ-1"}), housing_bureau)
    file = str(tmp_path / name)
    assert "已导出 1 个事项" in out_of("export_matters", file, "--department", "YC-SCJG")
    assert "新增 0 个事项，修改 0 个，不变 1 个" in out_of("import_matters", file)
    Matter.objects.all().delete() if GuideVersion.objects.all().delete() else None
    assert "新增 1 个事项" in out_of("import_matters", file, "--dry-run")
    assert not Matter.objects.exists()
    assert "已全部保存为草稿" in out_of("import_matters", file)
    change = GuideChange.objects.get()
    assert (change.action, change.by, change.by_name) == ("imported", None, "命令行导入")
    assert Matter.objects.get().department == market_bureau


def test_the_content_decides_what_a_file_is(tmp_path: Path, market_bureau: Department) -> None:
    services.save_draft(whole(), market_bureau)
    out_of("export_matters", str(tmp_path / "a.xlsx"))
    (tmp_path / "a.xlsx").rename(tmp_path / "a.csv")
    assert "不变 1 个" in out_of("import_matters", str(tmp_path / "a.csv"))


def test_errors_are_listed_and_nothing_is_saved(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text(json.dumps({"matters": [{"header": {"code": "a", "type_code": "99"}}]}))
    out = io.StringIO()
    with pytest.raises(CommandError, match="什么也没有保存"):
        call_command("import_matters", str(file), stdout=out)
    assert "必须改正 $.matters[0].header.type_code" in out.getvalue()
    assert not Matter.objects.exists()


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx"])
def test_a_list_without_codes(tmp_path: Path, name: str) -> None:
    file = str(list_file(tmp_path / name))
    assert "新建草稿 2 个" in out_of("import_matters", file)
    sand = Matter.objects.get(name="河道采砂许可")
    assert sand.code == listfile.local_code("市水务局", "河道采砂许可", "市水务局；县级水务部门")
    draft = sand.versions.get()
    assert [basis.title for basis in draft.guide.legal_basis] == ["中华人民共和国水法", "中华人民共和国河道管理条例"]
    assert draft.guide.legal_basis[1].article == "第二十五条"
    assert (draft.header.type_code, draft.guide.acceptance_level_place.org) == ("01", "市水务局；县级水务部门")
    assert draft.changes.get().note == "与省级共享"
    assert "新建草稿 0 个，已有 2 个" in out_of("import_matters", file)


def test_the_same_matter_twice_in_a_list(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="出现了 2 次"):
        out_of("import_matters", str(list_file(tmp_path / "a.csv", [*LIST[1:3], LIST[2]])))


def test_local_codes_are_the_same_everywhere() -> None:
    assert listfile.local_code("市水务局", "取水许可", "市水务局") == listfile.local_code(
        "市水务局", "取水 许可", "市水务局"
    )
    assert listfile.local_code("市水务局", "取水许可", "") != listfile.local_code("市水务局", "取水许可", "县水务局")
    assert listfile.local_code("市水务局", "取水许可", "").startswith("L-SSWJ-")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [(["a.txt"], "后缀|结尾"), (["a.xlsx", "--department", "none"], "没有编码"), (["/nowhere/a.json"], "写不了")],
)
def test_exports_that_cannot_be(arguments: list[str], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        out_of("export_matters", *arguments)


def test_a_text_that_no_cell_holds(tmp_path: Path, market_bureau: Department) -> None:
    services.save_draft(whole(outcome={"name": "长" * 40_000}), market_bureau)
    with pytest.raises(CommandError, match="JSON"):
        out_of("export_matters", str(tmp_path / "a.xlsx"))
    assert not (tmp_path / "a.xlsx").exists()


def test_a_list_with_formulas_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="公式"):
        out_of("import_matters", str(list_file(tmp_path / "a.xlsx", [*LIST[:2], ["1", "局", "=A1", "", "", "", ""]])))


def test_the_outer_side_refuses(tmp_path: Path, on_outer: str) -> None:
    with pytest.raises(CommandError, match="内网"):
        out_of("export_matters", str(tmp_path / "a.xlsx"))
