"""Beginning a draft: of a new matter, or from the guide that is in force."""

from typing import Any

from django.db import transaction

from identity.models import Department, User
from matters import queries, services
from matters.models import GuideVersion, Matter

# Never the revision of a draft: what is there already is not overwritten.
NO_DRAFT = -1
# The five steps that a licence must show (行政许可法 chapter 4), for the clerk to fill in.
STEPS = (
    ("apply", "申请", "applicant"),
    ("accept", "受理", "clerk"),
    ("review", "审查", "reviewer"),
    ("decide", "决定", "approver"),
    ("deliver", "送达", "clerk"),
)


class CodeTaken(ValueError):
    """Another matter has this code."""


@transaction.atomic
def begin(name: str, department: Department, code: str, *, by: User) -> GuideVersion:
    """The first draft of a new matter, with what the site knows about the department. CodeTaken when the code is not free."""
    code = code or free_code(department)
    if Matter.objects.filter(code=code).exists():
        raise CodeTaken(f"编码 {code} 已经有事项在用，请核对。")
    try:
        return services.save_draft(first_content(name, department, code), department, by=by, seen=NO_DRAFT)
    except services.DraftMoved as moved:  # somebody took the code between the question and the answer
        raise CodeTaken(f"编码 {code} 刚刚被别人用了，请换一个。") from moved


def free_code(department: Department) -> str:
    """A local code that no matter has: the department's code and a number of four digits."""
    prefix = f"{department.code}-"
    taken = set(Matter.objects.filter(code__startswith=prefix).values_list("code", flat=True))
    return next(code for code in (f"{prefix}{number:04d}" for number in range(1, 10_000)) if code not in taken)


def first_content(name: str, department: Department, code: str) -> dict[str, Any]:
    """What a new draft begins with: the name, the department, and the five steps to be described."""
    offices = list(department.offices.all()[:2])
    guide: dict[str, Any] = {
        "matter_name": name,
        "department": {
            "code": department.code,
            "name": department.name,
            "uscc": department.uscc,
            "org_nature": department.org_nature,
        },
        "procedure": [
            {"order": order, "kind": kind, "name": title, "role": role}
            for order, (kind, title, role) in enumerate(STEPS, 1)
        ],
    }
    if len(offices) == 1:
        guide["responsible_office"] = {"name": offices[0].name, "phone": offices[0].phone}
    return {"header": {"code": code}, "guide": guide}


@transaction.atomic
def revise(matter: Matter, *, by: User) -> GuideVersion:
    """The matter's draft; made from the guide in force, or else the last one, when there is none.

    ValueError when the matter has no guide at all.
    """
    draft = queries.unpublished(matter)
    if draft is not None:
        return draft
    last = matter.current or matter.versions.first()
    if last is None:
        raise ValueError("这一事项还没有任何指南。")
    try:
        return services.save_draft(last.content, matter.department, by=by, seen=NO_DRAFT)
    except services.DraftMoved as moved:
        return moved.draft
