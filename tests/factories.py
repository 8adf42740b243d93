"""Matters and applications in named situations. Times are fixed days of 2026, so tests do not depend on today."""

import copy
import io
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from applications import actors, drafts, services
from applications.drafts import Applicant
from applications.models import Application, Material
from identity.models import Department, Enterprise, User
from matters.models import GuideVersion, Matter
from sync import blobs

SHANGHAI = ZoneInfo("Asia/Shanghai")


def moment(text: str) -> datetime:
    """``2026-02-13 10:00`` in the hall's time zone."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)


def content(department: Department, **changes: Any) -> dict[str, Any]:
    """A small complete guide: one form section, one material, review by one reviewer, decision by the approver.

    ``changes`` replace keys of the guide (``promised_limit=…``) or, with ``header=…``/``form=…``, of those parts.
    """
    base: dict[str, Any] = {
        "header": {
            "code": "YC-TEST-0001",
            "type_code": "01",
            "case_kind": "2",
            "service_objects": ["1", "2"],
            "audiences": ["enterprise", "person"],
            "themes": ["开办企业"],
            "special_procedures": ["expert_review", "testing"],
        },
        "guide": {
            "matter_name": "小餐饮经营许可",
            "department": {"code": department.code, "name": department.name, "org_nature": "1"},
            "responsible_office": {"name": "行政审批科", "phone": "0839-5550101"},
            "legal_basis": [
                {"level": "法律", "title": "食品安全法", "article": "第三十五条", "text": "经营食品须取得许可。"}
            ],
            "acceptance_limit": 5,
            "feedback_limit": {"value": 20, "unit": "G"},
            "promised_limit": {"value": 10, "unit": "G"},
            "acceptance_window": {"weekly_hours": [{"days": [1, 2, 3, 4, 5], "open": "09:00", "close": "17:00"}]},
            "conditions": [{"text": "有固定的经营场所"}],
            "materials": [
                {"key": "plan", "name": "经营场所平面图", "kind": "plan", "necessity": "必要", "source": "申请人自备"},
                {
                    "key": "proof",
                    "name": "场所使用证明",
                    "kind": "proof",
                    "necessity": "非必要",
                    "source": "申请人自备",
                },
            ],
            "procedure": [
                {"order": 1, "kind": "apply", "name": "申请", "role": "applicant"},
                {"order": 2, "kind": "accept", "name": "受理", "role": "clerk", "working_days": 1},
                {"order": 3, "kind": "review", "name": "审查", "role": "reviewer", "working_days": 5},
                {"order": 4, "kind": "decide", "name": "决定", "role": "approver", "working_days": 2},
                {"order": 5, "kind": "deliver", "name": "送达", "role": "clerk", "working_days": 1},
            ],
            "outcome": {
                "type": "10",
                "name": "小餐饮经营许可证",
                "validity": {"value": 3, "unit": "Y"},
                "delivery": ["电子"],
                "delivery_days": 3,
            },
            "contact": {"phone": "0839-5550102", "complaint_phone": "0839-5550199"},
            "acceptance_level_place": {
                "level": "4",
                "region": "519901",
                "org": department.name,
                "place": "市政务服务中心",
            },
            "handling_level": {"level": "4"},
            "service_capability": {"depth": ["5"], "channels": ["1", "2"], "visits": 0},
        },
        "form": {
            "title": "小餐饮经营许可申请表",
            "sections": [
                {
                    "key": "place",
                    "title": "经营场所",
                    "fields": [
                        {"key": "name", "type": "text", "label": "店名", "required": True},
                        {"key": "area", "type": "decimal", "label": "面积（平方米）", "required": True},
                    ],
                }
            ],
        },
    }
    base = copy.deepcopy(base)
    for part in ("header", "form"):
        base[part] |= changes.pop(part, {})
    base["guide"] |= changes
    return base


def matter(department: Department, **changes: Any) -> Matter:
    """A matter with a published guide, written straight to the tables."""
    body = content(department, **changes)
    header, guide = body["header"], body["guide"]
    row = Matter.objects.create(
        code=header["code"],
        name=guide["matter_name"],
        type_code=header["type_code"],
        case_kind=header["case_kind"],
        department=department,
        audiences=header["audiences"],
        themes=header["themes"],
        online=bool(body["form"]["sections"]),
    )
    row.current = GuideVersion.objects.create(
        matter=row,
        number=1,
        state=GuideVersion.State.PUBLISHED,
        content=body,
        effective_on=datetime(2025, 1, 1).date(),
        published_at=timezone.now(),
        published_by_name="目录管理员",
    )
    row.save()
    return row


def applicant(user: User, enterprise: Enterprise | None = None) -> Applicant:
    """Who files: the person, or the enterprise through the person."""
    return Applicant(user, user.person, enterprise)


def draft(user: User, for_matter: Matter, enterprise: Enterprise | None = None) -> Application:
    """A draft with everything filled in and the plan uploaded; ready to submit."""
    case = drafts.begin(applicant(user, enterprise), for_matter)
    for section in case.guide_version.form.sections:
        answers = {field.key: field.example or "12" for field in section.fields}
        drafts.save_section(case, section.key, answers, complete=True)
    for material in case.guide_version.guide.materials:
        if material.is_required:
            Material.objects.create(
                application=case,
                key=material.key,
                file_name="平面图.pdf",
                content_type="application/pdf",
                size=8,
                sha256=blobs.put(io.BytesIO(b"%PDF-1.4")),
                uploaded_at=timezone.now(),
            )
    return case


def submitted(user: User, for_matter: Matter, at: str = "2026-03-02 10:00") -> Application:
    """Filed and received on this (inner) side, as it is after arrival; no file has crossed."""
    case = draft(user, for_matter)
    case = file_draft(case, user, at)
    return services.perform(case.pk, "receive", actor=actors.system(), seen=None, at=moment(at), render=False)


def file_draft(case: Application, user: User, at: str = "2026-03-02 10:00") -> Application:
    """Submit a draft as its owner."""
    return drafts.submit(case, actor=actors.applicant(user), seen=case.seen, declared=True, at=moment(at), render=False)
