"""What a move asks for on this case and this day: what the machine declares, and the reasons that lateness makes necessary."""

from datetime import date

from django.utils import timezone

from applications import clocks, machine
from applications.models import Application
from applications.states import State
from matters import calendar

FIELD_LABELS = {
    "items": "需要补正的内容",
    "reason": "理由",
    "right_organ": "有权办理的机关",
    "opinion": "意见",
    "procedure": "特别程序",
    "expected_days": "预计需要的工作日",
    "upper_organ": "上级机关",
    "legal_basis": "法律依据",
    "method": "送达方式",
    "recipient": "收件人",
    "check_kind": "核查种类",
    "check_on": "核查日期",
    "officers": "核查人员",
    "check": "哪一次核查",
    "findings": "核查情况",
    "result": "结论",
    "party_name": "利害关系人",
    "party_contact": "联系方式",
    "interest": "利害关系",
    "told_how": "告知方式",
    "party": "利害关系人",
    "heard_how": "怎样听取",
    "set_for": "听证时间",
    "place": "地点",
    "presider": "主持人",
    "confirmed_by": "笔录确认人",
    "late_reason": "没有当日告知的原因",
    "overrun_reason": "超过承诺期限的原因",
    "field": "更正的内容",
    "value": "更正后的内容",
    "agreed_by": "同意更正的人",
    "owed": "容缺的材料",
    "signed": "承诺书的签署",
    "owed_key": "核对的材料",
    "verdict": "核对结果",
    "problem": "没有通过的原因",
}
SAME_DAY = ("refuse_intake", "tell_not_required")
DECISIONS = ("grant", "refuse")
LATENESS = frozenset({"late_reason", "overrun_reason"})


def needs(case: Application, action: str) -> tuple[str, ...]:
    """The names of what must be given with this move now, in the order in which a form asks."""
    declared = tuple(machine.custom(action, case.state).get("needs", ()))
    if action in SAME_DAY and not is_same_day(case):
        return (*declared, "late_reason")
    if action in DECISIONS and _is_overrun(case):
        return (*declared, "overrun_reason")
    return declared


def without_needless(case: Application, action: str, data: dict[str, object]) -> dict[str, object]:
    """The data without reasons for a lateness that is none."""
    wanted = needs(case, action)
    return {name: value for name, value in data.items() if name not in LATENESS or name in wanted}


def missing(case: Application, action: str, data: dict[str, object]) -> dict[str, str]:
    """Name → sentence for everything that is needed and not there; spaces say nothing."""
    return {name: _sentence(case, name) for name in needs(case, action) if _is_blank(data.get(name))}


def is_same_day(case: Application) -> bool:
    """Whether the act still is 即时 (C02): by the end of the office day on which it could first be seen."""
    since = case.counted_from
    return since is None or _today(case) <= clocks.at_once_by(timezone.localtime(since), calendar.current())


def _is_overrun(case: Application) -> bool:
    """Whether the promised day is over and nobody has told the public why (C25)."""
    is_over = case.promise_due is not None and _today(case) > case.promise_due
    return is_over and case.overrun_explained_on is None


def _today(case: Application) -> date:
    return getattr(case, "acting_on", None) or timezone.localdate()


def _is_blank(value: object) -> bool:
    return not value.strip() if isinstance(value, str) else value in (None, [])


def _sentence(case: Application, name: str) -> str:
    if name == "items" and case.state == State.RESUBMITTED:
        return "告知的内容都补正了的，应当受理（行政许可法第三十二条第一款第五项）；仍有没有补正的，请写明是哪一项。"
    return f"请填写{FIELD_LABELS.get(name, name)}。"
