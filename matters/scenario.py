"""Scenario navigation (情形导办): questions whose answers say which conditions, materials, steps and fees apply.

The questions stand beside the guide in the same version. What they narrow carries ``only_when``: choices written as
``question.choice``. Something applies when, for every question that its ``only_when`` names, one of the named choices was
given; with an empty ``only_when`` it always applies. A question that is not asked gives no answer, so what hangs on it does
not apply. How answers are read, and which situations there can be, is in ``matters.situations``.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated

from matters.fieldtypes import Lenient, one_of

QUESTION_KINDS = ("one", "many")
# question key -> the choices given: one, or several where the question allows it.
Situation = Mapping[str, Sequence[str]]


class Fill(Lenient):
    """What an answer writes into the application form, so that nobody is asked twice."""

    section: str = ""
    field: str = ""
    value: str = ""


class ScenarioChoice(Lenient):
    """One answer; with ``stop`` one cannot go on here, and the text says what to do instead.

    ``stop_matter`` is the code of the matter that is the right one then, empty when there is none in this hall.
    """

    value: str = ""
    label: str = ""
    label_en: str = ""
    hint: str = ""
    stop: str = ""
    stop_matter: str = ""
    fills: list[Fill] = []


class Question(Lenient):
    """One question, in the citizen's words; with ``only_when`` it is asked only after those answers."""

    key: str = ""
    text: str = ""
    text_en: str = ""
    help: str = ""
    kind: Annotated[str, one_of(QUESTION_KINDS)] = "one"
    choices: list[ScenarioChoice] = []
    only_when: list[str] = []

    def chosen(self, values: Sequence[str]) -> list[ScenarioChoice]:
        """The choices with these values, in the order in which they are offered."""
        return [choice for choice in self.choices if choice.value in values]


class Scenario(Lenient):
    """All questions in the order in which they are asked."""

    questions: list[Question] = []

    def question(self, key: str) -> Question:
        """The question with this key; KeyError when there is none."""
        for question in self.questions:
            if question.key == key:
                return question
        raise KeyError(key)


def wanted(only_when: Sequence[str]) -> dict[str, set[str]]:
    """``question.choice`` … as question → the choices that will do."""
    by_question: dict[str, set[str]] = {}
    for name in only_when:
        question, _dot, choice = name.partition(".")
        by_question.setdefault(question, set()).add(choice)
    return by_question


def applies(only_when: Sequence[str], situation: Situation) -> bool:
    """Whether something with this ``only_when`` applies in the situation."""
    return all(choices.intersection(situation.get(question, ())) for question, choices in wanted(only_when).items())
