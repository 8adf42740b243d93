"""Application forms as data: sections of fields, some repeating, some shown only after a certain answer."""

from typing import Annotated, Any

from pydantic import Field as PydanticField
from pydantic import field_validator

from matters.fieldtypes import Lenient, one_of

FIELD_TYPES = (
    "text",
    "textarea",
    "integer",
    "decimal",
    "money",
    "date",
    "choice",
    "multichoice",
    "yesno",
    "phone",
    "email",
    "id_number",
    "uscc",
    "address",
)
PREFILL_SOURCES = (
    "enterprise.name",
    "enterprise.uscc",
    "enterprise.legal_representative",
    "enterprise.address",
    "person.name",
    "person.id_number",
    "person.phone",
)
FormAnswers = dict[str, Any]


class Choice(Lenient):
    """One option; ``value`` is stored, ``label`` is read."""

    value: str = ""
    label: str = ""


class ShownWhen(Lenient):
    """The field is asked only when ``section.field`` was answered with ``equals`` (one of its values, for multichoice)."""

    section: str = ""
    field: str = ""
    equals: str = ""

    @field_validator("equals", mode="before")
    @classmethod
    def _boolean_word(cls, value: Any) -> Any:
        return {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value


class Field(Lenient):
    """One question of the form."""

    key: str = ""
    type: Annotated[str, one_of(FIELD_TYPES)] = "text"
    label: str = ""
    label_en: str = ""
    help: str = ""
    required: bool = True
    example: str = ""
    choices: list[Choice] = []
    min: str = ""
    max: str = ""
    max_length: Annotated[int, PydanticField(ge=1, le=20000)] = 200
    pattern: str = ""
    shown_when: ShownWhen | None = None
    prefilled_from: Annotated[str, one_of(PREFILL_SOURCES)] = ""

    @field_validator("example", mode="before")
    @classmethod
    def _one_text(cls, value: Any) -> Any:
        if isinstance(value, bool):
            return "yes" if value else "no"
        return ",".join(map(str, value)) if isinstance(value, list) else value

    def example_answer(self) -> str | list[str]:
        """The example in the shape of an answer: a list for multichoice, text otherwise."""
        return self.example.split(",") if self.type == "multichoice" and self.example else self.example


class Section(Lenient):
    """A page of the form; a repeating one holds a list of rows."""

    key: str = ""
    title: str = ""
    help: str = ""
    repeating: bool = False
    min_rows: Annotated[int, PydanticField(ge=0, le=100)] = 1
    max_rows: Annotated[int, PydanticField(ge=1, le=100)] = 10
    fields: list[Field] = []

    def field(self, key: str) -> Field:
        """The field with this key; KeyError when the section has none."""
        for field in self.fields:
            if field.key == key:
                return field
        raise KeyError(key)


class FormDefinition(Lenient):
    """The whole form; no sections means the matter has no online form."""

    title: str = ""
    sections: list[Section] = []

    def section(self, key: str) -> Section:
        """The section with this key; KeyError when the form has none."""
        for section in self.sections:
            if section.key == key:
                return section
        raise KeyError(key)

    def example_answers(self) -> FormAnswers:
        """The whole form filled with its examples, for samples and demonstrations."""
        filled: FormAnswers = {}
        for section in self.sections:
            row = {field.key: field.example_answer() for field in section.fields}
            filled[section.key] = [row] * max(section.min_rows, 1) if section.repeating else row
        return filled


def is_shown(field: Field, answers: FormAnswers, section: Section, row: dict[str, Any]) -> bool:
    """Whether a field is asked, given the answers so far; ``row`` are those of the field's own section or row."""
    rule = field.shown_when
    if rule is None:
        return True
    given = row if rule.section == section.key else answers.get(rule.section)
    answer = given.get(rule.field) if isinstance(given, dict) else None
    return rule.equals in answer if isinstance(answer, list) else str(answer) == rule.equals
