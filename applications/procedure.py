"""The moves of procedure_life.py by name: what the deciding side adds, what they change, what may leave, what is told."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from applications import hearings, joint_handling, onsite, third_parties
from applications.actors import Actor
from applications.models import Application

Data = dict[str, Any]

DERIVE: dict[str, Callable[[Application, Actor, Data], Data]] = {
    "plan_check": onsite.facts_of_planning,
    "record_check": onsite.facts_of_recording,
    "name_third_party": third_parties.facts_of_naming,
    "hear_third_party": third_parties.facts_of_hearing,
    "tell_hearing": hearings.facts_of_telling,
    "ask_hearing": hearings.facts_of_asking,
    "set_hearing": hearings.facts_of_setting,
    "hold_hearing": hearings.facts_of_holding,
    "extend": joint_handling.facts_of_extending,
}
EFFECTS: dict[str, Callable[[Application, Data, datetime, Actor], None]] = {
    "plan_check": onsite.plan,
    "record_check": onsite.record,
    "name_third_party": third_parties.name,
    "hear_third_party": third_parties.hear,
    "tell_hearing": hearings.tell,
    "ask_hearing": hearings.ask,
    "set_hearing": hearings.set_,
    "hold_hearing": hearings.hold,
    "drop_hearing": hearings.drop,
}
