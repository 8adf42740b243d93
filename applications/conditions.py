"""Whether the law allows a move now: pure checks of a case, each with the sentence shown when it says no."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from applications.machine import CaseLife

Condition = Callable[["CaseLife"], bool]


def because(sentence: str) -> Callable[[Condition], Condition]:
    """Give a condition the sentence that explains its refusal."""

    def attach(condition: Condition) -> Condition:
        condition.sentence = sentence  # type: ignore[attr-defined]
        return condition

    return attach


def judged_once(condition: Condition) -> Condition:
    """A limit is judged on the side that decides the move: the other's calendar may be a batch behind or ahead."""

    @wraps(condition)
    def judge(case: "CaseLife") -> bool:
        return case.is_retold or condition(case)

    return judge


@because("已经一次性告知过补正内容，不能再次要求补正（行政许可法第三十二条第一款第四项）。")
def not_corrected_before(case: "CaseLife") -> bool:
    return case.correction_asked_on is None


@because("收到申请之日起五个工作日内没有告知，已视为受理；请先确认视为受理（行政许可法第三十二条第一款第四项）。")
@judged_once
def within_silence_limit(case: "CaseLife") -> bool:
    return case.silence_due is None or case.acting_on <= case.silence_due


@because("五个工作日的告知期限还没有过。")
@judged_once
def silence_limit_passed(case: "CaseLife") -> bool:
    return case.silence_due is not None and case.acting_on > case.silence_due


@because("已经延长过一次，不能再次延长（行政许可法第四十二条）。")
def not_extended_before(case: "CaseLife") -> bool:
    return case.extended_on is None


@because("法定期限已经届满，届满后批准的延期无效（行政许可法第四十二条）。")
@judged_once
def before_law_due(case: "CaseLife") -> bool:
    return case.law_due is not None and case.acting_on <= case.law_due


# What was supplied on the last day may still be on a disk, and a late batch must not cost the applicant the case (C29).
ON_THE_WAY = timedelta(days=7)


@because("补正期限届满后还要再等 7 天，以免最后一天提交的补正还在送达内网的路上。")
@judged_once
def correction_limit_passed(case: "CaseLife") -> bool:
    return case.correction_due is not None and case.acting_on > case.correction_due + ON_THE_WAY


@because("补正期限已过，请等待窗口处理或重新申请。")
@judged_once
def within_correction_limit(case: "CaseLife") -> bool:
    return case.correction_due is None or case.acting_on <= case.correction_due


@because("这一事项的办事指南没有列出可以适用的特别程序（行政许可法第四十五条）。")
def special_procedure_allowed(case: "CaseLife") -> bool:
    return bool(case.special_procedures_allowed())


@because("这是第一个审查环节，没有可以退回的前一环节。")
def has_earlier_step(case: "CaseLife") -> bool:
    return case.previous_order() is not None


# --- the life of a licence: 延续、不得再次申请
@because("申请人在不得再次申请这一行政许可的期间内，不能受理（行政许可法第七十八条、第七十九条）。")
@judged_once
def applicant_not_barred(case: "CaseLife") -> bool:
    return not case.is_barred()


@because("不是按时提出的延续申请，或者原证照的有效期还没有届满。")
@judged_once
def renewal_silence_passed(case: "CaseLife") -> bool:
    return case.renewal_due is not None and case.acting_on > case.renewal_due


@because("原证照有效期届满前没有作出决定，已视为准予延续；请先确认视为准予延续（行政许可法第五十条第二款）。")
@judged_once
def not_renewed_by_silence(case: "CaseLife") -> bool:
    return case.renewal_due is None or case.acting_on <= case.renewal_due
