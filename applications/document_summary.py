"""A frozen document as rows of label and words: what an officer reads before it is made."""

from typing import Any

from applications.documents.catalog import KINDS
from applications.templatetags.document_words import cn_date, cn_moment

Row = dict[str, str]
# The fields of applications/documents/extras.py that say something to a reader, in the order of the paper.
LABELS = {
    "received_at": "收到时间",
    "accepted_on": "受理日期",
    "law_due": "法定期限届满",
    "promise_due": "承诺期限届满",
    "items": "需要补正",
    "owed_items": "容缺的材料",
    "supply_due": "补正期限",
    "requirements": "告知的条件",
    "pledge": "承诺的内容",
    "check_days": "核查期限（工作日）",
    "owed_due": "补交期限",
    "signed_by": "承诺人",
    "signed": "签署方式",
    "signed_at": "承诺时间",
    "late_reason": "没有当日告知的原因",
    "decision": "撤销的决定",
    "decided_on": "原决定日期",
    "facts": "事实",
    "reason": "理由",
    "reasons": "理由",
    "legal_basis": "法律依据",
    "competent_organ": "有权办理的机关",
    "scope": "准予的内容",
    "conditions": "附带条件",
    "duties": "应当遵守的要求",
    "act": "决定",
    "article": "行政许可法条款",
    "begins": "起始日",
    "ends": "届满日",
    "old_valid_to": "原有效期至",
    "changes": "变更的内容",
    "holder": "持证人",
    "legal_representative": "法定代表人",
    "address": "地址",
    "licence_name": "证照名称",
    "licence_number": "证照编号",
    "lines": "",
    "valid_from": "有效期自",
    "valid_to": "有效期至",
    "procedure": "特别程序",
    "began_on": "开始日期",
    "expected_end": "预计恢复日期",
    "original_due": "原届满日",
    "approver": "批准人",
    "new_due": "新的届满日",
    "requested_by": "申请撤回人",
    "papers": "送达的文书",
    "recipient": "收件人",
    "method": "送达方式",
    "place": "送达地点",
    "server": "送达人",
    "ask_due": "申请听证的最后一日",
    "set_for": "听证时间",
    "presider": "听证主持人",
    "party": "利害关系人",
    "interest": "利害关系",
    "answer_due": "陈述的最后一日",
    "hearing": "听证",
}
MOMENTS = {"received_at", "set_for", "signed_at"}
DAYS = {
    "accepted_on", "law_due", "promise_due", "supply_due", "valid_from", "valid_to", "old_valid_to", "begins", "ends",
    "began_on", "expected_end", "original_due", "new_due", "ask_due", "answer_due", "owed_due", "decided_on",
}  # fmt: skip


def rows(kind: str, content: dict[str, Any]) -> list[Row]:
    """The filled-in fields of the document with their labels, addressee and organ first."""
    asked = KINDS[kind].extra.model_fields
    found = [
        {"label": "致", "value": content["case"]["applicant"]["name"]},
        {"label": "机关", "value": content["case"]["organ"]["name"]},
    ]
    for name, label in LABELS.items():
        if name in asked and content.get(name):
            found += _rows(name, label, content[name])
    return found


def _rows(name: str, label: str, value: Any) -> list[Row]:
    if name == "lines":
        return [{"label": line["label"], "value": line["value"]} for line in value]
    if name in ("items", "owed_items"):
        words = [f"{number}. {_item(one)}" for number, one in enumerate(value, 1)]
        return [{"label": label, "value": "\n".join(words)}]
    if name == "papers":
        return [{"label": label, "value": "\n".join(f"{one['title']} {one['number']}".strip() for one in value)}]
    if name == "changes":
        words = [f"{one['label']}：{one['old'] or '（无）'} → {one['new']}" for one in value]
        return [{"label": label, "value": "\n".join(words)}]
    if isinstance(value, list):
        return [{"label": label, "value": "\n".join(value)}]
    if name in DAYS:
        return [{"label": label, "value": cn_date(value)}]
    return [{"label": label, "value": cn_moment(value) if name in MOMENTS else str(value)}]


def _item(one: dict[str, Any]) -> str:
    return f"{one['name']}：{one['problem']}（{one['remedy']}）" if "problem" in one else str(one["name"])
