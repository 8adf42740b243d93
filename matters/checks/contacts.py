"""Telephone numbers, e-mail and web addresses as guides publish them."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email

# Area code, number (also five digits: 0826-12345), extension.
PHONE = re.compile(r"[(（]?0\d{2,3}[)）]?[-—\s]?\d{5,8}(?:(?:-|—|转|\s)\d{1,6})?")
SEPARATORS = re.compile(r"[、，,;；/]")
_url = URLValidator(schemes=["http", "https"])


def is_phone(text: str) -> bool:
    """One landline number or several, each with its area code."""
    return all(PHONE.fullmatch(part.strip()) for part in SEPARATORS.split(text))


def is_email(text: str) -> bool:
    """A well-formed e-mail address."""
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def is_url(text: str) -> bool:
    """A well-formed http or https address."""
    try:
        _url(text)
    except ValidationError:
        return False
    return True
