"""The rating form: one grade, its aspects if somebody wants, words, and a telephone number for who wants to be called back."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.models.rating import Grade
from applications.ratings.giving import ASPECTS
from identity.numbers import clean_callback

PREFIX = "aspect-"
GRADES = [(grade.value, _(grade.label)) for grade in Grade]


class RatingForm(forms.Form):
    """Public page: Chinese and English."""

    grade = forms.TypedChoiceField(
        label=_("您对这次办事满意吗？"),
        coerce=int,
        choices=GRADES,
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择一个评价。"), "invalid_choice": _("请选择一个评价。")},
    )
    text = forms.CharField(
        label=_("想说的话"),
        help_text=_("哪里好，哪里不好，怎样改进。请不要写身份证号和银行卡号。"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4, "class": "form-control"}),
        error_messages={"max_length": _("请不要超过 1000 字。")},
    )
    contact_name = forms.CharField(
        label=_("称呼"),
        required=False,
        max_length=50,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "name"}),
    )
    contact_phone = forms.CharField(
        label=_("联系电话"),
        help_text=_("希望我们回访的，请留下电话；只用于回访。"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"class": "form-control", "type": "tel", "autocomplete": "tel"}),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        for key, label in ASPECTS.items():
            self.fields[PREFIX + key] = forms.TypedChoiceField(
                label=_(label),
                required=False,
                coerce=int,
                empty_value=None,
                choices=[("", "—"), *GRADES],
                widget=forms.Select(attrs={"class": "form-select"}),
            )

    def clean_contact_phone(self) -> str:
        """A number that can be called, or none."""
        return clean_callback(self.cleaned_data["contact_phone"])

    def aspect_fields(self) -> list[forms.BoundField]:
        """The aspects, for the page."""
        return [self[PREFIX + key] for key in ASPECTS]

    def given(self) -> dict[str, Any]:
        """What ``giving.give`` takes."""
        cleaned = self.cleaned_data
        aspects = {key: cleaned[PREFIX + key] for key in ASPECTS if cleaned.get(PREFIX + key)}
        plain = {name: cleaned[name] for name in ("grade", "text", "contact_name", "contact_phone")}
        return plain | {"aspects": aspects}
