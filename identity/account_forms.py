"""allauth's forms in the hall's manner: no grey words inside the fields, plain help beside them."""

from typing import Any

from allauth.account import forms as allauth_forms
from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from identity import services
from identity.fields import keyed_hash
from identity.forms import PlainFields
from identity.models import Person, User
from identity.numbers import clean_id_number, clean_phone, is_under_14


class LoginForm(PlainFields, allauth_forms.LoginForm):
    """User name and password."""


class ReauthenticateForm(PlainFields, allauth_forms.ReauthenticateForm):
    """The password once more, before something that matters."""


class ChangePasswordForm(PlainFields, allauth_forms.ChangePasswordForm):
    """The old password and the new one twice."""


class SignupForm(PlainFields, allauth_forms.SignupForm):
    """An applicant's account with the person behind it. The number is checked here and stored encrypted."""

    field_order = ["username", "password1", "password2", "name", "id_number", "phone", "agreed"]

    name = forms.CharField(label=_("真实姓名"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    id_number = forms.CharField(
        label=_("身份证号"),
        max_length=30,
        help_text=_("18 位，最后一位可能是 X。加密保存，页面上只显示第一位和最后一位。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "text"}),
    )
    phone = forms.CharField(
        label=_("手机号"),
        max_length=20,
        help_text=_("用于联系您补正材料、领取结果。"),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    agreed = forms.BooleanField(
        label=_("我同意本网站为办理政务服务事项收集和使用我的姓名、身份证号和手机号"),
        error_messages={"required": _("身份信息属于敏感个人信息，须经您同意才能收集；不同意的，可以到窗口办理。")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        username = self.fields["username"]
        username.help_text = _("至少 4 个字，可用字母、汉字、数字和 @ . + - _，登录时使用，以后不能改。")
        username.error_messages["min_length"] = _("用户名至少 4 个字。")

    def clean_name(self) -> str:
        """The name without surrounding spaces."""
        return str(self.cleaned_data["name"]).strip()

    def clean_id_number(self) -> str:
        """The number in its one form; children need a guardian (个人信息保护法 31)."""
        number = clean_id_number(self.cleaned_data["id_number"])
        if is_under_14(number):
            raise ValidationError(_("未满 14 周岁的，请由父母或其他监护人用自己的账号办理。"))
        return number

    def clean_phone(self) -> str:
        """The number in its one form."""
        return clean_phone(self.cleaned_data["phone"])

    def clean(self) -> dict[str, Any]:
        """Refuse a citizen who has an account, in words that also fit a mistyped number."""
        cleaned: dict[str, Any] = super().clean() or {}
        number = cleaned.get("id_number")
        if number and Person.objects.filter(id_number_hash=keyed_hash(number)).exists():
            self.add_error(None, services.CANNOT_REGISTER)
        return cleaned

    @transaction.atomic
    def save(self, request: HttpRequest) -> User:
        """Account and person together, or neither."""
        user: User = super().save(request)
        return user

    def signup(self, request: HttpRequest, user: User) -> None:
        """allauth's hook inside ``save``: bind the person."""
        data = self.cleaned_data
        services.register_person(user, name=data["name"], id_number=data["id_number"], phone=data["phone"])

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        """allauth's (user, answer). A double click sends the form twice; the later one is shown the way to log in."""
        try:
            return self.save(request), None
        except (IntegrityError, ValidationError):
            messages.info(request, _("这个账号刚刚已经注册，请直接登录。"))
            return None, redirect("account_login")
