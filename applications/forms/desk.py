"""Forms of the work list: what to do with many cases, labels, templates of opinions."""

from typing import Any

from django import forms

from applications import machine
from applications.actors import Actor
from applications.desk import labels, many
from applications.forms.moves import DELIVERY_METHODS
from applications.models import Label
from identity.models import Department
from identity.offering import offer, offer_rows


class ManyForm(forms.Form):
    """Which act; the words, the way of delivery or the label that it wants."""

    act = forms.ChoiceField(label="要办的事", widget=forms.Select(attrs={"class": "form-select"}))
    opinion = forms.CharField(
        label="意见", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3, "class": "form-control"})
    )
    method = forms.ChoiceField(
        label="送达方式",
        required=False,
        choices=[(one, one) for one in DELIVERY_METHODS],
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    label = forms.ModelChoiceField(
        label="标签",
        queryset=Label.objects.none(),
        required=False,
        empty_label="请选择",
        to_field_name="uid",
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    WANTS = {"pass_on": "opinion", "deliver": "method", "stick": "label", "take_off": "label"}

    def __init__(self, actor: Actor, data: Any = None) -> None:
        super().__init__(data)
        offer(self, "act", many.labels_of_acts().items())
        self.fields["act"].error_messages |= {"required": "请选择要办的事。", "invalid_choice": "请选择要办的事。"}
        offer_rows(self, "label", labels.of(actor))

    def clean(self) -> dict[str, Any]:
        """The one input that the act wants is there."""
        said = super().clean() or {}
        wanted = self.WANTS.get(said.get("act", ""), "")
        if wanted and not said.get(wanted):
            self.add_error(wanted, f"请填写{self.fields[wanted].label}。")
        return said

    def drop_unwanted(self) -> None:
        """Leave only the input that the act wants, for the page that asks once more; that one must be answered."""
        wanted = self.WANTS.get(self.data.get("act", ""), "")
        for name in ("opinion", "method", "label"):
            if name != wanted:
                del self.fields[name]
            else:
                self.fields[name].required = True


class LabelForm(forms.Form):
    """A new label."""

    department = forms.ModelChoiceField(
        label="部门", queryset=Department.objects.none(), widget=forms.Select(attrs={"class": "form-select"})
    )
    name = forms.CharField(label="标签", max_length=12, widget=forms.TextInput(attrs={"class": "form-control"}))
    tone = forms.ChoiceField(
        label="颜色", choices=[*labels.TONES.items()], widget=forms.Select(attrs={"class": "form-select"})
    )

    def __init__(self, departments: list[Department], data: Any = None) -> None:
        super().__init__(data)
        mine = Department.objects.filter(pk__in=[one.pk for one in departments])
        offer_rows(self, "department", mine)
        if len(departments) == 1:
            self.fields["department"].initial = departments[0]


class TemplateForm(forms.Form):
    """Words to be used again, by oneself or by the department."""

    name = forms.CharField(label="名称", max_length=30, widget=forms.TextInput(attrs={"class": "form-control"}))
    action = forms.ChoiceField(label="用于", required=False, widget=forms.Select(attrs={"class": "form-select"}))
    text = forms.CharField(
        label="内容", max_length=2000, widget=forms.Textarea(attrs={"rows": 4, "class": "form-control"})
    )
    department = forms.ModelChoiceField(
        label="谁可以用",
        queryset=Department.objects.none(),
        required=False,
        empty_label="只有我自己",
        widget=forms.Select(attrs={"class": "form-select"}),
    )

    def __init__(self, departments: list[Department], data: Any = None) -> None:
        super().__init__(data)
        written = [(name, machine.label(name)) for name in machine.moves() if _has_words(name)]
        offer(self, "action", [("", "所有动作"), *written])
        mine = Department.objects.filter(pk__in=[one.pk for one in departments])
        offer_rows(self, "department", mine)


def _has_words(action: str) -> bool:
    declared = [transition.custom.get("needs", ()) for transition in machine.moves()[action]]
    return any({"opinion", "reason"} & set(names) for names in declared)
