"""Inputs of the moves in procedure_life.py: hearing, third parties, checks; and of the extension of joint handling."""

from collections.abc import Iterable

from django import forms

from applications import joint_handling, officers
from applications.forms.inputs import Maker, choice, line, text
from applications.models import Application
from applications.models.site_check import CheckKind, CheckResult
from applications.models.third_party import HeardHow

TOLD_HOW = ("当面告知", "邮寄", "电话并寄送", "留置", "公告")
# What a move may carry beyond what it needs; a third value says that it is asked of people all the same.
OPTIONAL: dict[str, tuple[str, ...]] = {
    "hear_third_party": ("statement",),
    "ask_hearing": ("asker",),
    "hold_hearing": ("record",),
}
ALWAYS_ASKED = ("asker", "approved_by", "approval_number")
RECORD_LENGTH = 20_000


def carried(case: Application, action: str) -> tuple[str, ...]:
    """What this move on this case carries beyond what it needs."""
    if action == "extend" and joint_handling.is_joint(case):
        return ("approved_by", "approval_number")
    return OPTIONAL.get(action, ())


def _staff(case: Application) -> list[tuple[str, str]]:
    return [(one.username, one.name) for one in officers.of(case)]


def _officers(case: Application) -> forms.Field:
    return forms.MultipleChoiceField(
        label="核查人员",
        help_text="至少两名，姓名会记入核查记录（行政许可法第三十四条第三款、第五十五条）。",
        choices=_staff(case),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "请指派两名以上工作人员。",
            "invalid_choice": "名单里没有这位工作人员，请重新选择。",
        },
    )


def _check_on(case: Application) -> forms.Field:
    return forms.DateField(
        label="核查日期",
        help_text="到了这一天才能记录核查。现场核查不停止计时。",
        widget=forms.DateInput(attrs={"type": "date", "class": "form-control"}, format="%Y-%m-%d"),
        error_messages={"required": "请填写核查日期。", "invalid": "请按 2026-03-20 这样填写日期。"},
    )


def _set_for(case: Application) -> forms.Field:
    return forms.DateTimeField(
        label="听证时间",
        help_text="至少提前 7 个工作日通知；在申请听证之日起 20 个工作日内举行。",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local", "class": "form-control"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"required": "请填写听证时间。", "invalid": "请按 2026-03-20 09:30 这样填写日期和时间。"},
    )


def _planned(case: Application) -> Iterable[tuple[str, str]]:
    for check in case.site_checks.filter(recorded_at=None):
        yield str(check.uid), f"{check.get_kind_display()}，{check.check_on}，{check.names}"


def _unheard(case: Application) -> Iterable[tuple[str, str]]:
    for party in case.third_parties.filter(heard_on=None):
        yield str(party.uid), f"{party.name}（可以陈述到 {party.answer_due}）"


def _askers(case: Application) -> Iterable[tuple[str, str]]:
    names = [case.applicant_name, *(party.name for party in case.third_parties.all())]
    return [(name, name) for name in names]


FIELDS: dict[str, Maker] = {
    "check_kind": choice("核查种类", lambda case: CheckKind.choices),
    "check_on": _check_on,
    "officers": _officers,
    "check": choice("哪一次核查", _planned),
    "findings": text(
        "核查情况", "写明看了什么、量了什么、发现什么。照片和签字的记录在办件页上传。", rows=6, longest=5000
    ),
    "result": choice("结论", lambda case: CheckResult.choices),
    "party_name": line("利害关系人的姓名或名称", longest=100),
    "party_contact": line("联系方式", "电话或地址；加密保存，不出内网。"),
    "interest": text("有什么重大利益关系", "会写入给利害关系人的告知书。"),
    "told_how": choice("告知方式", lambda case: [(one, one) for one in TOLD_HOW], radio=False),
    "party": choice("利害关系人", _unheard),
    "heard_how": choice("怎样听取", lambda case: HeardHow.choices),
    "statement": text("陈述的意见", "只在内网留存。期满没有陈述的不填。", rows=4),
    "asker": choice("谁申请听证", _askers),
    "set_for": _set_for,
    "presider": choice("主持人", _staff, "不能是审查这件申请的工作人员（行政许可法第四十八条）。", radio=False),
    "record": text("听证笔录", "已经在办件页上传签字笔录的可以不填。", rows=10, longest=RECORD_LENGTH),
    "confirmed_by": line("确认笔录并签字的人", "写明各方参加人，例如：申请人王芳、利害关系人张平。", longest=300),
    "approved_by": line(
        f"批准延期的{joint_handling.GOVERNMENT_HEAD}", "联合办理的延期由他批准（第四十二条第二款）。", 100
    ),
    "approval_number": line("批准的文号或批件编号", longest=100),
}
# The same word means another place in another move.
FIELDS_OF: dict[tuple[str, str], Maker] = {("set_hearing", "place"): line("听证地点")}
