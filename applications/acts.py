"""What people do to a case beside the moves of the machine. Each has a label; each is recorded as an Event (evidence.py)."""

from django.utils.translation import gettext_noop as _

# Act → its label on the timeline.
LABELS: dict[str, str] = {
    "claim": _("认领"),
    "put_back": _("放回待办"),
    "hand_over": _("移交给同事"),
    "ask_countersign": _("请人会签"),
    "countersign": _("会签"),
    "drop_countersign": _("撤回会签"),
    "rate": _("评价"),
    "explain_overrun": _("说明超期原因"),
    "instruct": _("督办"),
    "remedy": _("办理差评"),
    "licence_revoke": _("撤销证照"),
    "licence_withdraw": _("撤回证照"),
    "licence_cancel": _("注销证照"),
    "bar": _("警告及不得再次申请"),
    "bar_lift": _("解除不得再次申请"),
    "keep_claim": _("办理后继续经办"),
    "leave_desk": _("办理后转到下一岗位"),
    "ask": _("提出请求"),
    "answer_request": _("答复请求"),
    "recount": _("重算期限"),
    "issue": _("生成文书"),
    "add_paper": _("上传办理记录"),
    "check_identity": _("窗口核验身份"),
    "ask_at_counter": _("到窗口提出请求"),
    "join_account": _("归入申请人账号"),
    "appointment": _("预约窗口"),
    "message": _("留言"),
    "message_arrived": _("收到留言"),
    "extend_joint": _("延长联合办理期限"),
}
# The acts that the applicant sees on the timeline; the others stay inside.
SEEN_BY_APPLICANT: frozenset[str] = frozenset({"rate"})


def label(action: str) -> str:
    """The Chinese label of an act; KeyError when there is no such act."""
    return LABELS[action]
