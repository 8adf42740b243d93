"""What is wrong with a guide before it can be published: every check of the twenty fields, in the order of the fields."""

from collections.abc import Callable, Mapping, Sequence, Set
from typing import Any

from matters.checks import basics, form, handling, header, phrases, scenario, service, types
from matters.checks.problem import Findings, Problem
from matters.guide import GUIDE_FIELDS, GuideContent

__all__ = ["Problem", "as_content", "check_guide", "check_parsed"]

PARTS = ("header", "form", "scenario")
Check = Callable[[GuideContent, Findings], None]
CHECKS: dict[str, Check] = {
    "matter_name": basics.check_matter_name,
    "department": basics.check_department,
    "responsible_office": basics.check_responsible_office,
    "legal_basis": basics.check_legal_basis,
    "acceptance_limit": basics.check_acceptance_limit,
    "feedback_limit": basics.check_feedback_limit,
    "promised_limit": basics.check_promised_limit,
    "acceptance_window": basics.check_acceptance_window,
    "conditions": handling.check_conditions,
    "materials": handling.check_materials,
    "form_downloads": handling.check_form_downloads,
    "fee_standard": handling.check_fee_standard,
    "procedure": handling.check_procedure,
    "service_address": service.check_service_address,
    "outcome": service.check_outcome,
    "contact": service.check_contact,
    "acceptance_level_place": service.check_acceptance_level_place,
    "district_points": service.check_district_points,
    "handling_level": service.check_handling_level,
    "service_capability": service.check_service_capability,
    "header": header.check_header,
    "form": form.check_form,
}


def check_guide(content: Mapping[str, Any]) -> list[Problem]:
    """All problems of ``{"header", "guide", "form", "scenario"}``, in the order of the fields; empty when it may be published.

    A content without the key ``header`` is judged by its twenty fields alone. Never raises for bad content.
    """
    parsed, problems, unread = types.read(content)
    return check_parsed(parsed, problems, unread if "header" in content else unread | {"header"})


def check_parsed(
    parsed: GuideContent, problems: Sequence[Problem] = (), unread: Set[str] = frozenset()
) -> list[Problem]:
    """``problems`` and what the checks find in a content that is parsed already; the fields in ``unread`` are not judged."""
    problems = list(problems)
    for field, check in CHECKS.items():
        if field not in unread:
            found = Findings(field)
            check(parsed, found)
            problems += found.problems
    if not unread & scenario.READS:
        problems += scenario.check(parsed)
    problems += phrases.check(parsed)
    order = [*GUIDE_FIELDS, *PARTS]
    return sorted(dict.fromkeys(problems), key=lambda p: order.index(p.field) if p.field in order else -1)


def as_content(data: Any) -> dict[str, Any]:
    """A guide file's content: as it is, or put together from a flat object with the twenty keys.

    Raises ValueError (Chinese) when the file holds neither.
    """
    if not isinstance(data, dict):
        raise ValueError("文件内容应是一个 JSON 对象 {…}")
    if "guide" in data:
        return data
    if not data.keys() & GUIDE_FIELDS.keys():
        raise ValueError("文件里没有 guide，也没有二十个要素中的任何一个，看起来不是办事指南")
    content: dict[str, Any] = {"guide": {key: data[key] for key in GUIDE_FIELDS if key in data}}
    beside = {key: value for key, value in data.items() if key not in (*GUIDE_FIELDS, *PARTS)}
    if "header" in data or beside:
        content["header"] = data.get("header", beside)
    content |= {key: data[key] for key in ("form", "scenario") if key in data}
    return content
