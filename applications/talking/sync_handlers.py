"""What was said on the other side arrives."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings

from applications import evidence_handlers
from applications.actors import Actor
from applications.models import Application, Message
from applications.talking import messages, noticing
from sync.registry import Fact, Reject, handles


@handles("message.sent")
def message_sent(fact: Fact) -> None:
    """Both sides: the other one wrote about a case. Kept as it came, unread, with a record of its arrival."""
    payload = fact.payload
    if payload["from_office"] != settings.IS_OUTER:
        raise Reject("这条留言的方向不对：部门的留言由内网发出，申请人的留言由外网发出。")
    case = locked_case(payload["application"])
    if Message.objects.filter(uid=payload["uid"]).exists():
        raise Reject("这条留言已经收到过。")
    message = keep_message(case, payload)
    who = Actor("staff" if message.from_office else "applicant", message.author)
    messages.record(message, "message_arrived", who, fact.occurred_at)
    evidence_handlers.keep_head(payload["application"], payload)
    if message.from_office:
        noticing.of_message(message)


def keep_message(case: Application, payload: Mapping[str, Any]) -> Message:
    """The message of a fact with its files."""
    message = Message.objects.create(
        uid=payload["uid"],
        application=case,
        from_office=payload["from_office"],
        author=payload["author"],
        text=payload["text"],
        sent_at=datetime.fromisoformat(payload["sent_at"]),
    )
    messages.keep_files(message, payload["files"])
    return message


def locked_case(uid: str) -> Application:
    """The case of a fact, locked; Reject when this side has none."""
    case = Application.objects.select_for_update(of=("self",)).filter(uid=uid).first()
    if case is None:
        raise Reject(f"本地没有申请 {uid}。")
    return case
