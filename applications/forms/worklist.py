"""The filter of the work list; its values stay in the address."""

from typing import Any

from django import forms

from applications.states import State


class FilterForm(forms.Form):
    """Number, applicant or matter; and the state."""

    tab = forms.CharField(required=False, widget=forms.HiddenInput)
    q = forms.CharField(label="编号、申请人或事项", required=False, max_length=100, strip=True)
    state = forms.ChoiceField(label="状态", required=False)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        choices = [(state.value, state.label) for state in State if state is not State.DRAFT]
        self.fields["state"].choices = [("", "全部状态"), *choices]  # type: ignore[attr-defined]
        self.fields["q"].widget.attrs["class"] = "form-control"
        self.fields["state"].widget.attrs["class"] = "form-select"
