"""How limits, codes and names of matters are written on pages."""

from django import template
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from matters import codes, itemcodes, situations
from matters.guide import Limit, Validity
from matters.models import JointMatter, Matter
from matters.scenario import Scenario

register = template.Library()


@register.filter
def limit_text(limit: Limit) -> str:
    """10 个工作日; 当场办结 for 0."""
    if not limit.value:
        return _("当场办结")
    return f"{limit.value} {codes.UNITS.get(limit.unit, '')}"


@register.filter
def validity_text(validity: Validity) -> str:
    """5 年; 长期."""
    if validity.unit == "P":
        return str(codes.VALIDITY_UNITS["P"])
    return f"{validity.value} {codes.VALIDITY_UNITS.get(validity.unit, '')}"


@register.filter
def when(only_when: list[str], scenario: Scenario) -> str:
    """In which situations something applies: 餐馆或食品店；empty when in all."""
    return situations.when(scenario, only_when, english=(get_language() or "").startswith("en"))


@register.filter
def code_label(code: str, table: str) -> str:
    """The label of a code in a table of ``matters.codes``: ``{{ code|code_label:"LEVELS" }}``; unknown codes as they are."""
    return str(getattr(codes, table).get(code, code))


@register.filter
def code_labels(values: list[str], table: str) -> str:
    """Labels of several codes, joined."""
    return _("、").join(code_label(value, table) for value in values)


@register.filter
def matter_title(matter: Matter | JointMatter) -> str:
    """The name of a matter or of a package in the page's language."""
    in_english = (get_language() or "").startswith("en")
    return matter.name_en if in_english and matter.name_en else matter.name


@register.filter
def code_parts(code: str) -> list[itemcodes.Part]:
    """A code of the national form taken apart; nothing for a local one."""
    return itemcodes.describe(code)


@register.filter
def item_of(values: dict[str, object], key: str) -> object:
    """The value under a key that only the page knows; None when there is none."""
    return values.get(key)
