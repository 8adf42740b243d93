"""The states of an application and what they mean together. One word per legal term; docs/GLOSSARY.md has them all."""

from django.db import models


class State(models.TextChoices):
    """Where an application stands in law (the common exchange set of the national platform, plus the outer draft)."""

    DRAFT = "DRAFT", "草稿"
    SUBMITTED = "SUBMITTED", "已提交，待收件"
    RECEIVED = "RECEIVED", "已收件"
    CORRECTION = "CORRECTION", "待补正"
    RESUBMITTED = "RESUBMITTED", "已补正，待核对"
    NOT_REQUIRED = "NOT_REQUIRED", "无需办理"
    REJECTED_INTAKE = "REJECTED_INTAKE", "不予受理"
    ACCEPTED = "ACCEPTED", "已受理"
    TACIT_ACCEPTED = "TACIT_ACCEPTED", "视为受理"
    IN_REVIEW = "IN_REVIEW", "审查中"
    SPECIAL = "SPECIAL", "特别程序（不计时）"
    PENDING_DECISION = "PENDING_DECISION", "待决定"
    GRANTED = "GRANTED", "准予"
    REFUSED = "REFUSED", "不予批准"
    DELIVERED = "DELIVERED", "已送达"
    CLOSED = "CLOSED", "已办结"
    WITHDRAWN = "WITHDRAWN", "已撤回"
    TERMINATED = "TERMINATED", "终止办理"
    CORRECTION_LAPSED = "CORRECTION_LAPSED", "逾期未补正，已退回"
    TRANSFERRED_UP = "TRANSFERRED_UP", "已转报上级"
    VOIDED = "VOIDED", "已作废"
    REVOKED = "REVOKED", "决定已撤销"


INTAKE = (State.RECEIVED, State.RESUBMITTED)
ACCEPTED = (State.ACCEPTED, State.TACIT_ACCEPTED)
UNDER_REVIEW = (*ACCEPTED, State.IN_REVIEW, State.SPECIAL, State.PENDING_DECISION)
DECIDED = (State.GRANTED, State.REFUSED)
# The moves that decide in the applicant's favour.
GRANTS = ("grant", "grant_at_once", "deem_renewed")
ENDED = (
    State.NOT_REQUIRED,
    State.REJECTED_INTAKE,
    State.CLOSED,
    State.WITHDRAWN,
    State.TERMINATED,
    State.CORRECTION_LAPSED,
    State.TRANSFERRED_UP,
    State.VOIDED,
    State.REVOKED,
)
# From submission to the end: what a work list may show and what an applicant may still act on.
OPEN = tuple(state for state in State if state not in ENDED and state is not State.DRAFT)
# Which states wait for a window clerk of the responsible department.
AT_THE_WINDOW = (State.SUBMITTED, State.RECEIVED, State.RESUBMITTED, *ACCEPTED, *DECIDED, State.DELIVERED)
NOT_OPEN, AT_A_STEP, AT_A_WINDOW = 0, 1, 2


def desk_of(state: str) -> int:
    """Where a case in this state waits: nowhere, with an applicant or at a step of its route, at the window."""
    if state not in OPEN:
        return NOT_OPEN
    return AT_A_WINDOW if state in AT_THE_WINDOW else AT_A_STEP


# Before the decision the applicant may take the application back.
WITHDRAWABLE = (State.SUBMITTED, State.RECEIVED, State.CORRECTION, State.RESUBMITTED, *UNDER_REVIEW)


class Way(models.TextChoices):
    """How the applicant wants to be served: with everything examined first, or on a pledge that is checked afterwards."""

    ORDINARY = "ordinary", "一般办理"
    PLEDGE = "pledge", "告知承诺"


class PledgeCheck(models.TextChoices):
    """What came of checking a pledge after the decision; nothing where no decision was made on one."""

    NONE = "", "不适用"
    OPEN = "open", "待核查"
    TRUE = "true", "核查属实"
    FALSE = "false", "承诺不实"


class FinishKind(models.TextChoices):
    """How a case ended (办结结果), equal in the exchange sets of the provinces."""

    LICENSED = "0", "出证办结"
    RETURNED = "1", "退回办结"
    VOIDED = "2", "作废办结"
    DELETED = "3", "删除办结"
    TRANSFERRED = "4", "转报办结"
    NOT_SUPPLIED = "5", "补交不来办结"
    FINISHED = "6", "办结"


class SpecialProcedure(models.TextChoices):
    """The eight procedures that art. 45 行政许可法 takes out of the clock; nothing else may."""

    HEARING = "hearing", "听证"
    TENDER = "tender", "招标"
    AUCTION = "auction", "拍卖"
    INSPECTION = "inspection", "检验"
    TESTING = "testing", "检测"
    QUARANTINE = "quarantine", "检疫"
    APPRAISAL = "appraisal", "鉴定"
    EXPERT_REVIEW = "expert_review", "专家评审"
