"""What was supplied is not what the notice asked for: the same items again, never new ones (行政许可法 32(1)(4), C04).

It is the one notice still: its date stays, with five working days at least to mend what is left (``clocks.again_days``).
"""

from datetime import date
from typing import Any

from django.db.models import Max

from applications import case_clocks, clocks
from applications.clocks import Limit
from applications.errors import NotPossible
from applications.models import Application, Correction
from applications.models.progress import ClockKind
from matters import calendar

Data = dict[str, Any]
NEW_ITEM = (
    "“{}”不在第一次告知的内容里（或者已经补正）。补正内容应当一次告知，不能再提出新的要求；"
    "没有其他未补正内容的，应当受理（行政许可法第三十二条第一款第四项、第五项）。"
)


def still_open(case: Application) -> dict[str, str]:
    """Target → name of what was listed last; nothing else may be listed again."""
    last = case.corrections.aggregate(last=Max("round"))["last"]
    return dict(case.corrections.filter(round=last).values_list("target", "label"))


def derive(case: Application, data: Data) -> Data:
    """NotPossible for an item that the notice did not name, or that was met already."""
    if case.correction_asked_on is not None:
        known = still_open(case)
        for item in data["items"]:
            if item["target"] not in known:
                raise NotPossible(NEW_ITEM.format(item["label"]))
    return data


def list_again(case: Application, data: Data, today: date) -> None:
    """Open the items that are still not met; what is not listed is met for good."""
    asked = {item["target"]: item for item in data["items"]}
    turn = (case.corrections.aggregate(last=Max("round"))["last"] or 0) + 1
    for row in case.corrections.filter(target__in=asked):
        row.problem, row.remedy = asked[row.target]["problem"], asked[row.target].get("remedy", "")
        row.supplied, row.typed, row.round = False, None, turn
        row.save(update_fields=["problem", "remedy", "supplied", "typed", "round"])
    days = clocks.again_days(_first_due(case), today, calendar.current())
    case_clocks.start(case, ClockKind.CORRECTION, today, Limit(days, "Z"))


def _first_due(case: Application) -> date:
    return case.clocks.filter(kind=ClockKind.CORRECTION).latest("id").due


def items_of(case: Application) -> list[Correction]:
    """The items that wait to be supplied, in the order of the notice."""
    return [item for item in case.corrections.all() if not item.supplied]
