"""What the open-data files say: one record per matter, the words at the top, and the columns of the table. Pure."""

from datetime import date
from typing import Any

from matters import codes

SCHEMA = 1  # raised when a field is renamed or taken away; new fields may come at any time
PARTS = ("header", "guide", "form", "scenario")
COLUMNS = (
    "实施编码",
    "基本编码",
    "事项名称",
    "英文名称",
    "事项类型",
    "办件类型",
    "办理级别",
    "部门编码",
    "部门名称",
    "面向",
    "主题",
    "俗称",
    "承诺期限",
    "期限单位",
    "到现场次数",
    "可在线申请",
    "指南版本",
    "生效日期",
    "发布时间",
    "办事指南网址",
)
# A spreadsheet would take a cell that begins so for a formula.
LIVE = ("=", "+", "-", "@", "\t", "\r")


def head(*, publisher: str, licence: str, source: str, made_at: str, revision: int, count: int) -> dict[str, Any]:
    """What stands before the records."""
    return {
        "schema": SCHEMA,
        "title": "政务服务事项目录（办事指南）",
        "publisher": publisher,
        "licence": licence,
        "source": source,
        "generated_at": made_at,
        "revision": revision,
        "count": count,
    }


def record(row: dict[str, Any], address: str) -> dict[str, Any]:
    """One matter with its whole guide, as published: header, the twenty fields, the form and the scenario as data."""
    content = row["current__content"]
    return {
        "uid": str(row["uid"]),
        "code": row["code"],
        "name": row["name"],
        "department": {"code": row["department__code"], "name": row["department__name"]},
        "url": address,
        "version": {
            "number": row["current__number"],
            "digest": row["current__digest"],
            "effective_on": _iso(row["current__effective_on"]),
            "published_at": _iso(row["current__published_at"]),
        },
        **{part: content[part] for part in PARTS if content.get(part)},
    }


def cells(row: dict[str, Any], address: str) -> list[str]:
    """One matter as a row of the table, under ``COLUMNS``."""
    header = row["current__content"].get("header", {})
    return [
        inert(str(value))
        for value in (
            row["code"],
            row["base_code"],
            row["name"],
            row["name_en"],
            codes.MATTER_TYPES.get(row["type_code"], row["type_code"]),
            codes.CASE_KINDS.get(row["case_kind"], row["case_kind"]),
            codes.LEVELS.get(row["level"], row["level"]),
            row["department__code"],
            row["department__name"],
            "、".join(str(codes.AUDIENCES.get(one, one)) for one in header.get("audiences", [])),
            "、".join(header.get("themes", [])),
            "、".join(header.get("aliases", [])),
            "" if row["promised_value"] is None else row["promised_value"],
            codes.UNITS.get(row["promised_unit"], row["promised_unit"]),
            "" if row["visits_needed"] is None else row["visits_needed"],
            "是" if row["online"] else "否",
            row["current__number"],
            _iso(row["current__effective_on"]),
            _iso(row["current__published_at"]),
            address,
        )
    ]


def inert(text: str) -> str:
    """A cell that no spreadsheet runs."""
    return f"'{text}" if text.startswith(LIVE) else text


def _iso(day: date | None) -> str:
    """A day or a moment; empty where an old version lacks it."""
    return day.isoformat() if day else ""
