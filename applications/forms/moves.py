"""One form per move, built from what the machine says the move needs. Pages and API validate with the same forms."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone

from applications import deferral, fixes, needs, notices_again
from applications.forms import procedure
from applications.forms.inputs import line, text
from applications.models import Application, PostalWish
from applications.models.owed import OwedState
from applications.states import SpecialProcedure, State
from applications.talking import parcels

DELIVERY_METHODS = ("电子送达", "直接送达", "邮寄送达", "留置送达", "委托送达", "公告送达")
# What no paper says.
INSIDE = ("opinion",)
# What a move may carry beyond what it needs.
OPTIONAL: dict[str, tuple[str, ...]] = {
    "pass_on": ("opinion",),
    "send_back": ("to_order", "walk"),
    "grant": ("scope",),
    "grant_at_once": ("scope",),
    "check_owed": ("problem",),
    "deliver": ("carrier", "tracking", "place"),
} | procedure.OPTIONAL


def _procedure(case: Application) -> forms.Field:
    allowed = [(name, SpecialProcedure(name).label) for name in case.special_procedures_allowed()]
    return forms.ChoiceField(
        label="特别程序",
        help_text="只有行政许可法第四十五条列出的八种，且办事指南写明的，才可以不计入期限。",
        choices=allowed,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择一种特别程序。", "invalid_choice": "办事指南没有列出这种特别程序。"},
    )


def _expected_days(case: Application) -> forms.Field:
    return forms.IntegerField(
        label="预计需要的工作日",
        help_text="这一时间会书面告知申请人。",
        min_value=1,
        max_value=365,
        widget=forms.NumberInput(attrs={"class": "form-control", "inputmode": "numeric"}),
        error_messages={
            "required": "请填写预计需要的工作日数。",
            "invalid": "请填写整数。",
            "min_value": "至少 1 个工作日。",
            "max_value": "不能超过 365 个工作日。",
        },
    )


def _method(case: Application) -> forms.Field:
    wants_post = PostalWish.objects.filter(application=case).exists()
    return forms.ChoiceField(
        label="送达方式",
        initial="邮寄送达" if wants_post else None,
        choices=[(method, method) for method in DELIVERY_METHODS],
        widget=forms.Select(attrs={"class": "form-select"}),
        error_messages={"required": "请选择送达方式。", "invalid_choice": "没有这种送达方式。"},
    )


def _carrier(case: Application) -> forms.Field:
    options = [("", "不是邮寄"), *((name, name) for name in parcels.CARRIERS)]
    return _choice("承运单位", options, "没有这个承运单位。", is_long=True)


def _recipient(case: Application) -> forms.Field:
    field = line("收件人")(case)
    wish = PostalWish.objects.filter(application=case).first()
    field.initial = wish.recipient if wish else case.applicant_name
    return field


def _to_order(case: Application) -> forms.Field:
    previous = case.previous_order() or 0
    steps = [
        (step.order, f"第 {step.order} 步：{step.name}") for step in case.route_steps.all() if step.order <= previous
    ]
    return forms.ChoiceField(
        label="退回到哪一环节",
        choices=steps[::-1],
        widget=forms.Select(attrs={"class": "form-select"}),
        error_messages={"invalid_choice": "请选择当前环节之前的一个环节。"},
    )


def _walk(case: Application) -> forms.Field:
    field = _choice(
        "退回之后",
        [("again", "从那一环节起重新逐步办理"), ("direct", "那一环节办完直接回到这里，中间环节不再重走")],
        "请选择退回之后怎样继续。",
    )
    field.initial = "again"
    return field


def _choice(
    label: str, choices: list[tuple[str, str]], error: str, help_text: str = "", *, is_long: bool = False
) -> forms.Field:
    """One of several: a list to open when it is long."""
    widget = forms.Select(attrs={"class": "form-select"}) if is_long else forms.RadioSelect()
    return forms.ChoiceField(
        label=label,
        help_text=help_text,
        choices=choices,
        widget=widget,
        error_messages={"required": error, "invalid_choice": error},
    )


def _field(case: Application) -> forms.Field:
    now = {
        path: f"{label}（现在是“{fixes.get(case.answers, path) or ''}”）" for path, label in fixes.targets(case).items()
    }
    help_text = "只能更正申请人自己填写的文字、数字和日期；这不是补正通知，不占用一次性告知。"
    return _choice("更正哪一项", [("", "请选择"), *now.items()], "请选择要更正的一项。", help_text, is_long=True)


def _agreed_by(case: Application) -> forms.Field:
    field = line("谁同意更正", "申请人本人或者经办人的姓名，以及当面还是电话确认。")(case)
    field.initial = case.contact_name or case.applicant_name
    return field


def _owed(case: Application) -> forms.Field:
    return forms.MultipleChoiceField(
        label="容缺的材料",
        help_text="只列出办事指南写明可以容缺的材料。补交日期由系统计算：比承诺办结日早 2 个工作日，最长 20 个工作日。",
        choices=[*deferral.choices(case).items()],
        widget=forms.CheckboxSelectMultiple,
        initial=[*deferral.lacking(case)],
        error_messages={"required": "请至少选择一份容缺的材料。", "invalid_choice": "这份材料不能容缺。"},
    )


def _signed(case: Application) -> forms.Field:
    field = line("承诺书由谁、怎样签署", "容缺受理以申请人签署的承诺书为前提。")(case)
    if case.deferral_agreed_at:
        field.initial = f"{case.applicant_name}提交申请时在网上确认"
    return field


def _owed_key(case: Application) -> forms.Field:
    sent = [(row.key, row.label) for row in case.owed.filter(standing=OwedState.SENT)]
    return _choice("核对哪一份", sent, "请选择一份已经补交、还没有核对的材料。")


def _verdict(case: Application) -> forms.Field:
    return _choice("核对结果", [*deferral.VERDICTS.items()], "请选择核对结果。")


FIELDS: dict[str, Callable[[Application], forms.Field]] = {
    "reason": text("理由", "会写入告知申请人的文书，请写清事实和依据。", rows=4),
    "right_organ": line("有权办理的机关", "不属于本机关职权的，必须告知申请人向谁申请（行政许可法第三十二条）。"),
    "opinion": text("意见", "只在内网留存，不对外公开。"),
    "procedure": _procedure,
    "expected_days": _expected_days,
    "upper_organ": line("上级机关"),
    "legal_basis": line("法律依据", "例如：《食品安全法》第三十三条第一款第一项。"),
    "method": _method,
    "recipient": _recipient,
    "scope": text("准予的内容和范围", "会写入决定书；不填时写事项名称。", rows=2),
    "carrier": _carrier,
    "tracking": line("邮寄单号", "申请人在办件页面看到承运单位和单号。", longest=50),
    "place": line("送达地点"),
    "to_order": _to_order,
    "walk": _walk,
    "late_reason": text(
        "没有当日告知的原因", "不予受理和无需办理要当场告知（行政许可法第三十二条）；原因会写入文书。", rows=2
    ),
    "overrun_reason": text(
        "超过承诺期限的原因", "超过承诺期限的，应当公开说明原因（优化营商环境条例第三十六条）。", rows=2
    ),
    "field": _field,
    "value": line("更正后的内容"),
    "agreed_by": _agreed_by,
    "owed": _owed,
    "signed": _signed,
    "owed_key": _owed_key,
    "verdict": _verdict,
    "problem": text("没有通过的原因", "没有通过时填写，申请人会看到：哪里不对，怎样重新补交。", rows=2),
} | procedure.FIELDS


def optional(case: Application, action: str) -> tuple[str, ...]:
    """What this move on this case may carry beyond what it needs, in the order of the form."""
    wanted = needs.needs(case, action)
    names = (*OPTIONAL.get(action, ()), *procedure.carried(case, action))
    return tuple(name for name in dict.fromkeys(names) if name not in wanted)


class MoveForm(forms.Form):
    """The fields of one move on one case; ``move_data`` is what ``perform`` takes."""

    def __init__(self, case: Application, action: str, data: Any = None) -> None:
        super().__init__(data)
        wanted = needs.needs(case, action)
        for name in (*wanted, *optional(case, action)):
            maker = procedure.FIELDS_OF.get((action, name)) or FIELDS.get(name)
            if maker:
                self.fields[name] = maker(case)
                self.fields[name].required = name in wanted or name in procedure.ALWAYS_ASKED

    def typed(self, *, beside_papers: bool) -> list[dict[str, str]]:
        """What was filled in, as rows of label and words; beside the papers that say the rest, only what stays inside."""
        return [
            {"label": str(field.label), "value": _shown(field.field, self.cleaned_data[field.name])}
            for field in self
            if self.cleaned_data.get(field.name) not in (None, "") and (field.name in INSIDE or not beside_papers)
        ]

    def move_data(self) -> dict[str, Any]:
        """The cleaned values that were filled in."""
        return {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}


def _shown(field: forms.Field, value: Any) -> str:
    labels = {str(key): str(label) for key, label in getattr(field, "choices", ())}
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    values = value if isinstance(value, list) else [value]
    return "、".join(labels.get(str(one), str(one)) for one in values)


class CorrectionForm(MoveForm):
    """Every material and every part of the form, each with what is wrong and how to mend it: all at once, once."""

    def __init__(self, case: Application, action: str, data: Any = None) -> None:
        super().__init__(case, action, data)
        self.targets = correction_targets(case)
        for target, label in self.targets.items():
            self.fields[f"problem-{target}"] = self._box(f"“{label}”的问题", 2)
            self.fields[f"remedy-{target}"] = self._box(f"“{label}”怎样补正", 2)

    @staticmethod
    def _box(label: str, rows: int) -> forms.CharField:
        widget = forms.Textarea(attrs={"rows": rows, "class": "form-control"})
        return forms.CharField(label=label, required=False, max_length=1000, widget=widget)

    def rows(self) -> list[dict[str, Any]]:
        """What the page shows: one row per target with its two boxes."""
        return [
            {"label": label, "problem": self[f"problem-{target}"], "remedy": self[f"remedy-{target}"]}
            for target, label in self.targets.items()
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not any(cleaned.get(f"problem-{target}") for target in self.targets):
            raise forms.ValidationError("请至少写明一项需要补正的内容；全部问题要一次告知。")
        for target in self.targets:
            if cleaned.get(f"remedy-{target}") and not cleaned.get(f"problem-{target}"):
                self.add_error(f"problem-{target}", "写了怎样补正，请同时写明问题。")
        return cleaned

    def move_data(self) -> dict[str, Any]:
        items = [
            {
                "target": target,
                "label": label,
                "problem": self.cleaned_data[f"problem-{target}"],
                "remedy": self.cleaned_data.get(f"remedy-{target}", ""),
            }
            for target, label in self.targets.items()
            if self.cleaned_data.get(f"problem-{target}")
        ]
        return {"items": items}


def correction_targets(case: Application) -> dict[str, str]:
    """What can be asked for: ``material:<key>`` and ``section:<key>`` → its name; after a supplement what was listed last."""
    if case.state == State.RESUBMITTED:
        return notices_again.still_open(case)
    content = case.content
    materials = {f"material:{one.key}": one.name for one in content.guide.materials if one.electronic}
    sections = {f"section:{one.key}": one.title for one in content.form.sections}
    return materials | sections


def form_for(case: Application, action: str, data: Any = None) -> MoveForm:
    """The form of this move on this case, bound when ``data`` is given."""
    kind = CorrectionForm if action == "ask_correction" else MoveForm
    return kind(case, action, data)
