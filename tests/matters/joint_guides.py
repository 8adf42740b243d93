"""Small guides for tests of joint matters: only what a merge reads."""

from typing import Any

from matters.guide import GuideContent
from matters.joint.materials import MemberGuide


def paper(key: str, name: str, **changes: Any) -> dict[str, Any]:
    """A necessary paper, one original."""
    return {"key": key, "name": name, "kind": "proof", "necessity": "必要", "originals": 1} | changes


def question(key: str, label: str, **changes: Any) -> dict[str, Any]:
    """A required text."""
    return {"key": key, "label": label, "example": "例"} | changes


def section(key: str, title: str, *fields: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A section with these questions."""
    return {"key": key, "title": title, "fields": list(fields)} | changes


def member(
    code: str,
    *,
    stage: int = 1,
    when: str = "",
    materials: tuple[dict[str, Any], ...] = (),
    sections: tuple[dict[str, Any], ...] = (),
    header: dict[str, Any] | None = None,
    **guide: Any,
) -> MemberGuide:
    """A member whose guide has these materials and this form; its form paper is the printed form definition."""
    content = {
        "header": {"code": code, "type_code": "01", **(header or {})},
        "guide": {
            "matter_name": f"事项{code}",
            "department": {"code": f"D-{code}", "name": f"部门{code}"},
            "promised_limit": 10,
            "materials": [paper("form", f"{code}申请书", kind="form"), *materials],
            "form_downloads": [{"material_key": "form", "blank": "generated"}],
            **guide,
        },
        "form": {"sections": list(sections)},
    }
    return MemberGuide(code, stage, when, f"uid-{code}", 1, GuideContent.model_validate(content))


ENTERPRISE = section(
    "enterprise",
    "申请单位",
    question("name", "单位名称", prefilled_from="enterprise.name"),
    question("uscc", "统一社会信用代码", type="uscc", prefilled_from="enterprise.uscc"),
)
