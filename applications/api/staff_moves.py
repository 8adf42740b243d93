"""A move as officers' programs see it: what it needs, and what they sent checked by the forms of the pages."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from applications import machine, needs
from applications.api.refusals import Incomplete
from applications.forms.moves import correction_targets, form_for, optional
from applications.models import Application


def possible(case: Application, action: str) -> dict[str, Any]:
    """A move with its label, what it needs, what may be said, and the ``seen`` to send along."""
    declared = machine.custom(action, case.state)
    wanted = list(needs.needs(case, action))
    return {
        "action": action,
        "label": declared["label"],
        "needs": wanted,
        "optional": [name for name in optional(case, action) if name not in wanted],
        "choices": _choices(case, action),
        "final": declared.get("final", False),
        "seen": case.seen,
    }


def _choices(case: Application, action: str) -> dict[str, list[str]]:
    """The values a field takes, where they are fixed; for a correction the targets of its items."""
    if action == "ask_correction":
        return {"target": list(correction_targets(case))}
    fields = form_for(case, action).fields
    return {
        name: [str(value) for value, _ in field.choices] for name, field in fields.items() if hasattr(field, "choices")
    }


def move_data(case: Application, action: str, sent: dict[str, Any]) -> dict[str, Any]:
    """What ``perform`` takes, validated by the form the pages use; Incomplete names the fields at fault."""
    is_correction = action == "ask_correction"
    form = form_for(case, action, _typed(case, sent.get("items", [])) if is_correction else sent)
    if not form.is_valid():
        found = {name: [str(one) for one in sentences] for name, sentences in form.errors.items()}
        raise Incomplete({"items": [one for part in found.values() for one in part]} if is_correction else found)
    return form.move_data()


def _typed(case: Application, items: list[dict[str, str]]) -> dict[str, str]:
    """The items of a correction as the form's boxes; Incomplete for a target that is unknown or named twice."""
    targets = correction_targets(case)
    for target, times in Counter(item["target"] for item in items).items():
        if target not in targets:
            raise Incomplete({"items": [f"没有“{target}”；target 应为 {'、'.join(targets)} 之一。"]})
        if times > 1:
            raise Incomplete({"items": [f"“{target}”写了 {times} 次，请合并为一项。"]})
    return {f"{box}-{item['target']}": item.get(box, "") for item in items for box in ("problem", "remedy")}


def flat(errors: Any) -> dict[str, list[str]]:
    """A serializer's errors as sentences by field; those of a list of items say which item."""
    return {str(name): list(_flat(found)) for name, found in errors.items()}


def _flat(found: Any) -> Iterator[str]:
    """Sentences of a list of sentences, or of the items of a list by their number from 0."""
    if not isinstance(found, dict):
        yield from (str(one) for one in found)
        return
    for key, inner in found.items():
        item = f"第 {key + 1} 项：" if isinstance(key, int) else ""
        yield from (item + sentence for sentence in _flat(inner))
