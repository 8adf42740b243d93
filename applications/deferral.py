"""容缺受理: accept with named secondary materials owed by a date; hand them in, look at them, remind, let it lapse.

The rule of C28 in ``clocks.owed_days``: two working days before the promised limit, at most twenty; the clocks run on.
"""

from datetime import date, datetime
from typing import Any

from django.utils import timezone

from applications import case_clocks, clocks
from applications.actors import Actor
from applications.clocks import Limit
from applications.errors import DataMissing, NotPossible
from applications.models import Application, Owed, Request
from applications.models.owed import OwedState
from applications.models.progress import ClockKind
from applications.requested_changes import apply_changes, supplied_keys
from matters import calendar

Data = dict[str, Any]
VERDICTS = {"ok": "通过，已经补齐", "not": "没有通过，请申请人重新补交"}


def choices(case: Application) -> dict[str, str]:
    """Key → name of every material that this guide lets come later."""
    return {one.key: one.name for one in case.guide.materials if one.is_deferrable}


def lacking(case: Application) -> dict[str, str]:
    """Of those the ones that were not handed in."""
    held = set(case.materials.filter(replaced=False).values_list("key", flat=True))
    held |= {row.key for row in case.presented.all() if row.is_paper}
    return {key: name for key, name in choices(case).items() if key not in held}


# --- what only the deciding side knows
def derive_accept(case: Application, data: Data) -> Data:
    """The owed materials by name, and how many working days there are. NotPossible when the promise leaves no room."""
    known, wanted = choices(case), list(data["owed"])
    if not set(wanted) <= known.keys():
        raise DataMissing({"owed": "只有办事指南列为“可容缺”的材料可以容缺；主要材料不齐的，请一次性告知补正。"})
    days = owed_days(case)
    return data | {"owed": [{"key": key, "label": known[key]} for key in known if key in wanted], "owed_days": days}


def owed_days(case: Application) -> int:
    """How many working days from acceptance, were it accepted on ``acting_on``. NotPossible when there are none left."""
    limit, days = case.guide_version.guide.promised_limit, calendar.current()
    accepted = timezone.localdate(case.supplied_at) if case.supplied_at else case.acting_on
    found = clocks.owed_days(accepted, days.add(accepted, limit.value, limit.unit), days)
    if found <= 0 or days.add_workdays(accepted, found) <= case.acting_on:
        raise NotPossible("承诺期限太短：补交日期要比承诺办结日至少早 2 个工作日，来不及容缺受理。请一次性告知补正。")
    return found


def derive_supply(case: Application, data: Data) -> Data:
    """What is handed in must be owed."""
    request = Request.objects.get(uid=data["request"])
    keys = supplied_keys(request.changes)
    if not keys or keys - set(case.owed.filter(standing=OwedState.OWED).values_list("key", flat=True)):
        raise NotPossible("这次补交的不是还欠着的容缺材料，请刷新页面查看最新情况。")
    return data


def derive_check(case: Application, data: Data) -> Data:
    """One material that came, and a verdict; one that says no says why."""
    row = case.owed.filter(key=data["owed_key"], standing=OwedState.SENT).first()
    if row is None:
        raise DataMissing({"owed_key": "请选择一份已经补交、还没有核对的材料。"})
    if data["verdict"] not in VERDICTS:
        raise DataMissing({"verdict": "请选择核对结果。"})
    if data["verdict"] == "not" and not str(data.get("problem", "")).strip():
        raise DataMissing({"problem": "没有通过的，请写明原因和怎样重新补交。"})
    return data | {"label": row.label}


# --- effects, the same on both sides
def owe(case: Application, data: Data) -> None:
    """Write down what is owed and begin its limit; the case has its day of acceptance."""
    accepted = case.accepted_on
    if accepted is None:
        raise ValueError("an accepted case has its day")
    Owed.objects.bulk_create(Owed(application=case, key=one["key"], label=one["label"]) for one in data["owed"])
    case_clocks.start(case, ClockKind.OWED, accepted, Limit(data["owed_days"]))


def supply(case: Application, data: Data, at: datetime, actor: Actor) -> None:
    """The request's files become the case's; each waits to be looked at."""
    request = Request.objects.get(uid=data["request"])
    apply_changes(case, request)
    keys = supplied_keys(request.changes)
    case.owed.filter(key__in=keys).update(standing=OwedState.SENT, supplied_at=at, problem="")


def check(case: Application, data: Data, at: datetime, actor: Actor) -> None:
    """Good, or owed again; when nothing is owed any more, its limit ends."""
    is_good = data["verdict"] == "ok"
    case.owed.filter(key=data["owed_key"]).update(
        standing=OwedState.CONFIRMED if is_good else OwedState.OWED,
        problem="" if is_good else data["problem"],
        checked_at=at,
    )
    if not case.owed.exclude(standing=OwedState.CONFIRMED).exists():
        case_clocks.stop(case, (ClockKind.OWED,), timezone.localdate(at))


def remind(case: Application, data: Data, at: datetime, actor: Actor) -> None:
    """Once is enough."""
    case.owed_reminded_on = timezone.localdate(at)


def last_day(case: Application) -> date | None:
    """The date by which everything was owed, also after its limit has ended."""
    return case.clocks.filter(kind=ClockKind.OWED).order_by("-id").values_list("due", flat=True).first()


def labels(case: Application, standing: str = OwedState.OWED) -> str:
    """The names of what is owed, as one says them."""
    return "、".join(case.owed.filter(standing=standing).values_list("label", flat=True))
