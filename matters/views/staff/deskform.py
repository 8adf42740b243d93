"""The filter of the desk; its values stay in the address."""

from collections.abc import Sequence
from typing import Any

from django import forms

from identity.models import Department
from identity.offering import offer
from matters import codes

INVALID = {"invalid_choice": "没有这个选项。"}


class DeskForm(forms.Form):
    """Name or code, department for who keeps several, type."""

    q = forms.CharField(
        label="事项名称或编码",
        required=False,
        max_length=100,
        error_messages={"max_length": "请不要超过 100 个字。"},
        widget=forms.TextInput(attrs={"class": "form-control", "type": "search", "autocomplete": "off"}),
    )
    department = forms.ChoiceField(
        label="部门", required=False, error_messages=INVALID, widget=forms.Select(attrs={"class": "form-select"})
    )
    type = forms.ChoiceField(
        label="类型",
        required=False,
        choices=[("", "全部类型"), *codes.MATTER_TYPES.items()],
        error_messages=INVALID,
        widget=forms.Select(attrs={"class": "form-select"}),
    )

    def __init__(self, data: Any, *, departments: Sequence[Department]) -> None:
        super().__init__(data)
        names = [(one.code, str(one)) for one in departments]
        offer(self, "department", [("", "全部部门"), *names])
        if len(departments) < 2:
            del self.fields["department"]
