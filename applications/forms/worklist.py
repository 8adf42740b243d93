"""The filter of the work list; its values stay in the address."""

from collections.abc import Sequence
from typing import Any

from django import forms

from applications.models import Label
from applications.states import State
from identity.models import Department
from identity.offering import offer


class FilterForm(forms.Form):
    """Number, applicant or matter; the state; the department for who sees several."""

    q = forms.CharField(
        label="编号、申请人或事项",
        required=False,
        max_length=100,
        error_messages={"max_length": "请不要超过 100 个字。"},
        widget=forms.TextInput(attrs={"class": "form-control", "type": "search", "autocomplete": "off"}),
    )
    state = forms.ChoiceField(
        label="状态",
        required=False,
        error_messages={"invalid_choice": "没有这种状态。"},
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    department = forms.ChoiceField(
        label="部门",
        required=False,
        error_messages={"invalid_choice": "您不能查看这个部门的办件。"},
        widget=forms.Select(attrs={"class": "form-select"}),
    )

    label = forms.ChoiceField(
        label="标签",
        required=False,
        error_messages={"invalid_choice": "没有这个标签。"},
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    sort = forms.ChoiceField(
        label="排序",
        required=False,
        choices=[("", "默认排序"), ("due", "期限近的在前"), ("newest", "新提交的在前"), ("oldest", "先提交的在前")],
        error_messages={"invalid_choice": "没有这种排序。"},
        widget=forms.Select(attrs={"class": "form-select"}),
    )

    def __init__(self, data: Any, *, departments: Sequence[Department]) -> None:
        super().__init__(data)
        states = [(state.value, state.label) for state in State if state is not State.DRAFT]
        offer(self, "state", [("", "全部状态"), *states])
        names = [(one.code, str(one)) for one in departments]
        offer(self, "department", [("", "全部部门"), *names])
        labels = list(Label.objects.filter(department__in=departments))
        offer(self, "label", [("", "全部标签"), *((str(one.uid), str(one)) for one in labels)])
        if not labels:
            del self.fields["label"]
        if len(departments) < 2:
            del self.fields["department"]
