"""Data sets and their fields in the page's language."""

from django.utils.translation import get_language

from matters.datasets.definition import FieldDefinition
from matters.models import DataSet


def _in_english() -> bool:
    return (get_language() or "").startswith("en")


def label(field: FieldDefinition) -> str:
    """The field's name."""
    return (_in_english() and field.label_en) or field.label


def name(dataset: DataSet) -> str:
    """The set's name."""
    return (_in_english() and dataset.name_en) or dataset.name


def description(dataset: DataSet) -> str:
    """What can be found in it."""
    return (_in_english() and dataset.description_en) or dataset.description
