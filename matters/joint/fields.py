"""One question out of several: strict enough that each member accepts the answer."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from matters.formdef import Choice, Field, ShownWhen
from matters.joint.guide import distinct, ref

# An answer of a kind is also an answer of the kinds after it in its row.
WIDENING = (("address", "text", "textarea"), ("integer", "decimal"))
CHOSEN = {"choice", "multichoice"}


def merged_field(
    asked: Sequence[tuple[str, Field]], name: str, place: tuple[str, str], places: Mapping[str, tuple[str, str]]
) -> Field:
    """The question that stands for those of ``asked`` (code of the member, its question); ``place`` is its section and key."""
    fields = [field for _code, field in asked]
    first = fields[0]
    same_words = not name or name == first.label
    return Field(
        key=place[1],
        type=narrowest(field.type for field in fields) or first.type,
        label=name or first.label,
        label_en=next((field.label_en for field in fields if field.label_en), "") if same_words else "",
        help="；".join(distinct(field.help for field in fields)),
        required=any(field.required for field in fields),
        example=first.example,
        choices=_choices(fields),
        min=_tightest([field.min for field in fields], max),
        max=_tightest([field.max for field in fields], min),
        max_length=min(field.max_length for field in fields),
        pattern=next((field.pattern for field in fields if field.pattern), ""),
        shown_when=_shown_when(asked, places),
        prefilled_from=next((field.prefilled_from for field in fields if field.prefilled_from), ""),
    )


def narrowest(kinds: Iterable[str]) -> str:
    """The kind whose answers all of them accept; empty when there is none."""
    wanted = set(kinds)
    if len(wanted) == 1:
        return wanted.pop()
    row = next((row for row in WIDENING if wanted <= set(row)), ())
    return next((kind for kind in row if kind in wanted), "")


def conflict(fields: Sequence[Field]) -> str:
    """Why no single answer could be given to all of them, in Chinese; empty when one could."""
    if not narrowest(field.type for field in fields):
        return "类型不同"
    if fields[0].type in CHOSEN and not _one_holds_least(fields):
        return "可选项互不包含"
    if len(set(distinct(field.pattern for field in fields))) > 1:
        return "格式要求不同"
    lower, upper = (_tightest([getattr(field, end) for field in fields], best) for end, best in BOUNDS)
    if lower and upper and _number(lower) > _number(upper):
        return "取值范围没有共同部分"
    if len({field.prefilled_from for field in fields if field.prefilled_from}) > 1:
        return "自动带出的内容不同"
    return ""


def _one_holds_least(fields: Sequence[Field]) -> bool:
    """Whether the choices of one are choices of every other."""
    values = [{choice.value for choice in field.choices} for field in fields]
    least = min(values, key=len)
    return all(least <= other for other in values)


def _choices(fields: Sequence[Field]) -> list[Choice]:
    sets = [{choice.value for choice in field.choices} for field in fields]
    return [choice for choice in fields[0].choices if all(choice.value in values for values in sets)]


def _tightest(ends: Iterable[str], best: Callable[..., Any]) -> str:
    given = [end for end in ends if end]
    return str(best(given, key=_number)) if given else ""


def _number(end: str) -> tuple[Decimal, str]:
    """Numbers by their size, dates by their text."""
    try:
        return Decimal(end), ""
    except InvalidOperation:
        return Decimal(0), end


BOUNDS = (("min", max), ("max", min))


def _shown_when(asked: Sequence[tuple[str, Field]], places: Mapping[str, tuple[str, str]]) -> ShownWhen | None:
    """The one condition of all; none where they differ, so that nobody's question is left out."""
    rules = [_moved(code, field.shown_when, places) for code, field in asked]
    return rules[0] if all(rule == rules[0] for rule in rules) else None


def _moved(code: str, rule: ShownWhen | None, places: Mapping[str, tuple[str, str]]) -> ShownWhen | None:
    """The condition in words of the joint form."""
    if rule is None:
        return None
    place = places.get(ref(code, f"{rule.section}.{rule.field}"))
    return place and ShownWhen(section=place[0], field=place[1], equals=rule.equals)
