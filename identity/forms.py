"""What people type about themselves and their enterprises; every error stands at its field, in plain words."""

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from identity.numbers import clean_phone, clean_uscc

PASSWORD_HELP = _("至少 8 位，包含小写字母、大写字母、数字、其他符号中的三类；不要用容易猜到的词。")


class PlainFields(forms.Form):
    """Says which field is empty, and takes away what allauth puts around its fields.

    Placeholders vanish while typing and are too pale; allauth's help on passwords is a list in HTML.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            if not isinstance(field, forms.BooleanField):
                field.error_messages["required"] = format_lazy(_("请填写{label}。"), label=field.label)
            if name.startswith("password") or name == "oldpassword":
                field.help_text = PASSWORD_HELP if name == "password1" else ""


class PhoneForm(PlainFields):
    """Another phone number."""

    phone = forms.CharField(
        label=_("新的手机号"), max_length=20, widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"})
    )

    def clean_phone(self) -> str:
        """The number in its one form."""
        return clean_phone(self.cleaned_data["phone"])


class EnterpriseForm(PlainFields):
    """An enterprise to act for, as its business licence says."""

    name = forms.CharField(label=_("企业名称"), max_length=200, help_text=_("与营业执照一致，写全称。"))
    uscc = forms.CharField(label=_("统一社会信用代码"), max_length=30, help_text=_("营业执照上的 18 位代码。"))
    legal_representative = forms.CharField(label=_("法定代表人"), max_length=100)
    address = forms.CharField(label=_("住所"), max_length=300, required=False)

    def clean_uscc(self) -> str:
        """The code in its one form."""
        return clean_uscc(self.cleaned_data["uscc"])


class AgentForm(PlainFields):
    """Somebody who shall act for the enterprise."""

    username = forms.CharField(label=_("经办人的用户名"), max_length=150)
    name = forms.CharField(label=_("经办人的真实姓名"), max_length=100)
