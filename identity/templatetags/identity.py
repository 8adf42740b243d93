"""Template tags of this app: ``{% load identity %}``."""

from django import template

from identity.demo_accounts import demo_accounts as read_demo_accounts
from identity.numbers import mask_name

register = template.Library()
register.filter("mask_name", mask_name)


@register.simple_tag
def demo_accounts() -> list[dict[str, str]]:
    """``{% demo_accounts as accounts %}`` on the log-in page."""
    return read_demo_accounts()
