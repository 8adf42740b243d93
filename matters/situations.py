"""Somebody's situation: the answers given to a scenario's questions, from the first question to the last or to a stop.

A situation is ``{question key: [choice values]}``. It is clean when it holds only questions that are asked after the
answers before them, each with choices that exist. Pure: no database, no clock.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any
from urllib.parse import urlencode

from matters.scenario import Fill, Question, Scenario, ScenarioChoice, Situation, applies, wanted

Answers = dict[str, list[str]]


@dataclass(frozen=True)
class Stop:
    """An answer with which one cannot go on here."""

    question: Question
    choice: ScenarioChoice


def clean(scenario: Scenario, given: Mapping[str, Any]) -> Answers:
    """What of ``given`` (from an address, a draft, another network) answers this scenario.

    Unknown questions and choices are dropped, and so are questions that are not asked after the answers before them. Of
    several choices for a question that takes one, the first counts. Nothing after a stop is kept.
    """
    situation: Answers = {}
    for question in scenario.questions:
        if not applies(question.only_when, situation):
            continue
        chosen = question.chosen(_texts(given.get(question.key)))
        if not chosen:
            continue
        kept = chosen if question.kind == "many" else chosen[:1]
        situation[question.key] = [choice.value for choice in kept]
        if any(choice.stop for choice in kept):
            break
    return situation


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [part for part in value if isinstance(part, str)] if isinstance(value, list | tuple) else []


def asked(scenario: Scenario, situation: Situation) -> list[Question]:
    """The questions answered so far and the next one, in order; nothing is asked after a stop or an open question."""
    questions = []
    for question in scenario.questions:
        if applies(question.only_when, situation):
            questions.append(question)
            given = situation.get(question.key, ())
            if not given or any(choice.stop for choice in question.chosen(given)):
                break
    return questions


def next_question(scenario: Scenario, situation: Situation) -> Question | None:
    """The first question still open; None when everything is said, also by a stop."""
    last = asked(scenario, situation)[-1:]
    return next((question for question in last if not situation.get(question.key)), None)


def stop_of(scenario: Scenario, situation: Situation) -> Stop | None:
    """The answer that ends the way, if one was given."""
    for question in scenario.questions:
        for choice in question.chosen(situation.get(question.key, ())):
            if choice.stop:
                return Stop(question, choice)
    return None


def is_complete(scenario: Scenario, situation: Situation) -> bool:
    """Whether every question that is asked has an answer and none of them is a stop; always so without questions."""
    return next_question(scenario, situation) is None and stop_of(scenario, situation) is None


def may_come(scenario: Scenario, situation: Situation) -> set[str]:
    """The questions that can still be asked, the next one included; none once everything is said."""
    coming: set[str] = set()
    if next_question(scenario, situation) is None:
        return coming
    for question in scenario.questions:
        if question.key not in situation and may_apply(question.only_when, situation, coming):
            coming.add(question.key)
    return coming


def may_apply(only_when: Sequence[str], situation: Situation, coming: set[str]) -> bool:
    """Whether something applies now, or could once the questions that are still ``coming`` are answered."""
    return all(
        question in coming or choices.intersection(situation.get(question, ()))
        for question, choices in wanted(only_when).items()
    )


def reachable(scenario: Scenario, limit: int) -> tuple[list[Answers], bool]:
    """Every situation in which the questions can end, those with a stop too, and whether that is all of them.

    A question that takes several answers counts every combination. At most ``limit`` situations are listed.
    """
    found: list[Answers] = []
    for situation in _walk(scenario, 0, {}):
        if len(found) == limit:
            return found, False
        found.append(situation)
    return found, True


def _walk(scenario: Scenario, start: int, situation: Answers) -> Iterator[Answers]:
    for index in range(start, len(scenario.questions)):
        question = scenario.questions[index]
        if not applies(question.only_when, situation) or not question.choices:
            continue
        for choices in _ways(question):
            further = situation | {question.key: [choice.value for choice in choices]}
            if any(choice.stop for choice in choices):
                yield further
            else:
                yield from _walk(scenario, index + 1, further)
        return
    yield situation


def _ways(question: Question) -> Iterator[tuple[ScenarioChoice, ...]]:
    """The ways to answer: one choice, or for ``many`` every combination, the short ones first."""
    longest = len(question.choices) if question.kind == "many" else 1
    for length in range(1, longest + 1):
        yield from combinations(question.choices, length)


def fills(scenario: Scenario, situation: Situation) -> list[Fill]:
    """What the answers write into the form; several values of one field (multichoice) are joined with a comma."""
    values: dict[tuple[str, str], list[str]] = {}
    for question in scenario.questions:
        for choice in question.chosen(situation.get(question.key, ())):
            for fill in choice.fills:
                values.setdefault((fill.section, fill.field), []).extend(fill.value.split(","))
    return [
        Fill(section=section, field=field, value=",".join(dict.fromkeys(parts)))
        for (section, field), parts in values.items()
    ]


def words(scenario: Scenario, situation: Situation, *, english: bool = False) -> list[tuple[str, str]]:
    """The answers given as people read them: (question, answer), in the order asked."""
    return [
        (question_text(question, english), _joined(question, situation[question.key], english))
        for question in scenario.questions
        if situation.get(question.key)
    ]


def _joined(question: Question, given: Sequence[str], english: bool) -> str:
    labels = [choice_label(choice, english) for choice in question.chosen(given)]
    return (", " if english else "、").join(labels)


def question_text(question: Question, english: bool = False) -> str:
    """The question in the page's language; Chinese where nobody wrote it in English."""
    return (english and question.text_en) or question.text


def choice_label(choice: ScenarioChoice, english: bool = False) -> str:
    """The answer in the page's language."""
    return (english and choice.label_en) or choice.label


def when(scenario: Scenario, only_when: Sequence[str], *, english: bool = False) -> str:
    """An ``only_when`` as people read it, question and answers; empty when it always applies."""
    by_question = wanted(only_when)
    pair, either, both = ("“{}” “{}”", "” or “", ", and ") if english else ("“{}”答“{}”", "”或“", "，并且")
    parts = [
        pair.format(question_text(question, english), either.join(labels))
        for question in scenario.questions
        if (labels := _wanted_labels(question, by_question.get(question.key, set()), english))
    ]
    return both.join(parts)


def _wanted_labels(question: Question, values: set[str], english: bool) -> list[str]:
    return [choice_label(choice, english) for choice in question.choices if choice.value in values]


def in_one_line(scenario: Scenario, situation: Situation) -> str:
    """Questions with their answers, for a sentence: 做什么生意？餐馆；做不做生食？做."""
    return "；".join(f"{question}{answer}" for question, answer in words(scenario, situation))


def query(situation: Situation) -> str:
    """The situation as it stands in an address: ``kind=dig&surface=asphalt``; several choices repeat the name."""
    return urlencode([(key, value) for key, values in situation.items() for value in values])
