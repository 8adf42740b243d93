"""Checks of the scenario: questions that can be asked and answered, and a whole guide at the end of every way through them."""

import re
from collections import Counter
from collections.abc import Iterator

from django.core.exceptions import ValidationError

from matters import narrowing, situations
from matters.checks import form, handling
from matters.checks.problem import Findings, Problem
from matters.formdef import FormDefinition
from matters.formfields import django_field
from matters.guide import GuideContent
from matters.scenario import Fill, Question, Scenario, ScenarioChoice, Situation, applies

# Without these parts nothing can be said about the scenario.
READS = frozenset({"scenario", "conditions", "materials", "fee_standard", "procedure"})
KEY = re.compile(r"[a-z][a-z0-9_]{0,49}", re.ASCII)
VALUE = re.compile(r"[a-z0-9][a-z0-9_-]{0,49}", re.ASCII)
# Names that addresses use already: the pre-check's questions, the format of the interface.
TAKEN = re.compile(r"c\d*|format|page|next", re.ASCII)
MOST_SITUATIONS = 2000


def check(content: GuideContent) -> list[Problem]:
    """Everything that is wrong with the questions and with what hangs on them, each at its exact path."""
    found = Findings("scenario")
    _check_questions(content.scenario, found)
    problems = found.problems + _dangling(content)
    if problems or not content.scenario.questions:
        return problems
    probe = Findings("form")
    form.check_form(content, probe)
    is_form_fit = not probe.problems
    return _check_fills(content, is_form_fit) + _check_ways(content, is_form_fit)


def conditional(content: GuideContent) -> Iterator[tuple[str, list[str], str]]:
    """Everything of the guide that may depend on answers: its path, its ``only_when``, and its name in a sentence."""
    guide = content.guide
    for i, condition in enumerate(guide.conditions):
        yield f"conditions.{i}", condition.only_when, f"第 {i + 1} 条申请条件"
    for i, material in enumerate(guide.materials):
        yield f"materials.{i}", material.only_when, f"第 {i + 1} 份材料“{material.name}”"
    for i, item in enumerate(guide.fee_standard.items):
        yield f"fee_standard.items.{i}", item.only_when, f"第 {i + 1} 个收费项目“{item.name}”"
    for i, step in enumerate(guide.procedure):
        yield f"procedure.{i}", step.only_when, f"第 {i + 1} 个环节“{step.name}”"


# --- the questions themselves


def _check_questions(scenario: Scenario, found: Findings) -> None:
    keys = [question.key for question in scenario.questions]
    for index, question in enumerate(scenario.questions):
        path, where = f"questions.{index}", f"第 {index + 1} 个问题"
        _check_name(question.key, keys, f"{path}.key", where, found)
        found.need(question.text, f"{path}.text", f"{where}的问法")
        found.need(question.kind, f"{path}.kind", f"{where}可以选一项还是几项")
        if len(question.choices) < 2:
            found.add(f"{path}.choices", f"{where}“{question.text}”至少要有两个选项，否则不用问。")
        _check_choices(question, path, where, found)
        for name in question.only_when:
            _check_backwards(name, scenario.questions[:index], keys, f"{path}.only_when", where, found)


def _check_name(key: str, keys: list[str], path: str, where: str, found: Findings) -> None:
    if not KEY.fullmatch(key):
        found.add(path, f"{where}的标识“{key}”应以小写字母开头，只含小写字母、数字和 _。")
    elif TAKEN.fullmatch(key):
        found.add(path, f"{where}的标识“{key}”是网址里已有的名字，请换一个。")
    if key and keys.count(key) > 1:
        found.add(path, f"{where}的标识“{key}”和别的问题重复了。")


def _check_choices(question: Question, path: str, where: str, found: Findings) -> None:
    values = Counter(choice.value for choice in question.choices)
    labels = Counter(choice.label for choice in question.choices)
    for number, choice in enumerate(question.choices):
        here, which = f"{path}.choices.{number}", f"{where}的第 {number + 1} 个选项"
        if not VALUE.fullmatch(choice.value):
            found.add(f"{here}.value", f"{which}的值“{choice.value}”只能含小写字母、数字、- 和 _。")
        elif values[choice.value] > 1:
            found.add(f"{here}.value", f"{which}的值“{choice.value}”和别的选项重复了。")
        # 没有 and 无 are answers here, not blanks.
        if not choice.label:
            found.add(f"{here}.label", f"{which}的文字还没有填写。")
        elif labels[choice.label] > 1:
            found.add(f"{here}.label", f"{which}“{choice.label}”和别的选项一样，申请人分不清。")
        _check_stop(choice, here, which, found)


def _check_stop(choice: ScenarioChoice, path: str, which: str, found: Findings) -> None:
    if choice.stop_matter and not choice.stop:
        found.add(f"{path}.stop", f"{which}写了改办的事项，还要写明为什么不能在这里办、应当怎么办。")
    if choice.stop and len(choice.stop) < 6:
        found.add(f"{path}.stop", f"{which}的说明太短，请写清楚为什么不能办、应当怎么办。")


def _check_backwards(
    name: str, earlier: list[Question], keys: list[str], path: str, where: str, found: Findings
) -> None:
    key, _dot, value = name.partition(".")
    known = next((question for question in earlier if question.key == key), None)
    if known is None and key in keys:
        found.add(path, f"{where}的条件“{name}”应指向排在它前面的问题。")
    elif known is None or not known.chosen([value]):
        found.add(path, f"{where}的条件“{name}”指向不存在的问题或选项。")


def _dangling(content: GuideContent) -> list[Problem]:
    """What hangs on a question or choice that is not there."""
    known = {f"{question.key}.{choice.value}" for question in content.scenario.questions for choice in question.choices}
    return [
        _problem(f"{path}.only_when", f"{what}的适用情形“{name}”指向不存在的问题或选项。")
        for path, only_when, what in conditional(content)
        for name in only_when
        if name not in known
    ]


def _problem(path: str, message: str) -> Problem:
    return Problem(path.split(".")[0], path, message)


# --- what answers write into the form


def _check_fills(content: GuideContent, is_form_fit: bool) -> list[Problem]:
    found = Findings("scenario")
    for i, question in enumerate(content.scenario.questions):
        for j, choice in enumerate(question.choices):
            for k, fill in enumerate(choice.fills):
                path = f"questions.{i}.choices.{j}.fills.{k}"
                wrong = fill_problem(content.form, fill, judge=is_form_fit)
                if wrong:
                    found.add(f"{path}.{wrong[0]}", f"选项“{choice.label}”{wrong[1]}")
    return found.problems


def fill_problem(definition: FormDefinition, fill: Fill, *, judge: bool = True) -> tuple[str, str] | None:
    """What is wrong with a fill: which part of it, and the sentence; None when the form takes it.

    ``judge`` False asks only whether the field is there: values of a form that is itself wrong cannot be judged.
    """
    try:
        section = definition.section(fill.section)
        field = section.field(fill.field)
    except KeyError:
        return "field", f"要填的“{fill.section}.{fill.field}”不在申请表里。"
    if section.repeating:
        return "field", f"要填的“{field.label}”在可以填多行的部分里，不能代填。"
    if not judge:
        return None
    try:
        django_field(field).clean(fill.value.split(",") if field.type == "multichoice" else fill.value)
    except ValidationError as error:
        return "value", f"要填的“{fill.value}”不能填进“{field.label}”：{'；'.join(map(str, error.messages))}"
    return None


# --- every way through the questions


def _check_ways(content: GuideContent, is_form_fit: bool) -> list[Problem]:
    scenario = content.scenario
    ends, are_all = situations.reachable(scenario, MOST_SITUATIONS)
    if not are_all:
        return [
            _problem(
                "scenario.questions",
                f"这些问题能组合出 {MOST_SITUATIONS} 种以上的情形，无法逐一核对。请减少问题，或把多选改成单选。",
            )
        ]
    going_on = [end for end in ends if situations.stop_of(scenario, end) is None]
    if not going_on:
        return [_problem("scenario.questions", "每一种回答都不能往下办。请至少留一条可以申请的路。")]
    return [
        *_never_asked(scenario, ends),
        *_never_needed(content, going_on),
        *(_contradictory_fills(content, going_on) if is_form_fit else []),
        *_broken_ways(content, going_on),
    ]


def _never_asked(scenario: Scenario, ends: list[situations.Answers]) -> list[Problem]:
    seen = {key for end in ends for key in end}
    return [
        _problem(
            f"scenario.questions.{index}.only_when",
            f"第 {index + 1} 个问题“{question.text}”在哪一种情形下都问不到，请核对它的条件。",
        )
        for index, question in enumerate(scenario.questions)
        if question.key not in seen
    ]


def _never_needed(content: GuideContent, going_on: list[situations.Answers]) -> list[Problem]:
    return [
        _problem(f"{path}.only_when", f"{what}在哪一种情形下都用不到，请核对它的适用情形。")
        for path, only_when, what in conditional(content)
        if only_when and not any(applies(only_when, end) for end in going_on)
    ]


def _contradictory_fills(content: GuideContent, going_on: list[situations.Answers]) -> list[Problem]:
    """Two answers of one situation that write different things into the same field."""
    seen: set[tuple[str, str, str]] = set()
    problems = []
    for end in going_on:
        for fill in situations.fills(content.scenario, end):
            place = (fill.section, fill.field, fill.value)
            if place not in seen and "," in fill.value and fill_problem(content.form, fill):
                message = f"{_named(content.scenario, end)}几个回答往“{fill.section}.{fill.field}”里填的内容互相矛盾。"
                problems.append(_problem("scenario.questions", message))
            seen.add(place)
    return problems


def _broken_ways(content: GuideContent, going_on: list[situations.Answers]) -> list[Problem]:
    """The procedure of every situation, judged as a whole; each complaint once, with the first situation it was met in."""
    judged: set[tuple[int, ...]] = set()
    first: dict[str, Problem] = {}
    for end in going_on:
        narrowed = narrowing.narrow(content, end)
        way = tuple(id(step) for step in narrowed.guide.procedure)
        if way in judged:
            continue
        judged.add(way)
        found = Findings("procedure")
        handling.check_way(narrowed, found)
        for problem in found.problems:
            named = Problem(problem.field, problem.path, _named(content.scenario, end) + problem.message)
            first.setdefault(problem.message, named)
    return list(first.values())


def _named(scenario: Scenario, situation: Situation) -> str:
    return f"情形“{situations.in_one_line(scenario, situation)}”："
