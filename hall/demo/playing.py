"""Inner side of the history: which move a case makes next, by whom and when. Nothing here changes a case."""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from applications import actors, conditions, deferral, effects, needs
from applications.actors import Actor
from applications.models import Application
from applications.states import ACCEPTED, DECIDED, PledgeCheck, State
from hall.demo import fates, officetime, words
from hall.demo.fates import Fate
from identity.models import Post
from matters.workdays import Calendar

Reached = dict[str, Any]


@dataclass(frozen=True)
class Move:
    """What happens next to a case."""

    at: datetime
    action: str
    actor: Actor
    data: dict[str, Any] = field(default_factory=dict)


class Staff:
    """The staff by department and role."""

    def __init__(self) -> None:
        self._posts: dict[tuple[int, str], list[Actor]] = defaultdict(list)
        for post in Post.objects.filter(active=True).select_related("user").order_by("user__username"):
            self._posts[post.department_id, post.role].append(actors.staff(post.user))

    def one(self, department: int, role: str, number: int) -> Actor:
        """Somebody with the role; the same case always meets the same person. KeyError when nobody has it."""
        holders = self._posts[department, role]
        if not holders:
            raise KeyError(f"部门 {department} 没有 {role}")
        return holders[number % len(holders)]


@dataclass
class Player:
    """Answers what comes next for a case; ``None`` when it stays where it is."""

    days: Calendar
    staff: Staff
    now: datetime

    def next_move(self, case: Application) -> Move | None:
        """The next move, if its time has come."""
        number = fates.number_of(case.uid)
        turn = Turn(self, case, number, fates.fate_of(number), fates.chance_of(number, case.version))
        if case.state == turn.fate.stop and not turn.is_unfinished():
            return None
        move = turn.choose()
        if move is None or move.at > self.now:
            return None
        turn.case.acting_on = effects.day_of(move.at)
        late = {name: words.LATE[name] for name in needs.needs(turn.case, move.action) if name in words.LATE}
        return replace(move, data=move.data | late)


@dataclass
class Turn:
    """One question of one case."""

    player: Player
    case: Application
    number: int
    fate: Fate
    chance: Random

    def __post_init__(self) -> None:
        events = list(self.case.events.moves())
        self.done = {event.action for event in events}
        self.last = events[-1].at
        self.guide = self.case.guide
        self.instant = self.case.guide_version.header.is_instant

    def is_unfinished(self) -> bool:
        """Whether something that belongs to the state in which the case shall stand is still to be done."""
        return self.case.state == State.IN_REVIEW and self.fate.extend and "extend" not in self.done

    def choose(self) -> Move | None:
        """The move for the state the case is in."""
        state = State(self.case.state)
        if state in (State.RECEIVED, State.RESUBMITTED):
            return self._intake(state)
        if state in (*ACCEPTED, State.IN_REVIEW):
            return self._review(state)
        if state is State.PENDING_DECISION:
            return self._decide()
        if state in DECIDED:
            days = self.chance.randint(0, max(self.guide.outcome.delivery_days - 1, 0))
            return self._by("clerk", "deliver", days, words.delivery(self.case, self.chance))
        if state is State.DELIVERED:
            return self._end()
        if state is State.SPECIAL:
            return self._resume()
        if state is State.CORRECTION and self.fate.correction == "lapses":
            return self._lapse()
        return None

    # --- states
    def _intake(self, state: State) -> Move | None:
        if self.fate.ending == "void":
            return self._by("inspector", "void", 1, {"reason": "与同日提交的另一件申请重复，经核实作废。"})
        if self.fate.ending == "withdraw" and state is State.RECEIVED:
            return None
        if self.fate.intake == "refuse":
            return self._by("clerk", "refuse_intake", 0, words.not_this_organ(self.case))
        if self.fate.intake == "not_required":
            data = {"reason": words.not_required(self.case)}
            return self._by("clerk", "tell_not_required", 0, data)
        if self.fate.correction and state is State.RECEIVED:
            items = words.correction_items(self.case, self.chance)
            return self._by("clerk", "ask_correction", self._intake_days(), {"items": items})
        if self.fate.intake == "deem":
            return self._system("deem_accepted", self.case.silence_due)
        if self.fate.owed and (owed := deferral.lacking(self.case)):
            owing: dict[str, Any] = {"owed": list(owed), "signed": f"{self.case.applicant_name}提交申请时在网上确认"}
            return self._by("clerk", "accept_with_deferral", self._intake_days(), owing)
        return self._by("clerk", "accept", self._intake_days())

    def _review(self, state: State) -> Move:
        if state is not State.IN_REVIEW:
            opinions = words.ON_THE_SPOT if self.instant else words.ACCEPTED
            return self._by("clerk", "pass_on", self._days(1), {"opinion": self.chance.choice(opinions)})
        department, role = self.case.current_posts()[0]
        if self.fate.pause and "pause" not in self.done and self.case.special_procedures_allowed():
            return self._step(department, role, "pause", self._days(1), words.pause(self.case, self.chance))
        if self.fate.extend and "extend" not in self.done and not self.instant:
            return self._by(
                "approver", "extend", self._days(4), {"reason": self.chance.choice(words.EXTENSIONS) + "。"}
            )
        if self.fate.ending == "terminate":
            data = {"reason": words.terminated(self.case)}
            return self._step(department, role, "terminate", self._days(4), data)
        if self.fate.ending == "transfer":
            data = {"opinion": "初步审查同意，按权限转报。", "upper_organ": words.upper_organ(self.case)}
            return self._step(department, role, "transfer_up", self._days(6), data)
        return self._step(
            department, role, "pass_on", self._step_days(), {"opinion": self.chance.choice(words.REVIEWED)}
        )

    def _decide(self) -> Move:
        department, role = self.case.current_posts()[0]
        if self.fate.send_back and "send_back" not in self.done and self.case.previous_order():
            return self._step(department, role, "send_back", 0, {"reason": self.chance.choice(words.SENT_BACK)})
        if self.fate.ending == "refuse":
            return self._step(department, role, "refuse", self._step_days(), words.refusal(self.guide, self.chance))
        return self._step(department, role, "grant", self._step_days(), {"opinion": self.chance.choice(words.GRANTED)})

    def _end(self) -> Move:
        if self.case.pledge_check != PledgeCheck.OPEN:
            return self._by("clerk", "close", self.chance.randint(0, 2))
        if self.fate.pledge == "false":
            return self._by("approver", "find_pledge_false", self._days(12), dict(words.PLEDGE_FALSE))
        return self._by("reviewer", "confirm_pledge", self._days(12), {"opinion": words.PLEDGE_TRUE})

    def _resume(self) -> Move:
        pause = self.case.pauses.get(ended_on=None)
        department, role = self.case.current_posts()[0]
        at = officetime.at_office(pause.expected_end, self.chance, after=self.last)
        return Move(at, "resume", self.player.staff.one(department, role, self.number))

    def _lapse(self) -> Move | None:
        due = self.case.correction_due
        return self._system("lapse", due and due + conditions.ON_THE_WAY)

    # --- when and by whom
    def _intake_days(self) -> int:
        """Within the promise; instant matters while the person waits."""
        if self.instant:
            return 0
        days = self.chance.randint(0, self.guide.acceptance_limit)
        # A case that shall stand somewhere today must be able to get there, also when the demo is built at midnight.
        return days if self.fate.age is None else min(days, max(self.fate.age - 3, 0))

    def _days(self, usual: int) -> int:
        return 0 if self.instant else round(usual * self.fate.pace * self.chance.uniform(0.4, 1.1))

    def _step_days(self) -> int:
        """The days of the current step, at the pace of this case."""
        steps = self.case.route_steps.filter(standing="current")
        return self._days(max((step.working_days for step in steps), default=1))

    def _by(self, role: str, action: str, workdays: int, data: dict[str, Any] | None = None) -> Move:
        return self._step(self.case.department_id, role, action, workdays, data)

    def _step(self, department: int, role: str, action: str, workdays: int, data: dict[str, Any] | None = None) -> Move:
        last = self.last.astimezone(officetime.ZONE)
        if last.time() > officetime.CLOSED:
            workdays = max(workdays, 1)
        day = self.player.days.add_workdays(last.date(), workdays)
        at = officetime.at_office(day, self.chance, after=last)
        return Move(at, action, self.player.staff.one(department, role, self.number), data or {})

    def _system(self, action: str, due: date | None) -> Move | None:
        if due is None:
            return None
        at = officetime.online(due + timedelta(days=1), self.chance).replace(hour=0, minute=5)
        return Move(max(at, self.last + timedelta(minutes=1)), action, actors.system())
