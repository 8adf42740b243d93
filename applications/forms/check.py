"""The box of the public check page."""

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.documents.checking import clean_code


class CheckForm(forms.Form):
    """One code, typed as people type: small letters, hyphens and blanks are welcome."""

    code = forms.CharField(
        label=_("核验码"),
        help_text=_("二维码旁边的一串字母和数字，例如 7QK4-M2XR-TB9C-5HNP。不分大小写，横线可以不输。"),
        max_length=60,
        error_messages={"required": _("请输入核验码。")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}),
    )

    def clean_code(self) -> str:
        """The code as stored; something must be left of what was typed."""
        code = clean_code(self.cleaned_data["code"])
        if not code:
            raise forms.ValidationError(_("核验码由字母和数字组成，请对照二维码旁边的核验码输入。"))
        return code
