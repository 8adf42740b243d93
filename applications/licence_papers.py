"""What the papers about a licence say: renewal and change (from their case), end and bar (from the act)."""

from typing import Any

from applications import licence_faces, licence_terms
from applications.effects import day_of
from applications.grounds import ACT_WORDS, article_of, ground_words
from applications.models import Application, Event, Licence
from applications.models.application import Purpose
from applications.models.bar import BarGround

Extra = dict[str, Any]
# The paper that decides: instead of the usual decision, where the application is about a licence.
DECISIONS = {Purpose.RENEWAL: "renewal", Purpose.CHANGE: "licence_change"}
BAR_ARTICLES = {BarGround.FALSE_MATERIALS: "第七十八条", BarGround.FRAUD: "第七十九条"}


def kinds_for(case: Application, kinds: tuple[str, ...]) -> tuple[str, ...]:
    """The documents of a move, with the decision that fits what was asked."""
    own = DECISIONS.get(Purpose(case.purpose))
    return tuple(own if kind == "grant" and own else kind for kind in kinds)


def renewal(case: Application, event: Event) -> Extra:
    licence = _about(case)
    start, end = licence_terms.renewed_period(case, licence, day_of(event.at))
    return {
        **_named(licence),
        "old_valid_to": licence.valid_to,
        "valid_from": start,
        "valid_to": end,
        "deemed": event.action == "deem_renewed",
    }


def licence_change(case: Application, event: Event) -> Extra:
    licence = _about(case)
    rows = licence_faces.change_rows(case)
    return {**_named(licence), "changes": rows, "valid_from": licence.valid_from, "valid_to": licence.valid_to}


def licence_end(case: Application, event: Event) -> Extra:
    licence, ground = case.licence, event.data["ground"]
    return {
        **_named(licence),
        "act": ACT_WORDS[event.action],
        "holder": licence.holder,
        "ground": ground_words(event.action, ground),
        "reason": event.data["reason"],
        "article": article_of(event.action, ground),
    }


def bar(case: Application, event: Event) -> Extra:
    ground = BarGround(event.data["ground"])
    return {
        "article": BAR_ARTICLES[ground],
        "ground": ground.label.partition("（")[0],
        "reason": event.data["reason"],
        "begins": day_of(event.at),
        "ends": event.data["ends"],
    }


def _about(case: Application) -> Licence:
    if case.about_licence is None:
        raise ValueError("a renewal or a change is about a licence")
    return case.about_licence


def _named(licence: Licence) -> Extra:
    return {"licence_name": licence.name, "licence_number": licence.number}
