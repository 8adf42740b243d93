"""Inner side of the history: play the cases that arrived, move by move in the order of time."""

import heapq
from collections.abc import Callable
from datetime import datetime

from django.utils import timezone

from applications import services
from applications.models import Application
from applications.states import ENDED, State
from hall.demo import fates
from hall.demo.filing import DemoIncomplete
from hall.demo.playing import Move, Player, Staff
from matters import calendar

Say = Callable[[str], None]


def play(say: Say, *, now: datetime | None = None) -> None:
    """Make every move whose time has come.

    As long as corrections of the history have not been asked for, only those: the applicants answer on the outer side
    first, so that decisions are then made, and their papers numbered, in the order of time. Run it again after an exchange.
    """
    player = Player(calendar.current(), Staff(), now or timezone.now())
    cases = _open_cases()
    if not cases:
        raise DemoIncomplete("历史办件还没有从外网送到：请先在外网运行 load_demo --history，再交换一次批次文件。")
    asking = [case for case in cases if _must_be_asked(case)]
    made = _play(player, asking, only="ask_correction") if asking else _play(player, cases, say=say)
    what = "一次性告知补正" if asking else "办理历史办件"
    say(f"{what}：{made} 步")


def _open_cases() -> list[Application]:
    mine = Application.objects.filter(uid__gte=fates.uid_of(0), uid__lte=fates.uid_of(10**12 - 1))
    return list(mine.exclude(state__in=ENDED).select_related("guide_version", "department", "matter").order_by("id"))


def _must_be_asked(case: Application) -> bool:
    return bool(
        case.state == State.RECEIVED
        and case.correction_asked_on is None
        and fates.fate_of(fates.number_of(case.uid)).correction
    )


def _play(player: Player, cases: list[Application], *, only: str = "", say: Say | None = None) -> int:
    """Earliest move first, whosever case it is."""
    queue: list[tuple[datetime, int, Move]] = []
    for case in cases:
        _enqueue(queue, player, case)
    made = 0
    while queue:
        _at, pk, move = heapq.heappop(queue)
        if only and move.action != only:
            continue
        case = services.perform(pk, move.action, actor=move.actor, seen=None, at=move.at, render=False, **move.data)
        _enqueue(queue, player, case)
        made += 1
        if say and made % 200 == 0:
            say(f"已办理 {made} 步（{move.at:%Y年%m月}）")
    return made


def _enqueue(queue: list[tuple[datetime, int, Move]], player: Player, case: Application) -> None:
    move = player.next_move(case)
    if move is not None:
        heapq.heappush(queue, (move.at, case.pk, move))
