"""What becomes of each case of the demo's history: the same answer on both sides, from the case's number alone."""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from random import Random
from typing import TypeVar

from applications.states import State

T = TypeVar("T")

SEED = "云川"
# Cases of the history are known by their uid on both sides: this prefix and their number in the history.
UID_PREFIX = "9901810d-0000-4000-8000-"


@dataclass(frozen=True)
class Fate:
    """The course of one case. ``stop`` is the state in which it still stands today."""

    intake: str = "accept"  # accept, deem, refuse, not_required
    correction: str = ""  # supplied, lapses
    ending: str = "grant"  # grant, refuse, withdraw, terminate, void, transfer
    pause: bool = False
    extend: bool = False
    send_back: bool = False
    owed: bool = False  # accepted with a material still owed (容缺)
    pledge: str = ""  # on a pledge (告知承诺): what its check finds, true or false
    pace: float = 0.7  # share of each step's days that it takes; above 1 is late
    stop: State | None = None
    age: int | None = None  # working days since submission; None is anywhere in the past year
    matter: str = ""  # file name of the guide; empty is any


# What a visitor should find on the desks today, whatever chance gives.
ON_THE_DESKS = (
    Fate(stop=State.RECEIVED, age=0, matter="food-business-licence"),
    Fate(stop=State.RECEIVED, age=1, matter="food-business-licence"),
    Fate(stop=State.RECEIVED, age=1, matter="labour-dispatch-licence"),
    Fate(stop=State.RECEIVED, age=2, matter="subsistence-allowance"),
    Fate(stop=State.RECEIVED, age=1, matter="construction-permit"),
    Fate(stop=State.CORRECTION, correction="supplied", age=4, matter="food-business-licence"),
    Fate(stop=State.CORRECTION, correction="supplied", age=9, matter="construction-permit"),
    Fate(stop=State.RESUBMITTED, correction="supplied", age=12, matter="food-business-licence"),
    Fate(stop=State.RESUBMITTED, correction="supplied", age=10, matter="work-injury-recognition"),
    Fate(stop=State.ACCEPTED, age=3, matter="food-business-licence"),
    Fate(stop=State.ACCEPTED, age=2, matter="disability-subsidies"),
    Fate(stop=State.TACIT_ACCEPTED, intake="deem", age=8, matter="drainage-permit"),
    Fate(stop=State.IN_REVIEW, age=5, matter="food-business-licence"),
    Fate(stop=State.IN_REVIEW, age=8, matter="food-business-licence"),
    Fate(stop=State.IN_REVIEW, age=6, matter="special-equipment-registration"),
    Fate(stop=State.IN_REVIEW, age=7, matter="road-occupation-excavation"),
    Fate(stop=State.IN_REVIEW, age=11, matter="labour-dispatch-licence"),
    Fate(stop=State.IN_REVIEW, age=16, matter="subsistence-allowance"),
    Fate(stop=State.IN_REVIEW, age=18, matter="food-business-licence"),
    Fate(stop=State.IN_REVIEW, age=38, matter="labour-dispatch-licence"),
    Fate(stop=State.IN_REVIEW, age=24, extend=True, matter="labour-dispatch-licence"),
    Fate(stop=State.SPECIAL, age=9, pause=True, matter="special-equipment-registration"),
    Fate(stop=State.SPECIAL, age=10, pause=True, matter="drainage-permit"),
    Fate(stop=State.SPECIAL, age=14, pause=True, matter="public-place-hygiene-licence"),
    Fate(stop=State.PENDING_DECISION, age=8, matter="food-business-licence"),
    Fate(stop=State.PENDING_DECISION, age=12, matter="labour-dispatch-licence"),
    Fate(stop=State.PENDING_DECISION, age=14, matter="subsistence-allowance"),
    Fate(stop=State.GRANTED, age=9, matter="food-business-licence"),
    Fate(stop=State.GRANTED, age=5, matter="construction-permit"),
    Fate(stop=State.REFUSED, ending="refuse", age=13, matter="public-place-hygiene-licence"),
    Fate(stop=State.DELIVERED, age=12, matter="food-business-licence"),
    Fate(stop=State.DELIVERED, age=9, matter="nurse-registration"),
    Fate(intake="refuse", age=14, matter="food-business-licence"),
    Fate(intake="not_required", age=20, matter="food-business-licence"),
    Fate(ending="withdraw", age=15, matter="road-freight-licence"),
    Fate(ending="terminate", age=30, matter="labour-dispatch-licence"),
    Fate(ending="void", age=25, matter="food-business-licence"),
    Fate(ending="transfer", age=28, matter="water-abstraction-licence"),
    Fate(correction="lapses", age=50, matter="public-gathering-fire-inspection"),
    Fate(stop=State.IN_REVIEW, owed=True, age=4, matter="food-business-licence"),
    Fate(stop=State.IN_REVIEW, owed=True, age=5, matter="construction-permit"),
    Fate(stop=State.PENDING_DECISION, pledge="true", age=4, matter="road-freight-licence"),
    Fate(stop=State.DELIVERED, pledge="true", age=12, matter="road-freight-licence"),
    Fate(pledge="true", age=40, matter="road-freight-licence"),
    Fate(pledge="false", age=35, matter="road-freight-licence"),
)
# Joint cases (一件事) stand in numbers of their own: ten to each, one for every member in the order of the package.
JOINT_FROM = 10**11
JOINT_STEP = 10
JOINT_MATTERS = ("food-business-licence", "public-gathering-fire-inspection", "drainage-permit")


def _together(age: int, *stops: State | None) -> tuple[Fate, ...]:
    """The members of one joint case, filed ``age`` working days ago."""
    return tuple(Fate(stop=stop, age=age, matter=name) for stop, name in zip(stops, JOINT_MATTERS, strict=True))


JOINTS = (
    _together(1, State.RECEIVED, State.ACCEPTED, State.RECEIVED),
    _together(6, State.IN_REVIEW, State.PENDING_DECISION, State.IN_REVIEW),
    _together(32, None, None, None),
)
INTAKES = {"accept": 90, "deem": 4, "refuse": 4, "not_required": 2}
CORRECTIONS = {"": 78, "supplied": 18, "lapses": 4}
ENDINGS = {"grant": 83, "refuse": 8, "withdraw": 5, "terminate": 1.5, "void": 1.5, "transfer": 1}
PACES = {0.5: 40, 0.7: 35, 0.9: 19, 1.4: 5, 2.6: 1}


def fate_of(number: int) -> Fate:
    """The course of case ``number``."""
    if number < len(ON_THE_DESKS):
        return ON_THE_DESKS[number]
    if number >= JOINT_FROM:
        which, place = divmod(number - JOINT_FROM, JOINT_STEP)
        return JOINTS[which][place]
    chance = chance_of(number)
    fate = Fate(
        intake=_pick(chance, INTAKES),
        ending=_pick(chance, ENDINGS),
        pause=chance.random() < 0.25,
        extend=chance.random() < 0.03,
        send_back=chance.random() < 0.05,
        pace=_pick(chance, PACES),
    )
    correction = _pick(chance, CORRECTIONS)
    simple = fate.intake == "accept" and fate.ending in ("grant", "refuse")
    return replace(fate, correction=correction if simple else "")


def _pick(chance: Random, weights: Mapping[T, float]) -> T:
    return chance.choices(list(weights), list(weights.values()))[0]


def chance_of(number: int, stage: object = "") -> Random:
    """The chance of one case at one stage; text seeds give the same numbers on every machine."""
    return Random(f"{SEED}/{number}/{stage}")


def uid_of(number: int) -> uuid.UUID:
    """The uid of case ``number``."""
    return uuid.UUID(f"{UID_PREFIX}{number:012d}")


def number_of(uid: uuid.UUID) -> int:
    """Back from the uid; ValueError when it is not a case of the history."""
    text = str(uid)
    if not text.startswith(UID_PREFIX):
        raise ValueError(f"{uid} 不是历史办件")
    return int(text.removeprefix(UID_PREFIX))


def all_uids(count: int) -> Iterator[uuid.UUID]:
    """The uids of the first ``count`` cases."""
    return (uid_of(number) for number in range(count))
