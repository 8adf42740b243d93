"""Messages about a case: one thread on both sides, attachments checked like uploads, unread until somebody opened it."""

import json
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from applications import actors
from applications.errors import DataMissing, NotAllowed, NotPossible
from applications.file_checks import FileRefused
from applications.models import Application, Event, Message, PeerHead
from applications.talking import messages, queries, sync_handlers
from identity.models import User
from sync import blobs
from sync.models import Outbox
from sync.registry import Fact, Reject
from tests import factories
from tests.applications.applicant.files import pdf
from tests.applications.test_crossing import facts
from tests.conftest import switch_side
from tests.factories import moment
from tests.helpers import move
from tests.people import login

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_rendering", "office_hours")]
SAMPLE = Path(__file__).parents[1] / "sync" / "samples" / "message.sent.v1.json"
AT = moment("2026-03-03 10:00")


@pytest.fixture
def mine(received: Application, settings: Any) -> Application:
    """王芳's case, looked at from the outer side."""
    switch_side(settings, "outer")
    return received


def upload(name: str = "说明.pdf", content: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, pdf() if content is None else content)


def ask(case: Application, by: User, text: str = "平面图要标尺寸吗？", **more: Any) -> Message:
    return messages.send(case, actor=actors.applicant(by), text=text, at=AT, **more)


def crossed(settings: Any, to: str, place: int = -1) -> Fact:
    """The last message as it reaches the other side, where nobody knows it yet."""
    fact = facts("message.sent")[place]
    Message.objects.filter(uid=fact.payload["uid"]).delete()
    switch_side(settings, to)
    return fact


def test_the_applicant_writes_and_the_office_reads(
    mine: Application, wang_fang: User, clerk: User, settings: Any
) -> None:
    ask(mine, wang_fang, files=[upload()])
    fact = crossed(settings, "inner")
    sync_handlers.message_sent(fact)
    message = Message.objects.get()
    assert (message.text, message.from_office, message.author, message.sent_at, message.read_at) == (
        "平面图要标尺寸吗？",
        False,
        "王芳",
        AT,
        None,
    )
    file = message.files.get()
    assert fact.blobs == [file.sha256]
    assert blobs.exists(file.sha256)
    client = login(clerk)
    assert "新留言" in client.get("/work/?tab=all").content.decode()
    page = client.get(f"/work/{mine.number}/").content.decode()
    assert "平面图要标尺寸吗？" in page
    assert b"".join(client.get(f"/work/{mine.number}/messages/{file.pk}/").streaming_content) == pdf()
    message.refresh_from_db()
    assert message.read_at is not None
    assert "新留言" not in client.get("/work/?tab=all").content.decode()


def test_the_office_answers_under_the_departments_name(
    received: Application, clerk: User, wang_fang: User, settings: Any
) -> None:
    answer = login(clerk).post(f"/work/{received.number}/messages/", {"text": "要标尺寸。", "files": upload()})
    assert answer["Location"].endswith("#messages")
    assert Message.objects.get().author == clerk.display_name
    sync_handlers.message_sent(crossed(settings, "outer"))
    message = Message.objects.get()
    assert (message.author, message.from_office) == (received.department.name, True)
    page = login(wang_fang).get(f"/my/{received.uid}/").content.decode()
    assert "要标尺寸。" in page
    assert clerk.display_name not in page
    assert Message.objects.get().read_at is not None


def test_both_sides_record_it_by_its_digest(mine: Application, wang_fang: User, settings: Any) -> None:
    ask(mine, wang_fang, text="我的门牌号是八号。")
    sent = Event.objects.get(action="message")
    fact = crossed(settings, "inner")
    sync_handlers.message_sent(fact)
    arrived = Event.objects.get(action="message_arrived")
    assert sent.data == arrived.data
    assert "八号" not in str(sent.data)
    assert (arrived.actor_name, arrived.is_move) == ("王芳", False)
    assert PeerHead.objects.filter(case_uid=mine.uid, place=sent.place, digest=sent.digest).exists()
    mine.refresh_from_db()
    assert mine.seen == "RECEIVED.2"


def test_a_form_sent_twice_is_one_message(mine: Application, wang_fang: User) -> None:
    client, body = login(wang_fang), {"text": "请问几号能办好？", "uid": str(uuid.uuid4())}
    for _ in range(2):
        assert client.post(f"/my/{mine.uid}/messages/", body).status_code == 302
    assert (Message.objects.count(), Outbox.objects.filter(topic="message.sent").count()) == (1, 1)


def test_the_uid_of_a_foreign_message_is_refused(mine: Application, wang_fang: User, clerk: User) -> None:
    first = ask(mine, wang_fang)
    with pytest.raises(NotPossible, match="刷新"):
        messages.send(mine, actor=actors.staff(clerk), text="好", uid=first.uid, at=AT)


@pytest.mark.parametrize(("name", "content"), [("病毒.exe", b"MZ"), ("图.pdf", b"MZ\x00"), ("表.pdf", b"")])
def test_attachments_are_checked_like_uploads(
    mine: Application, wang_fang: User, clerk: User, settings: Any, name: str, content: bytes
) -> None:
    answer = login(wang_fang).post(f"/my/{mine.uid}/messages/", {"text": "见附件", "files": upload(name, content)})
    assert answer.status_code == 422
    assert "见附件" in answer.content.decode()
    switch_side(settings, "inner")
    with pytest.raises(FileRefused):
        messages.send(mine, actor=actors.staff(clerk), text="见附件", files=[upload(name, content)])
    assert not Message.objects.exists()
    assert not Outbox.objects.filter(topic="message.sent").exists()


def test_an_attachment_that_is_too_big_is_stopped(mine: Application, wang_fang: User, settings: Any) -> None:
    settings.HALL_MAX_UPLOAD_MB = 1
    big = upload("大.pdf", pdf() + b" " * 1024 * 1024)
    answer = login(wang_fang).post(f"/my/{mine.uid}/messages/", {"text": "见附件", "files": big})
    assert (answer.status_code, Message.objects.count()) == (422, 0)


def test_how_much_may_be_written(mine: Application, wang_fang: User) -> None:
    with pytest.raises(DataMissing):
        ask(mine, wang_fang, text=" \0 ")
    with pytest.raises(DataMissing):
        ask(mine, wang_fang, text="很" * 2001)
    with pytest.raises(FileRefused, match="最多附 5 个"):
        ask(mine, wang_fang, files=[upload()] * 6)
    for _ in range(messages.A_DAY):
        ask(mine, wang_fang)
    with pytest.raises(NotPossible, match="一天最多"):
        ask(mine, wang_fang)


def test_the_files_of_a_case_have_one_limit(mine: Application, wang_fang: User, settings: Any) -> None:
    settings.HALL_MAX_CASE_MB = 0
    with pytest.raises(FileRefused, match="总共"):
        ask(mine, wang_fang, files=[upload()])


def test_a_thread_closes_sixty_days_after_the_end(mine: Application, wang_fang: User) -> None:
    Application.objects.filter(pk=mine.pk).update(ended_at=moment("2026-01-01 10:00"))
    mine.refresh_from_db()
    with pytest.raises(NotPossible, match="60 天"):
        ask(mine, wang_fang)
    assert "给承办部门留言" not in login(wang_fang).get(f"/my/{mine.uid}/").content.decode()


def test_a_draft_has_no_thread(on_outer: str, matter: Any, wang_fang: User) -> None:
    with pytest.raises(NotPossible, match="提交申请以后"):
        ask(factories.draft(wang_fang, matter), wang_fang)


def test_who_has_no_post_in_the_case_neither_writes_nor_reads(
    received: Application, wang_fang: User, stranger: User, inspector: User, settings: Any
) -> None:
    with pytest.raises(NotAllowed):
        messages.send(received, actor=actors.staff(inspector), text="请说明。")
    Message.objects.create(application=received, from_office=False, author="王芳", text="在吗", sent_at=AT)
    page = login(inspector).get(f"/work/{received.number}/").content.decode()
    assert "在吗" in page
    assert "给申请人留言" not in page
    assert Message.objects.get().read_at is None
    switch_side(settings, "outer")
    assert login(stranger).post(f"/my/{received.uid}/messages/", {"text": "你好"}).status_code == 404


def test_the_reviewer_of_the_step_may_answer(in_review: Application, reviewer: User) -> None:
    assert messages.send(in_review, actor=actors.staff(reviewer), text="请带原件。", at=AT).from_office


def test_the_list_shows_who_waits(received: Application, clerk: User, wang_fang: User) -> None:
    client = login(clerk)
    assert "没有这样的留言" in client.get("/messages/").content.decode()
    Message.objects.create(application=received, from_office=False, author="王芳", text="在吗", sent_at=AT)
    assert queries.counts(actors.staff(clerk)) == {"waiting": 1, "unread": 1, "all": 1}
    assert received.number in client.get("/messages/").content.decode()
    messages.send(received, actor=actors.staff(clerk), text="在的。", at=moment("2026-03-03 11:00"))
    assert queries.counts(actors.staff(clerk)) == {"waiting": 0, "unread": 1, "all": 1}
    assert client.get("/messages/?tab=none").status_code == 404


def test_a_message_in_the_wrong_direction_is_rejected(mine: Application, wang_fang: User, settings: Any) -> None:
    ask(mine, wang_fang)
    with pytest.raises(Reject, match="方向"):
        sync_handlers.message_sent(facts("message.sent")[0])
    fact = crossed(settings, "inner")
    sync_handlers.message_sent(fact)
    with pytest.raises(Reject, match="已经收到过"):
        sync_handlers.message_sent(fact)


def test_facts_of_the_first_version_are_read_for_ever(mine: Application, wang_fang: User) -> None:
    payload = json.loads(SAMPLE.read_text())
    ask(mine, wang_fang, files=[upload()])
    sent = facts("message.sent")[0].payload
    assert set(sent) == set(payload)
    assert set(sent["files"][0]) == set(payload["files"][0])
    payload["application"] = str(mine.uid)
    sync_handlers.message_sent(Fact("message.sent", 1, "", 1, 1, payload, [], AT))
    message = Message.objects.get(uid=payload["uid"])
    assert (message.author, message.files.get().file_name) == ("云川市市场监督管理局", "标注示例.pdf")


def test_both_interfaces(received: Application, wang_fang: User, clerk: User, settings: Any) -> None:
    client, address = login(clerk), f"/api/v1/staff/applications/{received.number}/messages/"
    assert client.post(address, {"text": ""}, content_type="application/json").status_code == 422
    made = client.post(address, {"text": "请带原件。", "files": upload()})
    assert (made.status_code, made.json()["files"][0]["file_name"]) == (201, "说明.pdf")
    assert [row["text"] for row in client.get(address).json()] == ["请带原件。"]
    switch_side(settings, "outer")
    client, address = login(wang_fang), f"/api/v1/applicant/applications/{received.uid}/messages/"
    assert client.get(address).json()[0]["read_at"] is None
    assert client.get(address).json()[0]["read_at"] is not None
    assert client.post(address, {"text": "好", "files": upload("a.exe", b"MZ")}).status_code == 422
    assert client.post(address, {"text": "好的。"}, content_type="application/json").status_code == 201


def test_an_ended_case_still_takes_messages(received: Application, clerk: User) -> None:
    case = move(received, "refuse_intake", by=clerk)
    assert messages.send(case, actor=actors.staff(clerk), text="请向文旅局申请。", at=moment("2026-03-04 10:00"))
