"""Messages on a case. The applicant writes on the outer side, the office on the inner; each side marks what it has read.

A message is no notice of correction (行政许可法 32(1)(4)): nothing may be demanded through it that the law wants told once.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from applications import evidence, file_checks, uploads
from applications.actors import Actor
from applications.errors import DataMissing, NotAllowed, NotPossible
from applications.file_checks import CheckedFile, FileRefused
from applications.models import Application, Event, Message, MessageFile
from applications.talking import facts
from sync import canonical

FORMATS = ["pdf", "jpg", "png", "docx", "xlsx", "ofd"]
MOST_FILES = 5  # of one message
LONGEST = 2000  # characters
A_DAY = 20  # messages that an applicant may send about one case in 24 hours
OPEN_AFTER_END = timedelta(days=60)
WRITERS = ("clerk", "reviewer", "approver")


@dataclass(frozen=True)
class Stored:
    """A checked file that is in the blob store."""

    sha256: str
    file: CheckedFile


def refusal(case: Application, at: datetime) -> str:
    """Why nobody can write about this case now; empty when it is open."""
    if case.is_draft:
        return "提交申请以后才能留言。"
    if case.ended_at is not None and at > case.ended_at + OPEN_AFTER_END:
        return f"办结已经超过 {OPEN_AFTER_END.days} 天，不能再留言。请拨打咨询电话。"
    return ""


def may_write(case: Application, actor: Actor) -> bool:
    """Whether this officer may answer: a post of casework in a department that has the case, or has a step of it."""
    departments = case.responsible_departments() | {step.department_id for step in case.route_steps.all()}
    return any(actor.holds(role, frozenset(departments)) for role in WRITERS)


def send(
    case: Application,
    *,
    actor: Actor,
    text: str,
    files: Sequence[UploadedFile] = (),
    uid: uuid.UUID | None = None,
    at: datetime | None = None,
) -> Message:
    """Check the files like uploads, keep the message and send it over the gap.

    ``uid`` is the form's own: sent twice it is one message. Raises DataMissing (no text, too long), FileRefused,
    NotAllowed (an officer without a post) or NotPossible (closed, too many); then nothing is kept.
    """
    at, from_office = at or timezone.now(), actor.kind == "staff"
    text = text.replace("\0", "").strip()
    _check_text(text)
    if from_office and not may_write(case, actor):
        raise NotAllowed("您的岗位不能就这件申请给申请人留言。")
    stored = _checked(files)
    with transaction.atomic():
        locked = Application.objects.select_for_update().select_related("department").get(pk=case.pk)
        before = Message.objects.filter(uid=uid).first() if uid else None
        if before is not None:
            return _same(before, locked, from_office)
        _check_open(locked, from_office, stored, at)
        message = Message.objects.create(
            uid=uid or uuid.uuid4(),
            application=locked,
            from_office=from_office,
            author=actor.name,
            text=text,
            sent_at=at,
        )
        keep_files(message, [facts.file_row(_row(message, one)) for one in stored])
        event = record(message, "message", actor, at)
        facts.record_message(message, event)
    return message


def _row(message: Message, one: Stored) -> MessageFile:
    checked = one.file
    return MessageFile(
        message=message,
        file_name=checked.file_name,
        content_type=checked.content_type,
        size=checked.size,
        sha256=one.sha256,
    )


def keep_files(message: Message, rows: Sequence[dict[str, object]]) -> None:
    """Write the rows of the files of a message; the bytes are in the store already."""
    MessageFile.objects.bulk_create(MessageFile(message=message, **row) for row in rows)


def record(message: Message, act: str, actor: Actor, at: datetime) -> Event:
    """Put the message on the record of its case by its digest: what it says is read in the thread. In a transaction."""
    said = {"text": message.text, "files": [one.sha256 for one in message.files.all()]}
    data = {"message": str(message.uid), "said_sha256": canonical.sha256(said)}
    return evidence.record_act(message.application, act, actor=actor, at=at, data=data)


def mark_read(case: Application, *, office: bool, at: datetime | None = None) -> int:
    """Note that this side has read what was written to it; returns how many were new."""
    unread = Message.objects.filter(application=case, from_office=not office, read_at=None)
    return unread.update(read_at=at or timezone.now())


def _check_text(text: str) -> None:
    if not text:
        raise DataMissing({"text": "请写明要说的内容。"})
    if len(text) > LONGEST:
        raise DataMissing({"text": f"请不要超过 {LONGEST} 字，现在有 {len(text)} 字。"})


def _checked(files: Sequence[UploadedFile]) -> list[Stored]:
    if len(files) > MOST_FILES:
        raise FileRefused("too_many", f"一条留言最多附 {MOST_FILES} 个文件。请分几条发送。")
    limit = settings.HALL_MAX_UPLOAD_MB
    seen = [
        (file, file_checks.check(file, file.name or "", file.size or 0, formats=FORMATS, max_mb=limit))
        for file in files
    ]  # all are looked at before one is stored
    return [Stored(uploads.store(file), checked) for file, checked in seen]


def _same(message: Message, case: Application, from_office: bool) -> Message:
    if message.application_id != case.pk or message.from_office != from_office:
        raise NotPossible("这条留言没有发出，请刷新页面后再写。")
    return message


def _check_open(case: Application, from_office: bool, stored: Sequence[Stored], at: datetime) -> None:
    sentence = refusal(case, at)
    if sentence:
        raise NotPossible(sentence)
    lately = case.messages.filter(from_office=False, sent_at__gt=at - timedelta(days=1))
    if not from_office and lately.count() >= A_DAY:
        raise NotPossible(f"一件申请一天最多发 {A_DAY} 条留言，请明天再写，或者拨打咨询电话。")
    used = MessageFile.objects.filter(message__application=case).aggregate(total=Sum("size"))["total"] or 0
    used += case.materials.aggregate(total=Sum("size"))["total"] or 0
    if stored and used + sum(one.file.size for one in stored) > settings.HALL_MAX_CASE_MB * 1024 * 1024:
        raise FileRefused("quota", f"一份申请的全部文件总共不能超过 {settings.HALL_MAX_CASE_MB} MB。")
