"""What an officer asks of colleagues about a case: a countersignature, or to take it over."""

from typing import Any

from django import forms

from applications import claims, countersigning
from applications.actors import Actor
from applications.forms.inputs import text
from applications.models import Application
from applications.models.countersign import Verdict
from identity.models import User


def _person(label: str, people: list[User], error: str) -> forms.ChoiceField:
    options = [(one.username, str(one)) for one in people]
    return forms.ChoiceField(
        label=label,
        choices=[("", "请选择"), *options],
        widget=forms.Select(attrs={"class": "form-select"}),
        error_messages={"required": error, "invalid_choice": error},
    )


class AskForm(forms.Form):
    """Whom to ask, and what."""

    def __init__(self, case: Application, actor: Actor, data: Any = None) -> None:
        super().__init__(data)
        people = list(countersigning.candidates().exclude(pk=actor.user_id or 0))
        self.fields["signer"] = _person("会签人", people, "请选择另一位在岗的工作人员。")
        self.fields["question"] = text("请会签的问题", "只在内网留存，会签人据此提出意见。")(case)


class SignForm(forms.Form):
    """The opinion that was asked for."""

    verdict = forms.ChoiceField(
        label="会签结论",
        choices=[(Verdict.AGREES, "同意"), (Verdict.DISAGREES, "不同意")],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择同意或者不同意。", "invalid_choice": "请选择同意或者不同意。"},
    )

    def __init__(self, case: Application, data: Any = None) -> None:
        super().__init__(data)
        self.fields["opinion"] = text("会签意见", "会记入办件经过，办理人据此继续办理。")(case)


class HandOverForm(forms.Form):
    """To whom the case goes, and why."""

    def __init__(self, case: Application, actor: Actor, data: Any = None) -> None:
        super().__init__(data)
        self.fields["colleague"] = _person("移交给", claims.heirs(case, actor), "请选择一位能办理这件申请的同事。")
        self.fields["reason"] = text("移交的原因", rows=2)(case)
