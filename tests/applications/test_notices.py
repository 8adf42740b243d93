"""Notices: one for each event and channel, made where the move is replayed, sent as the person wishes, with nothing in logs."""

import logging
import smtplib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from applications import actors, licence_tick, sync_handlers, tick
from applications.errors import NotPossible
from applications.models import Application, Licence, Message, Notice, NoticePreference
from applications.models.notice import Channel, NoticeState
from applications.talking import gateways, inbox, messages, noticing, preferences, sending
from applications.talking import sync_handlers as talking_handlers
from applications.talking.gateways import Letter, Never, NotNow
from applications.talking.wording import GROUPS, WORDINGS
from identity.models import Agency, Enterprise, User
from matters.models import Matter
from sync.registry import Fact
from tests import factories
from tests.applications.test_crossing import facts, forget
from tests.conftest import switch_side
from tests.factories import moment
from tests.helpers import move
from tests.people import login

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_rendering", "office_hours")]
NOW = moment("2026-03-03 10:00")
FILES = "applications.talking.gateways.FileGateway"


@pytest.fixture
def phones(settings: Any, tmp_path: Path) -> Path:
    """The site has an SMS provider that writes files."""
    settings.HALL_SMS_GATEWAY, settings.HALL_OUTBOX_DIR = FILES, tmp_path / "outbox"
    return tmp_path / "outbox"


@pytest.fixture
def filed(on_outer: str, matter: Matter, wang_fang: User) -> Application:
    """Submitted outside on Monday 2 March 2026; what the office does is replayed onto it."""
    return factories.file_draft(factories.draft(wang_fang, matter), wang_fang)


def replayed(case: Application, action: str, *, to: str, at: str = "2026-03-03 09:00", **data: Any) -> None:
    """The office made this move, and the fact of it arrives."""
    case.refresh_from_db()
    payload = {"uid": str(case.uid), "version": case.version + 1, "action": action, "to_state": to}
    payload |= {"at": moment(at).isoformat(), "actor_kind": "staff", "actor_name": "市场监管局", "data": data}
    sync_handlers.moved(Fact("application.moved", 1, "", 1, 1, payload, [], NOW))


def told(user: User, channel: str = "account") -> list[str]:
    return list(Notice.objects.filter(recipient=user, channel=channel).order_by("id").values_list("event", flat=True))


def test_every_wording_fills_and_belongs_to_a_group() -> None:
    assert {one.group for one in WORDINGS.values()} <= {*GROUPS, ""}
    assert {event for event, _ in noticing.MOVES.values()} <= set(WORDINGS)


def test_the_moves_of_a_life_are_told(filed: Application, wang_fang: User) -> None:
    items = [{"target": "material:plan", "label": "平面图", "problem": "缺比例尺", "remedy": ""}]
    replayed(filed, "receive", to="RECEIVED")
    replayed(filed, "ask_correction", to="CORRECTION", items=items)
    filed.refresh_from_db()
    assert told(wang_fang) == ["received", "correction"]
    last = inbox.listed(wang_fang)[0]
    due = filed.correction_due
    assert due is not None
    assert f"{due.year}年{due.month}月{due.day}日" in last.body
    assert filed.number in last.body
    assert last.path == f"/my/{filed.uid}/"


def test_the_office_itself_tells_nobody(received: Application, clerk: User) -> None:
    move(received, "accept", by=clerk)
    assert not Notice.objects.exists()


def test_one_event_is_told_once_by_each_channel(filed: Application, wang_fang: User, phones: Path) -> None:
    replayed(filed, "receive", to="RECEIVED")
    assert (told(wang_fang), told(wang_fang, "sms"), told(wang_fang, "email")) == (["received"], ["received"], [])
    filed.refresh_from_db()
    noticing.of_move(filed, "receive", {}, at=NOW)
    assert Notice.objects.count() == 2
    one = Notice.objects.filter(channel=Channel.SMS).get()
    one.pk, one.uid = None, None
    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.create(
            recipient=wang_fang, event_key=one.event_key, channel="sms", event="x", made_at=NOW, state="waiting"
        )


def test_what_stays_inside_and_what_is_good_is_not_told(filed: Application) -> None:
    noticing.of_move(filed, "pass_on", {}, at=NOW)
    noticing.of_move(filed, "check_owed", {"verdict": "ok"}, at=NOW)
    assert not Notice.objects.exists()


def test_the_tracking_number_and_the_hearing_are_in_the_words(filed: Application, wang_fang: User) -> None:
    noticing.of_move(filed, "deliver", {"method": "邮寄送达", "carrier": "中国邮政", "tracking": "EX123"}, at=NOW)
    assert "中国邮政 EX123" in inbox.listed(wang_fang)[0].body
    filed.version += 1
    when = moment("2026-03-20 09:30").isoformat()
    noticing.of_move(filed, "set_hearing", {"set_for": when, "place": "三楼会议室"}, at=NOW)
    assert "3月20日 9:30在三楼会议室" in inbox.listed(wang_fang)[0].body


def test_an_sms_says_no_more_than_it_must(filed: Application, wang_fang: User, phones: Path, settings: Any) -> None:
    replayed(filed, "receive", to="RECEIVED")
    body = Notice.objects.get(channel=Channel.SMS).body
    assert body == f"【{settings.HALL_NAME}】您的申请{filed.number}已收件。登录{settings.HALL_NAME}查看。"
    assert sending.deliver_due(NOW).sent == 1
    files = list(phones.glob("*.txt"))
    assert files[0].read_text() == f"13900010001\n\n{body}\n"
    assert files[0].stat().st_mode & 0o077 == 0
    assert sending.deliver_due(NOW + timedelta(days=1)).sent == 0


def test_no_sms_at_night(filed: Application, wang_fang: User, phones: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    night = moment("2026-03-03 22:10")
    monkeypatch.setattr("django.utils.timezone.now", lambda: night)
    noticing.of_move(filed, "receive", {}, at=night)
    assert Notice.objects.get(channel=Channel.SMS).next_try_at == moment("2026-03-04 08:00")
    assert noticing.daytime(moment("2026-03-04 03:00")) == moment("2026-03-04 08:00")


def test_old_moves_are_listed_and_nobody_is_called(filed: Application, wang_fang: User, phones: Path) -> None:
    noticing.of_move(filed, "receive", {}, at=NOW - timedelta(days=15))
    assert (told(wang_fang), told(wang_fang, "sms")) == (["received"], [])
    assert inbox.unread(wang_fang) == 1
    noticing.of_move(filed, "accept", {}, at=NOW - timedelta(days=61))
    assert inbox.unread(wang_fang) == 1
    assert inbox.listed(wang_fang).count() == 1  # the same version is the same event
    filed.version += 1
    noticing.of_move(filed, "accept", {}, at=NOW - timedelta(days=61))
    assert (inbox.unread(wang_fang), inbox.listed(wang_fang).count()) == (1, 2)


def test_mail_goes_to_a_confirmed_address_only(filed: Application, wang_fang: User) -> None:
    client = login(wang_fang)
    wanted = [key for key in preferences.switches() if key != "email:message"]
    client.post("/my/notices/settings/", {"email": "wangfang@example.com", "wanted": wanted})
    replayed(filed, "receive", to="RECEIVED")
    assert told(wang_fang, "email") == ["confirm_email"]
    sending.deliver_due(NOW)
    link = mail.outbox[0].body.split("/my/notices/confirm/")[1].split()[0]
    assert "已经确认" in client.get(f"/my/notices/confirm/{link}", follow=True).content.decode()
    replayed(filed, "accept", to="ACCEPTED")
    assert told(wang_fang, "email") == ["confirm_email", "accepted"]
    sending.deliver_due(NOW)
    sent = mail.outbox[1]
    assert (sent.to, sent.subject) == (["wangfang@example.com"], "申请已受理")
    assert sent.extra_headers["Message-ID"].startswith(f"<{Notice.objects.get(event='accepted', channel='email').uid}")
    assert f"/my/{filed.uid}/" in str(sent.body)


def test_a_link_of_somebody_else_confirms_nothing(filed: Application, wang_fang: User, stranger: User) -> None:
    preferences.save(wang_fang, email="wangfang@example.com", wanted=[])
    token = preferences.token_of(wang_fang, "wangfang@example.com")
    with pytest.raises(NotPossible):
        preferences.confirm(stranger, token)
    with pytest.raises(NotPossible):
        preferences.confirm(wang_fang, f"{token}x")
    preferences.save(wang_fang, email="other@example.com", wanted=[])
    with pytest.raises(NotPossible):
        preferences.confirm(wang_fang, token)
    assert NoticePreference.objects.get().email_confirmed_at is None


def test_a_stranger_is_not_flooded_with_letters(wang_fang: User, on_outer: str) -> None:
    for number in range(noticing.CONFIRM_A_DAY):
        noticing.ask_to_confirm(wang_fang, f"a{number}@example.com")
    with pytest.raises(NotPossible, match="一天最多"):
        noticing.ask_to_confirm(wang_fang, "victim@example.com")


def test_what_is_switched_off_is_not_sent(filed: Application, wang_fang: User, phones: Path) -> None:
    preferences.save(wang_fang, email="", wanted=["sms:todo"])
    replayed(filed, "receive", to="RECEIVED")
    noticing.of_move(filed, "remind_owed", {}, at=NOW)
    assert told(wang_fang, "sms") == ["owed_reminder"]


class Broken:
    """A provider that answers with the number and the text of the SMS, as they do."""

    error: type[Exception] = NotNow

    def send(self, letter: Letter) -> None:
        raise self.error("http-503")


class Refusing(Broken):
    error = Never


def test_a_failure_is_tried_again_with_growing_gaps(filed: Application, wang_fang: User, settings: Any) -> None:
    settings.HALL_SMS_GATEWAY = f"{__name__}.Broken"
    noticing.of_move(filed, "receive", {}, at=NOW)
    now, tries = NOW, []
    for _ in range(12):
        sending.deliver_due(now)
        one = Notice.objects.get(channel=Channel.SMS)
        if one.next_try_at is None:
            break
        tries.append(one.next_try_at - now)
        now = one.next_try_at
    assert tuple(tries) == sending.GAPS
    assert (one.state, one.attempts, one.failure) == (NoticeState.FAILED, 7, "http-503")


def test_a_refused_address_is_not_tried_again(
    filed: Application, wang_fang: User, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.HALL_SMS_GATEWAY = f"{__name__}.Refusing"
    noticing.of_move(filed, "receive", {}, at=NOW)
    with caplog.at_level(logging.DEBUG):
        assert sending.deliver_due(NOW).failed == 1
    assert "http-503" in caplog.text
    assert "13900010001" not in caplog.text
    assert filed.number not in caplog.text


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (smtplib.SMTPRecipientsRefused({"wangfang@example.com": (550, b"no such user")}), "failed"),
        (smtplib.SMTPRecipientsRefused({"wangfang@example.com": (451, b"later")}), "waiting"),
        (smtplib.SMTPAuthenticationError(535, b"wangfang@example.com"), "waiting"),
        (smtplib.SMTPServerDisconnected("wangfang@example.com"), "waiting"),
        (TimeoutError(), "waiting"),
    ],
)
def test_trouble_of_the_mail_server(
    wang_fang: User,
    on_outer: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
    state: str,
) -> None:
    def refuse(*args: Any, **kwargs: Any) -> int:
        raise error

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    noticing.ask_to_confirm(wang_fang, "wangfang@example.com")
    with caplog.at_level(logging.DEBUG):
        sending.deliver_due(NOW)
    one = Notice.objects.get()
    assert (one.state, one.failure[:5]) == (state, "smtp-")
    assert "wangfang" not in caplog.text + one.failure


def test_a_notice_that_another_worker_has_is_left_alone(filed: Application, phones: Path) -> None:
    noticing.of_move(filed, "receive", {}, at=NOW)
    uid = Notice.objects.get(channel=Channel.SMS).uid
    Notice.objects.filter(uid=uid).update(next_try_at=NOW + sending.LEASE)
    assert sending.deliver(uid, NOW) == ""
    assert sending.deliver(uid, NOW + sending.LEASE) == "sent"
    assert sending.deliver(uid, NOW + sending.LEASE) == ""


def test_a_site_without_gateways_has_only_the_account(filed: Application, wang_fang: User, settings: Any) -> None:
    settings.HALL_SMS_GATEWAY, settings.EMAIL_BACKEND = "", "django.core.mail.backends.dummy.EmailBackend"
    noticing.of_move(filed, "receive", {}, at=NOW)
    assert [one.channel for one in Notice.objects.all()] == ["account"]
    assert "只在账号里通知" in login(wang_fang).get("/my/notices/settings/").content.decode()
    with pytest.raises(NotNow):
        gateways.gateway_of("sms")


def test_the_account_lists_them_with_a_count_in_the_header(
    filed: Application, wang_fang: User, stranger: User, phones: Path
) -> None:
    replayed(filed, "receive", to="RECEIVED")
    client = login(wang_fang)
    page = client.get("/my/notices/").content.decode()
    assert 'class="unread">1<' in page
    assert "申请已收到" in page
    assert "短信待发送" in page
    one = inbox.listed(wang_fang).get()
    assert login(stranger).get(f"/my/notices/{one.uid}/").status_code == 404
    assert client.get(f"/my/notices/{one.uid}/")["Location"] == f"/my/{filed.uid}/"
    assert 'class="unread"' not in client.get("/my/notices/").content.decode()


def test_opening_the_case_or_marking_all_makes_them_old(filed: Application, wang_fang: User) -> None:
    client = login(wang_fang)
    replayed(filed, "receive", to="RECEIVED")
    client.get(f"/my/{filed.uid}/")
    assert inbox.unread(wang_fang) == 0
    replayed(filed, "accept", to="ACCEPTED")
    client.post("/my/notices/")
    assert inbox.unread(wang_fang) == 0


def test_a_message_of_the_office_is_told(received: Application, clerk: User, wang_fang: User, settings: Any) -> None:
    messages.send(received, actor=actors.staff(clerk), text="请带原件。", at=NOW)
    assert not Notice.objects.exists()
    fact = facts("message.sent")[0]
    Message.objects.all().delete()
    switch_side(settings, "outer")
    talking_handlers.message_sent(fact)
    one = Notice.objects.get(channel="account")
    assert (one.event, one.path) == ("message", f"/my/{received.uid}/#messages")
    assert "请带原件" not in one.body


def test_an_enterprise_is_told_through_whoever_acts_for_it(
    on_outer: str, matter: Matter, qinghe: Enterprise, zhao_min: User, li_ming: User
) -> None:
    case = factories.draft(zhao_min, matter, qinghe)
    assert noticing.recipients(case) == [zhao_min]
    Agency.objects.filter(user=zhao_min).update(active=False)
    assert noticing.recipients(case) == [li_ming]
    case.owner = None
    assert noticing.recipients(case) == []


def test_holders_are_told_that_a_licence_expires(
    licence: Licence, wang_fang: User, settings: Any, phones: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    switch_side(settings, "outer")
    Licence.objects.filter(pk=licence.pk).update(valid_to=date(2026, 4, 30))
    assert licence_tick.run(NOW).reminded == 1
    assert licence_tick.run(NOW).reminded == 0
    assert (told(wang_fang), told(wang_fang, "sms")) == (["licence_expiring"], ["licence_expiring"])
    one = inbox.listed(wang_fang).get()
    assert "2026-04-30" in one.body
    assert one.path == f"/my/licences/{licence.uid}/"


def test_tick_sends_on_the_outer_side(filed: Application, phones: Path) -> None:
    noticing.of_move(filed, "receive", {}, at=NOW)
    done = tick.run(NOW)
    assert (done.notices, done.undelivered) == (1, 0)
    assert tick.run(NOW).notices == 0


def test_the_interface(filed: Application, wang_fang: User, phones: Path) -> None:
    replayed(filed, "receive", to="RECEIVED")
    client, kind = login(wang_fang), "application/json"
    assert client.get("/api/v1/applicant/notices/").json()["results"][0]["event"] == "received"
    assert client.post("/api/v1/applicant/notices/read/").json() == {"marked": 1}
    wishes = client.get("/api/v1/applicant/notices/settings/").json()
    assert (wishes["email"], len(wishes["wanted"])) == ("", 10)
    wrong = {"email": "wangfang", "wanted": []}
    assert client.put("/api/v1/applicant/notices/settings/", wrong, kind).status_code == 422
    wishes = client.put(
        "/api/v1/applicant/notices/settings/", {"email": "w@example.com", "wanted": ["sms:todo"]}, kind
    ).json()
    assert wishes == {"email": "w@example.com", "is_confirmed": False, "wanted": ["sms:todo"]}


def test_a_wrong_address_keeps_the_page(on_outer: str, wang_fang: User) -> None:
    answer = login(wang_fang).post("/my/notices/settings/", {"email": "wang fang"})
    assert answer.status_code == 422
    assert "请填写正确的电子邮箱" in answer.content.decode()
    assert not NoticePreference.objects.exists()


def test_a_case_that_is_forgotten_takes_its_notices_along(filed: Application) -> None:
    replayed(filed, "receive", to="RECEIVED")
    forget(filed)
    assert not Notice.objects.exists()
