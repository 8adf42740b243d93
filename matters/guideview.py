"""A guide arranged for reading: the first screen, and the twenty fields in groups."""

from dataclasses import dataclass, field
from itertools import groupby

from django.utils.translation import gettext as _

from matters import codes
from matters.guide import GuideContent, Limit, Step

MATERIALS_AT_A_GLANCE = 5


@dataclass(frozen=True)
class Group:
    """Guide fields that are read together; keys as in ``GUIDE_FIELDS``."""

    anchor: str
    title: str
    icon: str
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Glance:
    """The first screen."""

    who: str
    materials: list[str]
    materials_left: int
    from_shared_data: list[str]
    law: Limit
    promise: Limit
    usual_days: int | None
    slow_days: int | None
    fees: list[str]
    places: list[str] = field(default_factory=list)


def groups() -> list[Group]:
    """All twenty fields, each once."""
    return [
        Group("conditions", _("申请条件"), "check-circle", ("conditions",)),
        Group("materials", _("所需材料和表格"), "file", ("materials", "form_downloads")),
        Group(
            "time",
            _("时间和流程"),
            "clock",
            ("acceptance_window", "acceptance_limit", "feedback_limit", "promised_limit", "procedure"),
        ),
        Group("fee", _("收费和结果"), "money", ("fee_standard", "outcome")),
        Group("place", _("地点和联系方式"), "pin", ("service_address", "district_points", "contact")),
        Group("basis", _("办理依据"), "seal", ("legal_basis",)),
        Group(
            "about",
            _("事项信息"),
            "info",
            (
                "matter_name",
                "department",
                "responsible_office",
                "acceptance_level_place",
                "handling_level",
                "service_capability",
            ),
        ),
    ]


def glance(content: GuideContent, usual_days: int | None, slow_days: int | None = None) -> Glance:
    """What most people came for: who, what to bring, how long, how much, where."""
    guide = content.guide
    # What hangs on answers is left to the personal list: here stands what everybody needs.
    always = [m for m in guide.materials if not m.only_when]
    wanted = [m for m in always if m.necessity != "非必要" and not m.shared_data]
    return Glance(
        who=_("、").join(str(codes.SERVICE_OBJECTS[code]) for code in content.header.service_objects),
        materials=[material.name for material in wanted[:MATERIALS_AT_A_GLANCE]],
        materials_left=max(len(wanted) - MATERIALS_AT_A_GLANCE, 0),
        from_shared_data=[material.name for material in always if material.shared_data],
        law=guide.feedback_limit,
        promise=guide.promised_limit,
        usual_days=usual_days,
        slow_days=slow_days,
        fees=[f"{item.name} {item.standard}" for item in guide.fee_standard.items] if guide.fee_standard.is_fee else [],
        places=_places(content),
    )


def stages(content: GuideContent) -> list[list[Step]]:
    """The procedure in order; steps of one stage run side by side."""
    ordered = sorted(content.guide.procedure, key=lambda step: step.order)
    return [list(steps) for _order, steps in groupby(ordered, key=lambda step: step.order)]


def _places(content: GuideContent) -> list[str]:
    place = content.guide.service_address
    places = []
    if content.form.sections:
        always = content.guide.acceptance_window.online_always
        places.append(_("网上办理，全天可以提交") if always else _("网上办理"))
    if place.hall_name:
        places.append(f"{place.hall_name} {place.window_no}（{place.address}）")
    if content.header.express:
        places.append(_("可以邮寄"))
    return places
