"""Rules for passwords beyond Django's (GB/T 22239 level 3: complex secrets)."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


class ThreeOfFourClasses:
    """At least three of: small letters, capital letters, digits, other characters."""

    def validate(self, password: str, user: Any = None) -> None:
        """ValidationError when the password has fewer than three kinds of characters."""
        kinds = {_kind(character) for character in password}
        if len(kinds) < 3:
            raise ValidationError(
                _("密码须包含小写字母、大写字母、数字、其他符号这四类字符中的至少三类。"), code="password_too_simple"
            )

    def get_help_text(self) -> str:
        """Shown beside the field."""
        return _("至少包含小写字母、大写字母、数字、其他符号中的三类。")


def _kind(character: str) -> str:
    if character.isdecimal():
        return "digit"
    if character.islower():
        return "small"
    return "capital" if character.isupper() else "other"
