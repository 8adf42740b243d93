"""Label, help and example of every field and sub-field: by model, in the clerk's words."""

from collections.abc import Mapping

from matters.editing.word import Word
from matters.editing.words import fields, forms, header, lists, scenario

WORDS: Mapping[str, Mapping[str, Word]] = {
    **header.WORDS,
    **fields.WORDS,
    **lists.WORDS,
    **forms.WORDS,
    **scenario.WORDS,
}


def word_of(model: str, name: str) -> Word:
    """What the editor says about a model's field; a field that nobody wrote about yet is shown under its own name."""
    return WORDS.get(model, {}).get(name) or Word(name)
