"""What a filled-in PDF form adds to a draft. Pure: the form, the answers so far and the file's values in, a plan out.

Nothing that somebody has typed online is replaced unless they ask for it. What breaks a rule is taken too, as everything that is typed:
the person sees it at its place with the reason, and does not have to type it again.
"""

from dataclasses import dataclass, field
from typing import Any

from applications.documents.form_inputs import name_of
from matters.formdef import Field, FormAnswers, FormDefinition, Section
from matters.forms import clean_answers

Values = dict[str, str]


@dataclass(frozen=True)
class Line:
    """One answer to tell about: where it is, what the file says, and why it was not simply taken."""

    where: str
    value: str
    note: str = ""


@dataclass
class Plan:
    """``answers`` are those of the changed sections, whole; ``found`` is how many answers the file has for this form."""

    answers: FormAnswers = field(default_factory=dict)
    taken: list[Line] = field(default_factory=list)
    wrong: list[Line] = field(default_factory=list)
    kept: list[Line] = field(default_factory=list)
    found: int = 0


def plan(form: FormDefinition, before: FormAnswers, values: Values, *, replace: bool = False) -> Plan:
    """Compare and judge. ``before`` are the stored answers, or what the hall knows where a part is still untouched."""
    made = Plan()
    for section in form.sections:
        if section.repeating:
            _rows(made, section, before.get(section.key) or [], values, replace)
        else:
            _row(made, section, before.get(section.key) or {}, values, replace)
    _judge(made, form, {**before, **made.answers})
    return made


def _row(made: Plan, section: Section, before: dict[str, Any], values: Values, replace: bool) -> None:
    given = _given(section, 0, values)
    made.found += len(given)
    after = dict(before)
    for one in section.fields:
        answer, known = given.get(one.key), before.get(one.key)
        if answer is None or answer == known:
            continue
        if known in (None, "", []) or replace:
            after[one.key] = answer
            made.taken.append(Line(f"{section.title} · {one.label}", _shown(one, answer)))
        else:
            made.kept.append(
                Line(f"{section.title} · {one.label}", _shown(one, answer), f"网上现在是：{_shown(one, known)}")
            )
    if after != before:
        made.answers[section.key] = after


def _rows(made: Plan, section: Section, before: list[dict[str, Any]], values: Values, replace: bool) -> None:
    """A table is taken whole or not at all: nobody can say which of its rows are meant to be the same."""
    given = [row for number in range(1, section.max_rows + 1) if (row := _given(section, number, values))]
    made.found += len(given)
    if not given or given == before:
        return
    text = f"{len(given)} 行"
    if before and not replace:
        made.kept.append(Line(section.title, text, f"网上已经有 {len(before)} 行"))
        return
    made.answers[section.key] = given
    made.taken.append(Line(section.title, text))


def _given(section: Section, number: int, values: Values) -> dict[str, Any]:
    """The answers of the file for one row, by the field's key."""
    found = {one.key: _answer(one, name_of(section, number, one), values) for one in section.fields}
    return {key: answer for key, answer in found.items() if answer}


def _answer(one: Field, name: str, values: Values) -> str | list[str]:
    if one.type == "multichoice":
        boxes = [values.get(f"{name}.{place}", "") for place in range(1, len(one.choices) + 1)]
        return [box for box in boxes if box]
    text = values.get(name, "").replace("\0", "").replace("\r\n", "\n").replace("\r", "\n").strip()
    return text if one.type == "textarea" else " ".join(text.split())


def _shown(one: Field, answer: Any) -> str:
    labels = (
        {"yes": "是", "no": "否"} if one.type == "yesno" else {choice.value: choice.label for choice in one.choices}
    )
    parts = answer if isinstance(answer, list) else [answer]
    return "、".join(labels.get(str(part), str(part)) for part in parts)


def _judge(made: Plan, form: FormDefinition, answers: FormAnswers) -> None:
    """Move what breaks a rule from the taken to the wrong ones; what is merely missing is asked for later anyway."""
    _clean, errors = clean_answers(form, answers)
    for section in form.sections:
        if section.key not in made.answers:
            continue
        for path, messages in errors.items():
            where = _place(section, path, made.answers[section.key])
            if where is None:
                continue
            label, value = where
            made.taken = [line for line in made.taken if line.where != f"{section.title} · {label}"]
            made.wrong.append(Line(f"{section.title} · {label}", value, "".join(messages)))


def _place(section: Section, path: str, answers: Any) -> tuple[str, str] | None:
    """(label, value) of a faulty answer that was given; None for another section's, or for one that is missing."""
    key, *rest = path.split(".")
    if key != section.key or not rest:
        return None
    row, name = (answers[int(rest[0])], rest[1]) if section.repeating and len(rest) == 2 else (answers, rest[0])
    if not isinstance(row, dict) or name not in row:
        return None
    one = section.field(name)
    before = f"第 {int(rest[0]) + 1} 行，" if section.repeating else ""
    return f"{before}{one.label}", _shown(one, row[name])
