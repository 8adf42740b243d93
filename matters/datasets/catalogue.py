"""What lists and searches read about a data set, taken from its definition. The same on both sides."""

from matters.datasets.definition import Definition
from matters.models import DataSet
from matters.search import spellings


def describe(dataset: DataSet, definition: Definition) -> None:
    """Set the columns from a definition; does not save."""
    dataset.name = definition.name[:200]
    dataset.name_en = definition.name_en[:200]
    dataset.description = definition.description
    dataset.description_en = definition.description_en
    dataset.theme = definition.theme[:50]
    dataset.source = definition.source[:200]
    dataset.frequency = definition.frequency[:10]
    dataset.is_personal = definition.personal
    dataset.is_open = definition.open
    texts = (definition.name, definition.name_en, definition.theme, definition.description, dataset.department.name)
    dataset.search = "\n".join(spellings(text) for text in texts if text)
