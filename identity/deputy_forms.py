"""The form for an absence: who is away, who stands in, from when to when, why."""

from typing import Any

from django import forms

from identity import deputies
from identity.models import User
from identity.offering import offer


def _people(people: Any) -> list[tuple[str, str]]:
    return [("", "请选择"), *((str(one.pk), str(one)) for one in people)]


class DeputyForm(forms.Form):
    """``principal`` offers oneself and, to leaders, everybody of their departments."""

    principal = forms.ChoiceField(label="谁不在岗（A角）", widget=forms.Select(attrs={"class": "form-select"}))
    deputy = forms.ChoiceField(
        label="由谁代理（B角）",
        help_text="代理期间，B角持有A角的全部岗位；办理时会注明“代某某”。同一件申请，审查和决定仍然不能由同一人办理。",
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    begins = forms.DateField(label="开始日", widget=forms.DateInput(attrs={"type": "date", "class": "form-control"}))
    ends = forms.DateField(label="结束日", widget=forms.DateInput(attrs={"type": "date", "class": "form-control"}))
    reason = forms.CharField(
        label="事由",
        max_length=100,
        widget=forms.TextInput(attrs={"class": "form-control"}),
        help_text="例如：年休假。",
    )

    def __init__(self, user: User, data: Any = None) -> None:
        super().__init__(data)
        for field in self.fields.values():
            field.error_messages |= {"required": f"请填写{field.label}。", "invalid_choice": f"请选择{field.label}。"}
        whose = list(deputies.may_arrange(user))
        choices = {one.pk: one for principal in whose for one in deputies.colleagues(principal)}
        people = sorted(choices.values(), key=str)
        offer(self, "principal", _people(whose))
        self.fields["principal"].initial = str(user.pk)
        offer(self, "deputy", _people(people))
