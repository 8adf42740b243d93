"""What each event says, as data: add a row here and the notice exists. SMS say no more than must stand on a locked screen.

Words in braces are filled in by ``noticing``: matter, number, organ, and what an event brings of its own.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Wording:
    """``text`` stands in the account and in the e-mail; ``group`` is what a person can switch off."""

    group: str
    title: str
    text: str
    sms: str


# What can be switched off, per channel; the account shows everything.
GROUPS = {
    "todo": "需要您办理的（补正、补交、听证）",
    "progress": "办理进度和决定",
    "message": "部门的留言",
    "appointment": "预约",
    "licence": "证照到期",
}

SMS_END = "登录{hall}查看。"
CASE = "您申请的“{matter}”（{number}）"

WORDINGS: dict[str, Wording] = {
    "received": Wording(
        "progress",
        "申请已收到",
        CASE + "，{organ}已经收件。受理期限以收件时间计算，进度随时可以在办件页面查看。",
        "您的申请{number}已收件。" + SMS_END,
    ),
    "correction": Wording(
        "todo",
        "请补正申请材料",
        CASE + "需要补正。请在{due}之前一次提交全部补正内容，逾期没有补正的，申请会退回。",
        "您的申请{number}需要补正，请在{due}之前提交。" + SMS_END,
    ),
    "accepted": Wording(
        "progress",
        "申请已受理",
        CASE + "已经受理，承诺在{due}之前办结。{more}",
        "您的申请{number}已受理。" + SMS_END,
    ),
    "refused": Wording(
        "progress",
        "申请没有受理",
        CASE + "没有受理。理由和救济途径写在文书里，可以在办件页面查看。",
        "您的申请{number}有结果，请查看文书。" + SMS_END,
    ),
    "extended": Wording(
        "progress",
        "办理期限已延长",
        CASE + "经负责人批准延长了办理期限，延长的理由写在文书里（行政许可法第四十二条）。",
        "您的申请{number}办理期限有变化。" + SMS_END,
    ),
    "paused": Wording(
        "progress",
        "进入特别程序",
        CASE + "进入特别程序，这段时间不计入办理期限，所需时间写在文书里（行政许可法第四十五条）。",
        "您的申请{number}进入特别程序。" + SMS_END,
    ),
    "decided": Wording(
        "progress",
        "已作出决定",
        CASE + "已经作出决定，结果和决定书可以在办件页面查看。",
        "您的申请{number}已作出决定。" + SMS_END,
    ),
    "delivered": Wording(
        "progress",
        "决定已送达",
        CASE + "的决定已经送达，方式是{method}。{more}",
        "您的申请{number}的决定已送达（{method}）。" + SMS_END,
    ),
    "ended": Wording(
        "progress",
        "办理已经结束",
        CASE + "：{what}。原因写在办件页面和文书里。",
        "您的申请{number}的办理已经结束。" + SMS_END,
    ),
    "message": Wording(
        "message",
        "部门给您留言了",
        "{organ}就您申请的“{matter}”（{number}）给您留了言，请在办件页面查看和回复。",
        "{organ}就申请{number}给您留了言。" + SMS_END,
    ),
    "owed_reminder": Wording(
        "todo",
        "请补交容缺材料",
        CASE + "还有容缺材料没有补交。请在{due}之前补交，到期没有补交的，申请会退回。",
        "您的申请{number}还有材料要在{due}之前补交。" + SMS_END,
    ),
    "owed_again": Wording(
        "todo",
        "补交的材料没有通过核对",
        CASE + "补交的材料没有通过核对，请在{due}之前重新补交。问题写在办件页面。",
        "您的申请{number}补交的材料要重新提交。" + SMS_END,
    ),
    "hearing_right": Wording(
        "todo",
        "您可以申请听证",
        CASE + "，您有权要求听证。需要听证的，请在{due}之前提出（行政许可法第四十七条）。",
        "您的申请{number}可以申请听证，{due}截止。" + SMS_END,
    ),
    "hearing_set": Wording(
        "todo",
        "听证的时间和地点",
        CASE + "的听证定于{when}在{place}举行，请准时参加。",
        "您的申请{number}的听证定于{when}举行。" + SMS_END,
    ),
    "hearing_dropped": Wording(
        "todo",
        "听证已经终止",
        CASE + "的听证已经终止，不再举行。",
        "您的申请{number}的听证已终止。" + SMS_END,
    ),
    "licence_expiring": Wording(
        "licence",
        "证照快要到期",
        "{words}",
        "您的一份证照将于{due}到期，需要延续的请提前申请。" + SMS_END,
    ),
    "booked": Wording(
        "appointment",
        "预约成功",
        "您预约了{when}到{organ}窗口办理“{matter}”，地点：{place}。请带本人身份证件，提前十分钟到。",
        "已预约{when}到{organ}窗口办理业务。" + SMS_END,
    ),
    "booking_moved": Wording(
        "appointment",
        "预约已改期",
        "您到{organ}窗口办理“{matter}”的预约改为{when}，地点：{place}。",
        "您的窗口预约改为{when}。" + SMS_END,
    ),
    "booking_cancelled": Wording(
        "appointment",
        "预约已取消",
        "您{when}到{organ}窗口办理“{matter}”的预约已经取消。",
        "您{when}的窗口预约已取消。" + SMS_END,
    ),
    "booking_tomorrow": Wording(
        "appointment",
        "明天的预约",
        "您预约了{when}到{organ}窗口办理“{matter}”，地点：{place}。不能来的，请提前取消，把号让给别人。",
        "提醒：您预约了{when}到{organ}窗口办理业务。" + SMS_END,
    ),
    "confirm_email": Wording(
        "",
        "确认您的电子邮箱",
        "您在{hall}把这个邮箱设为接收办事通知的邮箱。请登录后打开下面的网址确认，三天内有效。不是您本人操作的，不用理会。",
        "",
    ),
}
