"""Inner side of the history: play the cases that arrived, move by move in the order of time."""

import heapq
from collections.abc import Callable, Iterable
from datetime import datetime

from django.utils import timezone

from applications import services
from applications.models import Application
from applications.states import ENDED
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
    asking = {pk: move for pk, move in _next_moves(player, cases) if move.action == "ask_correction"}
    if asking:
        made = _play(player, list(asking.items()), say, only_once=True)
    else:
        made = _play(player, _next_moves(player, cases), say)
    what = "一次性告知补正" if asking else "办理历史办件"
    say(f"{what}：{made} 步")


def _open_cases() -> list[Application]:
    mine = Application.objects.filter(uid__gte=fates.uid_of(0), uid__lte=fates.uid_of(10**12 - 1))
    return list(mine.exclude(state__in=ENDED).select_related("guide_version", "department", "matter").order_by("id"))


def _next_moves(player: Player, cases: Iterable[Application]) -> list[tuple[int, Move]]:
    found = ((case.pk, player.next_move(case)) for case in cases)
    return [(pk, move) for pk, move in found if move is not None]


def _play(player: Player, moves: Iterable[tuple[int, Move]], say: Say, *, only_once: bool = False) -> int:
    """Earliest move first, whosever case it is."""
    queue = [(move.at, pk, move) for pk, move in moves]
    heapq.heapify(queue)
    made = 0
    while queue:
        _at, pk, move = heapq.heappop(queue)
        case = services.perform(pk, move.action, actor=move.actor, seen=None, at=move.at, render=False, **move.data)
        following = None if only_once else player.next_move(case)
        if following is not None:
            heapq.heappush(queue, (following.at, pk, following))
        made += 1
        if made % 200 == 0:
            say(f"已办理 {made} 步（{move.at:%Y年%m月}）")
    return made
