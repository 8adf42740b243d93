"""Forms about licences: ending one, asking for a change, barring an applicant."""

from typing import Any

from django import forms

from applications import grounds, licence_faces, licences
from applications.models import Licence
from applications.models.bar import BarGround


def _words(label: str, help_text: str = "", rows: int = 4) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": rows, "class": "form-control"}),
        error_messages={"required": f"请填写{label}。", "max_length": f"{label}不能超过 2000 字。"},
    )


def _one_of(label: str, choices: list[tuple[str, str]]) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=choices,
        widget=forms.RadioSelect,
        error_messages={"required": f"请选择{label}。", "invalid_choice": "请选择列出的一种情形。"},
    )


class EndForm(forms.Form):
    """The ground in law and the reason; only grounds that can be true of this licence are offered."""

    def __init__(self, licence: Licence, act: str, data: Any = None) -> None:
        super().__init__(data)
        word = grounds.ACT_WORDS[act]
        self.fields["ground"] = _one_of("法定情形", list(licences.open_grounds(licence, act).items()))
        self.fields["reason"] = _words(
            f"{word}的理由和依据", f"会写入《{word}决定书》，公众核验页和许可公示也会显示，请不要写个人信息。"
        )


class BarForm(forms.Form):
    """The ground and the facts of a warning and bar."""

    def __init__(self, possible: list[str], data: Any = None) -> None:
        super().__init__(data)
        choices = [(one, BarGround(one).label) for one in possible]
        self.fields["ground"] = _one_of("情形", choices)
        self.fields["reason"] = _words("查明的事实和理由", "会写入告知书。")


class LiftForm(forms.Form):
    """Why a bar ends early."""

    reason = _words("解除的理由")


class AnswerForm(forms.Form):
    """Why a licence is not cancelled although its holder asked."""

    answer = _words("不予注销的理由", "会告知持证人。", rows=3)


class ChangeForm(forms.Form):
    """What the licence says now, to be overwritten where it changed."""

    def __init__(self, licence: Licence, data: Any = None) -> None:
        super().__init__(data)
        present = licence_faces.values(licence)
        for name, label in licence_faces.CHANGEABLE.items():
            if name == "legal_representative" and licence.application.applicant_kind == "person":
                continue
            rows = 3 if name == "scope" else 0
            widget = (
                forms.Textarea(attrs={"rows": rows, "class": "form-control"})
                if rows
                else forms.TextInput(attrs={"class": "form-control"})
            )
            self.fields[name] = forms.CharField(
                label=label,
                required=False,
                max_length=1000 if rows else 200,
                help_text=f"证照上现在是：{present[name] or '（没有写）'}",
                widget=widget,
                error_messages={"max_length": f"{label}太长了。"},
            )
