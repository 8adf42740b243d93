"""How numbers of cases are written for reading."""

from django import template

register = template.Library()


@register.filter
def grouped_number(number: str | None) -> str:
    """519901 20260302 000001 7: region, day, sequence, check digit; anything else as it is."""
    if not number or len(number) != 21:
        return number or ""
    return f"{number[:6]} {number[6:14]} {number[14:20]} {number[20:]}"
