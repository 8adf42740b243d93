"""One question of a form definition as a Django form field: widget, limits, and messages in plain words."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from identity.numbers import clean_id_number, clean_phone, clean_uscc, compact
from matters.checks.contacts import is_phone
from matters.formdef import Field

YES_NO = [("yes", _("是")), ("no", _("否"))]
# More options than this are a drop-down list rather than radio buttons.
RADIO_LIMIT = 7
EXAMPLE_SHOWN = {"text", "textarea", "integer", "decimal", "money", "address"}


def label_of(field: Field) -> str:
    """The label in the page's language."""
    return field.label_en if field.label_en and (get_language() or "").startswith("en") else field.label


def django_field(field: Field) -> forms.Field:
    """The Django field that asks for ``field``."""
    common: dict[str, Any] = {
        "label": label_of(field),
        "required": field.required,
        "help_text": _help(field),
        "error_messages": {"required": _("请填写“%(label)s”。") % {"label": label_of(field)}},
    }
    return BUILDERS[field.type](field, common)


def _help(field: Field) -> str:
    parts = [field.help] if field.help else []
    if field.example and field.type in EXAMPLE_SHOWN:
        parts.append(_("例如：%(example)s") % {"example": field.example})
    return _("；").join(str(part).rstrip("。") for part in parts) if len(parts) > 1 else "".join(parts)


def _text(field: Field, common: dict[str, Any]) -> forms.Field:
    built = forms.CharField(max_length=field.max_length, **common)
    if field.pattern:
        message = _("格式不对，请按说明填写。") if field.help or field.example else _("格式不对，请核对。")
        built.validators.append(RegexValidator(re.compile(rf"(?:{field.pattern})\Z"), message))
    return built


def _textarea(field: Field, common: dict[str, Any]) -> forms.Field:
    return forms.CharField(max_length=field.max_length, widget=forms.Textarea(attrs={"rows": 4}), **common)


def _address(field: Field, common: dict[str, Any]) -> forms.Field:
    widget = forms.TextInput(attrs={"autocomplete": "street-address"})
    return forms.CharField(max_length=field.max_length, widget=widget, **common)


def _bounds(field: Field, convert: Callable[[str], Any]) -> dict[str, Any]:
    return {
        "min_value": convert(field.min) if field.min else None,
        "max_value": convert(field.max) if field.max else None,
    }


def _integer(field: Field, common: dict[str, Any]) -> forms.Field:
    common["error_messages"]["invalid"] = _("请填写整数，例如 12。")
    widget = forms.TextInput(attrs={"inputmode": "numeric"})
    return forms.IntegerField(widget=widget, **_bounds(field, lambda text: int(Decimal(text))), **common)


def _decimal(field: Field, common: dict[str, Any]) -> forms.Field:
    common["error_messages"]["invalid"] = _("请填写数字，例如 12.5。")
    widget = forms.TextInput(attrs={"inputmode": "decimal"})
    places = 2 if field.type == "money" else 6
    bounds = _bounds(field, Decimal)
    if field.type == "money" and bounds["min_value"] is None:
        bounds["min_value"] = Decimal(0)
    return forms.DecimalField(widget=widget, max_digits=18, decimal_places=places, **bounds, **common)


class _DateField(forms.DateField):
    """A day within bounds that are written as ISO dates."""

    def __init__(self, *, earliest: str, latest: str, **kwargs: Any) -> None:
        self.earliest, self.latest = earliest, latest
        super().__init__(**kwargs)

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and self.earliest and value.isoformat() < self.earliest:
            raise ValidationError(_("日期不能早于 %(day)s。"), params={"day": self.earliest})
        if value and self.latest and value.isoformat() > self.latest:
            raise ValidationError(_("日期不能晚于 %(day)s。"), params={"day": self.latest})


def _date(field: Field, common: dict[str, Any]) -> forms.Field:
    common["error_messages"]["invalid"] = _("请填写日期，例如 2026-03-01。")
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    formats = ["%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日", "%Y%m%d"]
    return _DateField(widget=widget, input_formats=formats, earliest=field.min, latest=field.max, **common)


def _choice(field: Field, common: dict[str, Any]) -> forms.Field:
    choices = YES_NO if field.type == "yesno" else [(choice.value, choice.label) for choice in field.choices]
    common["error_messages"] = {
        "required": _("请选择“%(label)s”。") % {"label": common["label"]},
        "invalid_choice": _("“%(value)s”不在选项里，请重新选择。"),
    }
    if len(choices) <= RADIO_LIMIT:
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **common)
    return forms.ChoiceField(choices=[("", _("请选择")), *choices], **common)


def _multichoice(field: Field, common: dict[str, Any]) -> forms.Field:
    common["error_messages"] = {
        "required": _("请至少选一项“%(label)s”。") % {"label": common["label"]},
        "invalid_choice": _("“%(value)s”不在选项里，请重新选择。"),
        "invalid_list": _("请从选项中选择。"),
    }
    choices = [(choice.value, choice.label) for choice in field.choices]
    return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **common)


def _email(field: Field, common: dict[str, Any]) -> forms.Field:
    common["error_messages"]["invalid"] = _("电子邮箱格式不对，例如 name@example.cn。")
    return forms.EmailField(max_length=field.max_length, **common)


class _NumberField(forms.CharField):
    """A number whose one form and check digit are known to ``identity.numbers``."""

    def __init__(self, *, clean_number: Callable[[str], str], **kwargs: Any) -> None:
        self.clean_number = clean_number
        super().__init__(max_length=40, **kwargs)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        return self.clean_number(text) if text else ""


def _phone_number(text: str) -> str:
    """A mobile number, or a landline with its area code."""
    return text if is_phone(text) and compact(text).startswith(("0", "(", "（")) else clean_phone(text)


def _phone(field: Field, common: dict[str, Any]) -> forms.Field:
    widget = forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"})
    return _NumberField(clean_number=_phone_number, widget=widget, **common)


def _id_number(field: Field, common: dict[str, Any]) -> forms.Field:
    return _NumberField(clean_number=clean_id_number, widget=forms.TextInput(attrs={"autocomplete": "off"}), **common)


def _uscc(field: Field, common: dict[str, Any]) -> forms.Field:
    return _NumberField(clean_number=clean_uscc, widget=forms.TextInput(attrs={"autocomplete": "off"}), **common)


BUILDERS: dict[str, Callable[[Field, dict[str, Any]], forms.Field]] = {
    "text": _text,
    "textarea": _textarea,
    "address": _address,
    "integer": _integer,
    "decimal": _decimal,
    "money": _decimal,
    "date": _date,
    "choice": _choice,
    "yesno": _choice,
    "multichoice": _multichoice,
    "phone": _phone,
    "email": _email,
    "id_number": _id_number,
    "uscc": _uscc,
}
