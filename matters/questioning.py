"""Asking a scenario's questions one page at a time, with the answers kept in the address and nowhere else.

Used by the public pages and by a draft. Beside the questions' own names an address may carry ``re-ask`` (show this question
again) and ``was-asked`` (the page that was sent); question keys have no hyphen, so they cannot be mistaken.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django import forms
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from matters import situations
from matters.scenario import Question, Scenario
from matters.situations import Answers, Stop

RE_ASK, WAS_ASKED = "re-ask", "was-asked"


class QuestionForm(forms.Form):
    """One question, in the page's language; the other answers go along hidden."""

    def __init__(self, question: Question, data: QueryDict | None, *, given: list[str]) -> None:
        super().__init__(data, initial={question.key: given if question.kind == "many" else "".join(given[:1])})
        self.question = question
        english = in_english()
        many = question.kind == "many"
        kind = forms.MultipleChoiceField if many else forms.ChoiceField
        missing = _("请至少选一项。") if many else _("请选一项。")
        self.fields[question.key] = kind(
            label=situations.question_text(question, english),
            help_text=question.help,
            choices=[(one.value, situations.choice_label(one, english)) for one in question.choices],
            widget=forms.CheckboxSelectMultiple if many else forms.RadioSelect,
            error_messages={"required": missing, "invalid_choice": _("没有这个选项，请重新选择。")},
        )

    def options(self) -> list[dict[str, Any]]:
        """The choices as the page lists them: value, label, hint, chosen."""
        (name,) = self.fields
        chosen = self[name].value() or []
        english = in_english()
        return [
            {
                "value": choice.value,
                "label": situations.choice_label(choice, english),
                "hint": choice.hint,
                "checked": choice.value in chosen if isinstance(chosen, list) else choice.value == chosen,
            }
            for choice in self.question.choices
        ]


@dataclass(frozen=True)
class Turn:
    """Where somebody stands: the question to show, or the stop, or neither when everything is said.

    ``number`` counts questions from 1, ``most_more`` is how many can still follow the one shown. ``back`` is the address
    part of the question before, empty at the first one.
    """

    situation: Answers
    question: Question | None
    form: QuestionForm | None
    stop: Stop | None
    number: int
    most_more: int
    back: str

    @property
    def is_done(self) -> bool:
        """Whether the result can be shown."""
        return self.question is None and self.stop is None

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """What the question's form carries along: the other answers."""
        shown = self.question.key if self.question else ""
        return [(key, value) for key, values in self.situation.items() if key != shown for value in values]


def in_english() -> bool:
    """Whether this page is shown in English."""
    return (get_language() or "").startswith("en")


def given_in(scenario: Scenario, data: QueryDict) -> Answers:
    """The clean situation in an address; anything else there is ignored."""
    return situations.clean(scenario, dict(data.lists()))


def turn(scenario: Scenario, data: QueryDict, *, before: Answers | None = None) -> Turn:
    """What to show for an address. ``before`` are answers known from elsewhere (a draft); the address comes first."""
    typed = dict(data.lists())
    situation = situations.clean(scenario, {**(before or {}), **typed})
    question = _to_show(scenario, situation, data)
    sent = question is not None and data.get(WAS_ASKED) == question.key
    asked = situations.asked(scenario, situation)
    number = asked.index(question) + 1 if question else len(asked)
    return Turn(
        situation=situation,
        question=question,
        form=QuestionForm(question, data if sent else None, given=situation.get(question.key, []))
        if question
        else None,
        stop=None if question else situations.stop_of(scenario, situation),
        number=number,
        most_more=_most_more(scenario, situation, asked, number),
        back=again(situation, asked[number - 2].key) if question and number > 1 else "",
    )


def _to_show(scenario: Scenario, situation: Answers, data: QueryDict) -> Question | None:
    """The question asked for again, the one that was sent without a valid answer, or the next open one."""
    asked = situations.asked(scenario, situation)
    wanted = data.get(RE_ASK) or (data.get(WAS_ASKED) if _is_unanswered(data) else "")
    return next((one for one in asked if one.key == wanted), None) or situations.next_question(scenario, situation)


def _is_unanswered(data: QueryDict) -> bool:
    return not data.getlist(data.get(WAS_ASKED, ""))


def _most_more(scenario: Scenario, situation: Answers, asked: list[Question], number: int) -> int:
    later = len([one for one in asked[number:] if situation.get(one.key)])
    open_now = situations.may_come(scenario, situation) - {one.key for one in asked[number - 1 : number]}
    return later + len(open_now)


def again(situation: Answers, key: str) -> str:
    """The address part that shows a question again, all answers kept."""
    known = situations.query(situation)
    return f"{known}{'&' if known else ''}{RE_ASK}={quote(key)}"


def rows(scenario: Scenario, situation: Answers, url: str) -> list[dict[str, Any]]:
    """The answers for ``components/summary_list.html``, each with the way to change it."""
    answered = [question for question in scenario.questions if situation.get(question.key)]
    texts = situations.words(scenario, situation, english=in_english())
    return [
        {"label": text, "value": answer, "url": f"{url}?{again(situation, question.key)}"}
        for question, (text, answer) in zip(answered, texts, strict=True)
    ]
