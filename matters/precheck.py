"""Conditions as questions: before anybody logs in, who may apply and what stands in the way."""

from collections.abc import Mapping
from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from matters.guide import Condition


class PrecheckForm(forms.Form):
    """A yes-or-no question for each condition that has one."""

    def __init__(self, data: Mapping[str, str] | None, *, conditions: list[Condition]) -> None:
        super().__init__(data)
        self.conditions = conditions
        for index, condition in enumerate(conditions):
            if condition.question:
                self.fields[f"c{index}"] = forms.ChoiceField(
                    label=condition.question,
                    choices=[("yes", gettext_lazy("是")), ("no", gettext_lazy("否"))],
                    widget=forms.RadioSelect,
                    error_messages={
                        "required": gettext_lazy("请选择“是”或“否”。"),
                        "invalid_choice": gettext_lazy("请选择“是”或“否”。"),
                    },
                )


@dataclass(frozen=True)
class Result:
    """Eligible or not, and every condition with what was answered (ok None: not asked, to be confirmed)."""

    is_eligible: bool
    items: list[dict[str, object]]


def judge(form: PrecheckForm) -> Result:
    """The result of a valid form."""
    items: list[dict[str, object]] = []
    for index, condition in enumerate(form.conditions):
        answer = form.cleaned_data.get(f"c{index}")
        is_met = None if answer is None else answer == "yes"
        items.append({"text": condition.text, "ok": is_met, "note": _note(condition, is_met)})
    return Result(all(item["ok"] is not False for item in items), items)


def _note(condition: Condition, is_met: bool | None) -> str:
    if is_met is None:
        return _("没有问您这一条，提交后由工作人员核对")
    return _("符合") if is_met else _("不符合。%(advice)s") % {"advice": condition.answer_if_not}
