"""What a window clerk types about who came, about one material, and about what the applicant asks."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from applications.counter.visitors import ENTERPRISE_DOCUMENTS, PERSON_DOCUMENTS, Visitor
from applications.models.application import ApplicantKind
from applications.models.counter import Capacity
from identity.numbers import clean_id_number, clean_phone, clean_uscc, is_under_14
from matters import codes

AGENT_NUMBER = "agent_number"


def _line(
    label: str, help_text: str = "", longest: int = 100, *, required: bool = True, **attrs: str
) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=longest,
        required=required,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off", **attrs}),
        error_messages={"required": f"请填写{label}。", "max_length": f"{label}太长了。"},
    )


def _choice(label: str, options: Any, help_text: str = "", *, required: bool = True) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        help_text=help_text,
        required=required,
        choices=[("", "请选择"), *options],
        widget=forms.Select(attrs={"class": "form-select"}),
        error_messages={"required": f"请选择{label}。", "invalid_choice": f"请在列出的选项里选择{label}。"},
    )


class IdentityForm(forms.Form):
    """Who applies and who stands here. ``kind`` decides which papers and capacities there are; numbers are checked."""

    def __init__(self, kind: str, data: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        self.kind = ApplicantKind(kind)
        self.fields.update(self._of_person() if kind == ApplicantKind.PERSON else self._of_enterprise())

    def _of_person(self) -> dict[str, forms.Field]:
        return {
            "name": _line("申请人姓名"),
            "number": _line("申请人身份证号", "18 位，最后一位可能是 X。", 30),
            "document": _choice("申请人出示的证件", [(one.value, one.label) for one in PERSON_DOCUMENTS]),
            "capacity": _choice("来人是", [(one.value, one.label) for one in (Capacity.SELF, Capacity.AGENT)]),
            **self._of_agent("代理人", required=False),
            **_always("address", "联系地址"),
        }

    def _of_enterprise(self) -> dict[str, forms.Field]:
        return {
            "name": _line("单位名称", "与执照一致，写全称。", 200),
            "number": _line("统一社会信用代码", "执照上的 18 位代码。", 30),
            "document": _choice("单位的证照", [(one.value, one.label) for one in ENTERPRISE_DOCUMENTS]),
            "capacity": _choice("来人是", [(one.value, one.label) for one in (Capacity.HEAD, Capacity.AGENT)]),
            **self._of_agent("来人", required=True),
            **_always("address", "住所"),
        }

    def _of_agent(self, who: str, *, required: bool) -> dict[str, forms.Field]:
        only = "" if required else "代理人来办的才填。"
        papers = [(one.value, one.label) for one in PERSON_DOCUMENTS]
        return {
            "agent_name": _line(f"{who}姓名", only, required=required),
            AGENT_NUMBER: _line(f"{who}身份证号", only, 30, required=required),
            "agent_document": _choice(f"{who}出示的证件", papers, only, required=required),
            "has_authority": forms.BooleanField(
                label="已收授权委托书", required=False, help_text="代理人来办的必须有（行政许可法第二十九条第二款）。"
            ),
        }

    def clean_name(self) -> str:
        """Without spaces at the ends, and with single ones inside."""
        return " ".join(self.cleaned_data["name"].split())

    def clean_number(self) -> str:
        """The number in its one form, its check digit right."""
        check = clean_id_number if self.kind == ApplicantKind.PERSON else clean_uscc
        return check(self.cleaned_data["number"])

    def clean_agent_number(self) -> str:
        """The same of who came."""
        number = self.cleaned_data[AGENT_NUMBER]
        return clean_id_number(number) if number else ""

    def clean_phone(self) -> str:
        """A mobile number: that is where a notice of correction is announced."""
        return clean_phone(self.cleaned_data["phone"])

    def clean(self) -> dict[str, Any]:
        """What an agent must show, and who cannot come alone."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("capacity") == Capacity.AGENT:
            self._check_agent(cleaned)
        elif cleaned.get("capacity") == Capacity.SELF and is_child(cleaned.get("number", "")):
            self.add_error("capacity", "申请人未满 14 周岁，应当由监护人来办，请选“委托代理人”并核验监护人的证件。")
        return cleaned

    def _check_agent(self, cleaned: dict[str, Any]) -> None:
        for name in ("agent_name", AGENT_NUMBER, "agent_document"):
            if name in cleaned and not cleaned[name]:
                self.add_error(name, f"代理人来办的，请填写{self.fields[name].label}。")
        if cleaned.get(AGENT_NUMBER) and cleaned.get(AGENT_NUMBER) == cleaned.get("number"):
            self.add_error(AGENT_NUMBER, "代理人和申请人的身份证号相同；申请人自己来办的，请选“本人”。")
        if not cleaned.get("has_authority"):
            self.add_error("has_authority", "代理人来办的，请核对并收下授权委托书（监护人请核对关系证明）。")

    def visitor(self) -> Visitor:
        """What was checked; only of a valid form."""
        said = self.cleaned_data
        is_self = said["capacity"] == Capacity.SELF
        return Visitor(
            kind=self.kind,
            name=said["name"],
            number=said["number"],
            document=said["document"],
            phone=said["phone"],
            address=said["address"],
            capacity=Capacity(said["capacity"]),
            presenter_name=said["name"] if is_self else " ".join(said["agent_name"].split()),
            presenter_id=said["number"] if is_self else said[AGENT_NUMBER],
            presenter_document=said["document"] if is_self else said["agent_document"],
            has_authority=said["has_authority"] and said["capacity"] == Capacity.AGENT,
            window=said["window"],
        )


def _always(name: str, label: str) -> dict[str, forms.Field]:
    phone = _line("联系电话", "11 位手机号，补正和领证时联系。", 20, inputmode="tel")
    window = _line("窗口", "例如 3 号窗口；会印在回执上。", 40)
    return {"phone": phone, name: _line(label, longest=300, required=False), "window": window}


def is_child(number: str) -> bool:
    """Whether a valid citizen number is of somebody under fourteen; False for anything else."""
    return bool(re.fullmatch(r"\d{17}[\dX]", number)) and is_under_14(number)


class PaperForm(forms.Form):
    """How many sheets of one material lie on the counter, and how far it may be trusted."""

    originals = forms.IntegerField(label="原件份数", min_value=0, max_value=99, required=False)
    copies = forms.IntegerField(label="复印件份数", min_value=0, max_value=99, required=False)
    trust = forms.ChoiceField(label="可信等级", choices=[("", "未选"), *codes.TRUST_LEVELS.items()], required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("originals", "copies"):
            field = self.fields[name]
            field.error_messages |= dict.fromkeys(("invalid", "min_value", "max_value"), "份数请填 0 到 99。")
        self.fields["trust"].error_messages["invalid_choice"] = "可信等级请选 A、B、C、D 之一。"

    def said(self) -> dict[str, Any]:
        """What ``papers.note`` takes; only of a valid form."""
        given = self.cleaned_data
        return {"originals": given["originals"] or 0, "copies": given["copies"] or 0, "trust": given["trust"]}

    def sentence(self) -> str:
        """What is wrong, in one line."""
        return " ".join(str(text) for texts in self.errors.values() for text in texts)


class WithdrawForm(forms.Form):
    """Why somebody takes the application back in person, and that they signed."""

    reason = forms.CharField(
        label="申请人撤回的原因",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "class": "form-control"}),
        error_messages={"required": "请写明撤回的原因。", "max_length": "请不要超过 1000 字。"},
    )
    signed = forms.BooleanField(
        label="已核对来人的身份，申请人（代理人）已经签字", error_messages={"required": "请核对身份并请来人签字。"}
    )

    def clean_reason(self) -> str:
        """NUL cannot be stored and no keyboard types it."""
        reason: str = self.cleaned_data["reason"].replace("\0", "").strip()
        if not reason:
            raise ValidationError("请写明撤回的原因。")
        return reason
