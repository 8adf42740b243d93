"""The form about a joint case: the government's approval of a longer joint limit."""

from django import forms


def _line(label: str, help_text: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=100,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
        error_messages={"required": f"请填写{label}。", "max_length": f"{label}不能超过 100 个字。"},
    )


class ExtendForm(forms.Form):
    """Who approved, by which paper, and why."""

    approved_by = _line("批准的本级人民政府负责人", "联合办理的延期由他批准（行政许可法第四十二条第二款）。")
    approval_number = _line("批准的文号或批件编号", "")
    reason = forms.CharField(
        label="延长的理由",
        help_text="会告知申请人，请不要写个人信息。",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "class": "form-control"}),
        error_messages={"required": "请填写延长的理由。", "max_length": "理由不能超过 1000 字。"},
    )
