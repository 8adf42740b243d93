"""A guide as it reads for one situation: only the conditions, materials, charges and steps that apply. Pure."""

from collections.abc import Sequence
from typing import Protocol, TypeVar

from matters.guide import FeeItem, FeeStandard, Guide, GuideContent
from matters.scenario import Situation
from matters.situations import may_apply, may_come


class Conditional(Protocol):
    """Something of a guide that can depend on the situation."""

    @property
    def only_when(self) -> list[str]: ...


One = TypeVar("One", bound=Conditional)


def narrow(content: GuideContent, situation: Situation) -> GuideContent:
    """The content with what the answers exclude left out; ``situation`` must be clean.

    What hangs on a question that is still open stays, so that nobody misses anything: without any answer the guide is whole.
    The forms to download follow the materials; limits, places and contacts are the same for everybody.
    """
    if not content.scenario.questions:
        return content
    coming = may_come(content.scenario, situation)

    def kept(rows: Sequence[One]) -> list[One]:
        return [row for row in rows if may_apply(row.only_when, situation, coming)]

    guide = content.guide
    materials = kept(guide.materials)
    keys = {material.key for material in materials}
    narrowed = guide.model_copy(
        update={
            "conditions": kept(guide.conditions),
            "materials": materials,
            "form_downloads": [one for one in guide.form_downloads if one.material_key in keys],
            "fee_standard": _fee(guide.fee_standard, kept(guide.fee_standard.items)),
            "procedure": kept(guide.procedure),
        }
    )
    return content.model_copy(update={"guide": narrowed})


def _fee(fee: FeeStandard, items: list[FeeItem]) -> FeeStandard:
    """Nothing to pay is said as 不收费, not as an empty list."""
    charged = fee.is_fee and bool(items)
    return fee.model_copy(update={"items": items, "is_fee": charged, "online_pay": fee.online_pay and charged})


def known_total(guide: Guide) -> int | None:
    """What it costs altogether, in fen; None when an amount depends on the case."""
    amounts = [item.amount_cents for item in guide.fee_standard.items] if guide.fee_standard.is_fee else []
    return sum(amounts) if all(amounts) else None
