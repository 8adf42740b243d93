"""Data sets, their fields and values on pages."""

from django import template

from matters.datasets import wording
from matters.datasets.definition import FieldDefinition
from matters.models import PublicRow

register = template.Library()
register.filter("set_name", wording.name)
register.filter("set_description", wording.description)
register.filter("field_label", wording.label)


@register.filter
def value_of(row: PublicRow, field: FieldDefinition) -> str:
    """The record's value of a field, empty when it has none."""
    return str(row.values.get(field.key, ""))
