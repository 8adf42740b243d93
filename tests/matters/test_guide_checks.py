"""What stops a guide from being published, field by field."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from matters.guide import GUIDE_FIELDS
from matters.guide_checks import as_content, check_guide
from tests.matters.guides import WHOLE, whole

GUIDE = WHOLE["guide"]
DEMO = sorted((Path(__file__).resolve().parents[2] / "hall" / "demo" / "guides").glob("*.json"))


def changed(field: str, **parts: Any) -> dict[str, Any]:
    """The whole guide with some keys of one field replaced."""
    return whole(**{field: copy.deepcopy(GUIDE[field]) | parts})


def row(field: str, index: int = 0, **parts: Any) -> dict[str, Any]:
    """The whole guide with some keys of one row of a list field replaced."""
    rows = copy.deepcopy(GUIDE[field])
    rows[index] |= parts
    return whole(**{field: rows})


def found(content: dict[str, Any]) -> set[str]:
    return {problem.path for problem in check_guide(content)}


def test_whole_guide_has_no_problems() -> None:
    assert check_guide(WHOLE) == []


def test_an_empty_guide_is_told_every_field() -> None:
    silent = {"form_downloads"}  # nothing to download while there are no materials
    assert {problem.field for problem in check_guide({"guide": {}})} == set(GUIDE_FIELDS) - silent


@pytest.mark.parametrize(
    ("content", "path"),
    [
        (whole(matter_name="办"), "matter_name"),
        (whole(matter_name="食品经营许可审批许可"), "matter_name"),
        (changed("department", uscc="119901810000000001"), "department.uscc"),
        (changed("department", org_nature="3"), "department.entrusting_body"),
        (changed("department", org_nature="7"), "department.org_nature"),
        (changed("responsible_office", phone="5550101"), "responsible_office.phone"),
        (whole(legal_basis=[]), "legal_basis"),
        (row("legal_basis", doc_no=""), "legal_basis.0.doc_no"),
        (row("legal_basis", level="规范性文件"), "legal_basis"),
        (row("legal_basis", level="口头"), "legal_basis.0.level"),
        (whole(acceptance_limit=6), "acceptance_limit"),
        (whole(acceptance_limit=-1), "acceptance_limit"),
        (whole(feedback_limit={"value": 30, "unit": "G"}), "feedback_limit.article"),
        (whole(feedback_limit={"value": 30, "unit": "G", "article": "《药品法》第九条"}), "feedback_limit.article"),
        (whole(promised_limit={"value": 21, "unit": "G"}), "promised_limit.value"),
        (whole(promised_limit={"value": 2, "unit": "M"}), "promised_limit.value"),
        (whole(promised_limit={"value": 0, "unit": "G"}), "promised_limit.value"),
        (whole(promised_limit={"unit": "G"}), "promised_limit.value"),
        (whole(acceptance_window={"online_always": True}), "acceptance_window"),
        (
            whole(acceptance_window={"weekly_hours": [{"days": [1], "open": "9", "close": "17:00"}]}),
            "acceptance_window.weekly_hours.0",
        ),
        (
            whole(acceptance_window={"weekly_hours": [{"days": [1], "open": "18:00", "close": "17:00"}]}),
            "acceptance_window.weekly_hours.0",
        ),
        (whole(acceptance_window={"season_from": "02-30", "season_to": "06-01"}), "acceptance_window.season_from"),
        (whole(conditions=[]), "conditions"),
        (whole(conditions=["合法"]), "conditions.0.text"),
        (whole(conditions=["符合相关规定的条件"]), "conditions.0.text"),
        (row("materials", name="其他材料"), "materials.0.name"),
        (row("materials", name="相关材料"), "materials.0.name"),
        (row("materials", basis=""), "materials.0.basis"),
        (row("materials", source="网上"), "materials.0.source"),
        (row("materials", originals=0, copies=0, electronic=False), "materials.0.copies"),
        (row("materials", copies=100), "materials.0.copies"),
        (row("materials", formats=["exe"]), "materials.0.formats"),
        (row("materials", key="1 plan"), "materials.0.key"),
        (row("materials", 1, name="食品经营许可申请书"), "materials.1.name"),
        (row("materials", 1, key="form"), "materials.1.key"),
        (whole(form_downloads=[]), "form_downloads"),
        (row("form_downloads", sample=""), "form_downloads.0.sample"),
        (row("form_downloads", material_key="none"), "form_downloads.0.material_key"),
        (whole(fee_standard={"is_fee": True}), "fee_standard.items"),
        (
            whole(fee_standard={"is_fee": True, "online_pay": True, "items": [{"name": "工本费"}]}),
            "fee_standard.items.0.standard",
        ),
        (whole(fee_standard={"is_fee": False, "online_pay": True}), "fee_standard.online_pay"),
        (whole(fee_standard={}), "fee_standard.is_fee"),
        (whole(procedure=GUIDE["procedure"][:4]), "procedure"),
        (row("procedure", 2, working_days=9), "procedure"),
        (row("procedure", 1, working_days=6), "procedure"),
        (row("procedure", 4, working_days=4), "procedure"),
        (row("procedure", 2, role=""), "procedure.2.role"),
        (row("procedure", 2, role="applicant"), "procedure.2.role"),
        (row("procedure", 2, order=4), "procedure"),
        (row("procedure", 2, order=5), "procedure"),
        (
            whole(procedure=[*GUIDE["procedure"], GUIDE["procedure"][3] | {"department": "云川市文化旅游局"}]),
            "procedure",
        ),
        (row("procedure", 2, content=""), "procedure.2.content"),
        (whole(service_address={"transit": "3 路"}), "service_address"),
        (changed("service_address", online_url="/matters/1/"), "service_address.online_url"),
        (changed("service_address", window_no=""), "service_address.window_no"),
        (changed("outcome", sample=""), "outcome.sample"),
        (changed("outcome", name=""), "outcome.name"),
        (changed("outcome", type="20"), "outcome.type"),
        (changed("outcome", name="准予经营的批复"), "outcome.type"),
        (changed("outcome", delivery_days=11), "outcome.delivery_days"),
        (changed("outcome", delivery=["托人"]), "outcome.delivery.0"),
        (changed("outcome", delivery=[]), "outcome.delivery"),
        (changed("contact", complaint_phone="0839-5550102"), "contact.complaint_phone"),
        (changed("contact", phone="5550102"), "contact.phone"),
        (changed("contact", email="scjg at yunchuan"), "contact.email"),
        (changed("acceptance_level_place", level="8"), "acceptance_level_place.level"),
        (changed("acceptance_level_place", region="9901"), "acceptance_level_place.region"),
        (changed("acceptance_level_place", region="010101"), "acceptance_level_place.region"),
        (changed("acceptance_level_place", region="990100"), "acceptance_level_place.region"),
        (whole(header={"cross_scope": ["跨县"]}), "district_points"),
        (
            whole(district_points=[{"region": "510101", "address": "路", "hours": "9-17", "phone": "028-5550101"}]),
            "district_points.0.region",
        ),
        (whole(handling_level={"level": "7"}), "handling_level.division_of_power"),
        (whole(handling_level={"level": "5"}), "handling_level.level"),
        (changed("service_capability", visits=1), "service_capability.reason"),
        (changed("service_capability", visits=10), "service_capability.visits"),
        (changed("service_capability", reason="须现场核验"), "service_capability.reason"),
        (changed("service_capability", channels=["1"]), "service_capability.reason"),
        (changed("service_capability", depth=["9"]), "service_capability.depth.0"),
        (whole(header={"faq": []}), "header.faq"),
        (whole(header={"type_code": "77"}), "header.type_code"),
        (whole(header={"case_kind": "1"}), "promised_limit.value"),
        (whole(header={"code": "有空格 的"}), "header.code"),
        (whole(header={"base_code": "12"}), "header.base_code"),
        (whole(header={"base_code": "000531001000"}), "header.base_code"),
        (whole(header={"service_objects": ["2"]}), "header.service_objects"),
        (whole(header={"themes": []}), "header.themes"),
    ],
)
def test_each_fault_is_found_at_its_place(content: dict[str, Any], path: str) -> None:
    assert path in found(content)


@pytest.mark.parametrize("phrase", ["其他材料", "按规定办理", "详见附件", "另行通知", "时间待定", "视情况而定"])
def test_phrases_that_say_nothing_are_refused(phrase: str) -> None:
    assert found(row("materials", 1, how_to=phrase)) == {"materials.1.how_to"}


def test_quotations_from_the_law_may_say_them() -> None:
    assert found(row("legal_basis", text="（五）法律、法规规定的其他材料。")) == set()


@pytest.mark.parametrize(
    "field", [field for field in GUIDE_FIELDS if field not in {"district_points", "form_downloads", "materials"}]
)
def test_a_missing_field_is_told(field: str) -> None:
    content = whole()
    del content["guide"][field]
    assert field in {problem.field for problem in check_guide(content)}


def test_wrong_types_are_told_in_chinese_and_hide_nothing_else() -> None:
    problems = check_guide(whole(acceptance_limit="soon", materials={}, conditions=[]))
    messages = {problem.path: problem.message for problem in problems}
    assert messages["acceptance_limit"] == "应为整数。"
    assert messages["materials"] == "应为列表 […]。"
    assert "conditions" in messages


def test_steps_side_by_side_count_once() -> None:
    steps = copy.deepcopy(GUIDE["procedure"])
    steps.append({**steps[2], "name": "消防审查", "department": "云川市消防救援大队", "working_days": 8})
    assert found(whole(procedure=steps)) == set()


def test_special_lenience() -> None:
    assert found(whole(conditions=["有固定的经营场所"], district_points="无", promised_limit=10)) == set()


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"key": "Place"}, "form.sections.0.key"),
        ({"fields": []}, "form.sections.0.fields"),
        (
            {"fields": [{"key": "a", "label": "甲", "type": "choice", "example": "1"}]},
            "form.sections.0.fields.0.choices",
        ),
        ({"fields": [{"key": "a", "label": "甲", "pattern": "(", "example": "1"}]}, "form.sections.0.fields.0.pattern"),
        ({"fields": [{"key": "a", "label": "甲"}]}, "form.sections.0.fields.0.example"),
        (
            {"fields": [{"key": "a", "label": "甲", "min": "x", "type": "integer", "example": "1"}]},
            "form.sections.0.fields.0.min",
        ),
        (
            {"fields": [{"key": "a", "label": "甲", "shown_when": {"section": "x", "field": "y", "equals": "z"}}]},
            "form.sections.0.fields.0.shown_when",
        ),
    ],
)
def test_faults_of_the_form(changes: dict[str, Any], path: str) -> None:
    section = WHOLE["form"]["sections"][0] | changes
    assert path in found(whole(form={"sections": [section]}))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from([*GUIDE_FIELDS, "header", "form"]), JSON)
def test_never_fails_on_bad_content(field: str, value: Any) -> None:
    content = whole()
    (content if field in content else content["guide"])[field] = value
    check_guide(content)


@pytest.mark.parametrize("path", DEMO, ids=lambda path: path.stem)
def test_demo_guides_may_be_published(path: Path) -> None:
    assert [problem.message for problem in check_guide(as_content(json.loads(path.read_text())))] == []


def test_command_says_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "guide.json"
    file.write_text(json.dumps(whole(conditions=[])))
    with pytest.raises(CommandError, match="1 个问题"):
        call_command("check_guide", str(file))
    assert "conditions 申请条件" in capsys.readouterr().out


def test_command_accepts_a_flat_guide(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "guide.json"
    file.write_text(json.dumps(GUIDE))
    call_command("check_guide", str(file), json=True)
    assert json.loads(capsys.readouterr().out) == {"ok": True, "problems": []}


@pytest.mark.parametrize("text", ["{", "[1]", '{"a": 1}', "[" * 100_000])
def test_command_explains_files_it_cannot_read(tmp_path: Path, text: str) -> None:
    file = tmp_path / "guide.json"
    file.write_text(text)
    with pytest.raises(CommandError, match="文件"):
        call_command("check_guide", str(file))
