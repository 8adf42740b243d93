"""What applicants type about themselves and their enterprises; every error stands at its field."""

from django import forms
from django.utils.translation import gettext_lazy as _

from identity.numbers import clean_phone, clean_uscc


class PhoneForm(forms.Form):
    """Another phone number."""

    phone = forms.CharField(
        label=_("新的手机号"), max_length=20, widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"})
    )

    def clean_phone(self) -> str:
        """The number in its one form."""
        return clean_phone(self.cleaned_data["phone"])


class EnterpriseForm(forms.Form):
    """An enterprise to act for, as its business licence says."""

    name = forms.CharField(label=_("企业名称"), max_length=200, help_text=_("与营业执照一致，写全称。"))
    uscc = forms.CharField(label=_("统一社会信用代码"), max_length=30, help_text=_("营业执照上的 18 位代码。"))
    legal_representative = forms.CharField(label=_("法定代表人"), max_length=100)
    address = forms.CharField(label=_("住所"), max_length=300, required=False)

    def clean_uscc(self) -> str:
        """The code in its one form."""
        return clean_uscc(self.cleaned_data["uscc"])


class AgentForm(forms.Form):
    """Somebody who shall act for the enterprise."""

    username = forms.CharField(label=_("经办人的用户名"), max_length=150)
    name = forms.CharField(label=_("经办人的真实姓名"), max_length=100)
