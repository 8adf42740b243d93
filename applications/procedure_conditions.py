"""What the law asks of hearings, third parties and checks: facts of a case, and the conditions that judge them.

Pure, like conditions.py: each condition carries the sentence shown when it says no.
"""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from applications.conditions import ON_THE_WAY, because, judged_once

if TYPE_CHECKING:
    from applications.procedure_life import ProcedureLife


@dataclass(frozen=True)
class HearingFacts:
    """The dates of a case's hearing (legal days)."""

    told_on: date
    ask_due: date
    asked_on: date | None = None
    set_for: date | None = None
    held_on: date | None = None
    dropped_on: date | None = None

    @property
    def is_owed(self) -> bool:
        """Asked for, and neither held nor dropped."""
        return self.asked_on is not None and self.held_on is None and self.dropped_on is None

    def may_still_be_asked(self, on: date) -> bool:
        """Nobody has asked, and what was asked on the last day may still be on its way (C29)."""
        return self.asked_on is None and on <= self.ask_due + ON_THE_WAY


# --- 听证
@because("已经告知过听证的权利，不用再次告知。")
def not_told_of_hearing(case: "ProcedureLife") -> bool:
    return case.hearing_facts() is None


@because("还没有告知过听证的权利，不能申请听证（行政许可法第四十七条）。")
def told_of_hearing(case: "ProcedureLife") -> bool:
    return case.hearing_facts() is not None


@because("已经有人申请过听证，不用再次申请。")
def hearing_not_asked(case: "ProcedureLife") -> bool:
    facts = case.hearing_facts()
    return facts is not None and facts.asked_on is None


@because("申请听证的期限已过：应当在被告知之日起五个工作日内提出（行政许可法第四十七条）。")
@judged_once
def within_ask_limit(case: "ProcedureLife") -> bool:
    facts = case.hearing_facts()
    return facts is not None and case.acting_on <= facts.ask_due


@because("现在没有需要举行的听证：没有人申请，或者已经举行、终止。")
def hearing_is_owed(case: "ProcedureLife") -> bool:
    facts = case.hearing_facts()
    return facts is not None and facts.is_owed


@because("还没有通知举行听证的时间、地点和主持人。")
def hearing_is_set(case: "ProcedureLife") -> bool:
    facts = case.hearing_facts()
    return facts is not None and facts.set_for is not None


@because("通知的听证时间还没有到，不能记录听证。")
@judged_once
def hearing_day_has_come(case: "ProcedureLife") -> bool:
    facts = case.hearing_facts()
    return facts is not None and facts.set_for is not None and case.acting_on >= facts.set_for


@because("有人申请了听证，听证举行之前不能作出决定（行政许可法第四十六条至第四十八条）。")
@judged_once
def no_hearing_owed(case: "ProcedureLife") -> bool:
    facts = case.hearing_facts()
    return facts is None or not facts.is_owed


@because(
    "已经告知听证的权利，申请听证的期限（含申请从外网送达的 7 天）还没有过，不能作出决定（行政许可法第四十七条）。"
)
@judged_once
def hearing_can_no_longer_be_asked(case: "ProcedureLife") -> bool:
    facts = case.hearing_facts()
    return facts is None or not facts.may_still_be_asked(case.acting_on)


# --- 利害关系人
@because("还有利害关系人没有听取意见，不能作出决定（行政许可法第三十六条）。")
@judged_once
def third_parties_heard(case: "ProcedureLife") -> bool:
    return not case.has_unheard_parties()


@because("没有等待听取意见的利害关系人。")
@judged_once
def has_unheard_party(case: "ProcedureLife") -> bool:
    return case.has_unheard_parties()


# --- 核查
@because("这一环节要求现场核查，两名以上工作人员的核查记录还没有完成（行政许可法第三十四条第三款）。")
@judged_once
def required_check_recorded(case: "ProcedureLife") -> bool:
    return not case.lacks_required_check()


@because("没有安排好的核查，请先安排核查。")
@judged_once
def check_is_planned(case: "ProcedureLife") -> bool:
    return case.has_planned_check()
