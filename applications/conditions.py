"""Whether the law allows a move now: pure checks of a case, each with the sentence shown when it says no."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import TYPE_CHECKING

from applications.states import PledgeCheck, State, Way

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


@because("请人会签的意见还没有收齐。可以等待会签，或者由请求人撤回会签。")
@judged_once
def nobody_signs_still(case: "CaseLife") -> bool:
    return not case.awaits_signature()


# --- 受理、决定的次序
@because("申请人已经按照要求提交全部补正材料，应当受理，不能再不予受理（行政许可法第三十二条第一款第五项）。")
def not_supplied_in_full(case: "CaseLife") -> bool:
    return case.state != State.RESUBMITTED or case.is_barred()


@because("这一事项不是即办件，或者办事指南没有授权窗口当场决定，请受理后转审查（行政许可法第三十四条第二款）。")
@judged_once
def decidable_at_once(case: "CaseLife") -> bool:
    return case.window_decides()


@because("有数量限制的事项按受理的先后顺序决定：名额已满，或者排在前面的申请还没有决定（行政许可法第五十七条）。")
@judged_once
def has_place_left(case: "CaseLife") -> bool:
    return case.has_place()


# --- 容缺受理、承诺期限、告知承诺
@because("办事指南没有列出可以容缺的材料，不能容缺受理。")
def some_material_deferrable(case: "CaseLife") -> bool:
    return bool(case.deferrable_keys())


@because("这件申请没有要补交的容缺材料。")
def owes_material(case: "CaseLife") -> bool:
    return case.owed_due is not None


@because("容缺补交期限已过，请等待窗口处理或重新申请。")
@judged_once
def within_owed_limit(case: "CaseLife") -> bool:
    return case.owed_due is None or case.acting_on <= case.owed_due


@because("容缺材料已经交来，或者补交期限届满后还没有再等 7 天：最后一天补交的材料可能还在送达内网的路上。")
@judged_once
def owed_limit_passed(case: "CaseLife") -> bool:
    return case.owed_due is not None and case.acting_on > case.owed_due + ON_THE_WAY and case.lacks_owed()


@because("已经提醒过申请人补交容缺材料。")
def reminder_not_sent(case: "CaseLife") -> bool:
    return case.owed_reminded_on is None


@because("还有容缺材料没有补交并核对，不能准予。请等申请人补交，或者逾期退回。")
def nothing_owed(case: "CaseLife") -> bool:
    return case.owed_due is None


@because("没有超过承诺期限，或者已经说明过超期原因。")
@judged_once
def promise_overrun(case: "CaseLife") -> bool:
    overrun = case.promise_due is not None and case.acting_on > case.promise_due
    return overrun and case.overrun_explained_on is None


@because("这件申请没有等待核查的承诺。")
def pledge_unchecked(case: "CaseLife") -> bool:
    return case.way == Way.PLEDGE and case.pledge_check == PledgeCheck.OPEN


@because("这是按告知承诺作出的决定，承诺核查之后才能办结。")
def pledge_checked(case: "CaseLife") -> bool:
    return case.pledge_check != PledgeCheck.OPEN
