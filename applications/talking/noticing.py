"""Make notices of what happened: on the outer side, where the applicants' accounts are, as the fact of it is replayed.

The rows are written in the transaction of the event, one per event, channel and recipient for ever; sending comes after.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from applications import machine, tasks
from applications.errors import NotPossible
from applications.licence_reminders import Reminder
from applications.models import Application, Message, Notice
from applications.models.notice import Channel, NoticeState
from applications.talking import preferences
from applications.talking.wording import WORDINGS, Wording
from identity.models import Agency, AgencyRole, User

Data = dict[str, Any]
# What is older than this when it arrives is listed in the account, and nobody is called about it.
STALE = timedelta(days=14)
# … and what is older than this is history: it is listed as read.
HISTORY = timedelta(days=60)
# Letters to an address that nobody has confirmed yet: the form must not be a way to flood a stranger.
CONFIRM_A_DAY = 5
# SMS wait for the day.
QUIET_FROM, QUIET_UNTIL = time(21), time(8)


def _cn(day: date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else "规定的日期"


def cn_moment(at: datetime) -> str:
    """A moment as the notices say it: 3月20日 9:30."""
    local = timezone.localtime(at)
    return f"{local.month}月{local.day}日 {local.hour}:{local.minute:02d}"


def _accepted(case: Application, data: Data) -> Data:
    names = "、".join(f"“{one['label']}”" for one in data.get("owed", []))
    owed = f"请在{_cn(case.owed_due)}之前补交{names}。" if names else ""
    return {"due": _cn(case.promise_due), "more": owed}


def _delivered(case: Application, data: Data) -> Data:
    parcel = " ".join(str(data[name]) for name in ("carrier", "tracking") if data.get(name))
    return {"method": data.get("method") or "送达", "more": f"邮件号：{parcel}。" if parcel else ""}


def _hearing(case: Application, data: Data) -> Data:
    return {"when": cn_moment(datetime.fromisoformat(data["set_for"])), "place": data["place"]}


def _nothing(case: Application, data: Data) -> Data:
    return {}


# Move → (event, what it brings to the wording). Moves that are not here are the office's own business.
MOVES: dict[str, tuple[str, Callable[[Application, Data], Data]]] = {
    "receive": ("received", _nothing),
    "ask_correction": ("correction", lambda case, data: {"due": _cn(case.correction_due)}),
    "accept": ("accepted", _accepted),
    "accept_with_deferral": ("accepted", _accepted),
    "deem_accepted": ("accepted", _accepted),
    "refuse_intake": ("refused", _nothing),
    "tell_not_required": ("refused", _nothing),
    "extend": ("extended", _nothing),
    "pause": ("paused", _nothing),
    "grant": ("decided", _nothing),
    "grant_at_once": ("decided", _nothing),
    "deem_renewed": ("decided", _nothing),
    "refuse": ("decided", _nothing),
    "deliver": ("delivered", _delivered),
    "remind_owed": ("owed_reminder", lambda case, data: {"due": _cn(case.owed_due)}),
    "check_owed": ("owed_again", lambda case, data: {"due": _cn(case.owed_due)}),
    "tell_hearing": ("hearing_right", lambda case, data: {"due": _cn(date.fromisoformat(data["ask_due"]))}),
    "set_hearing": ("hearing_set", _hearing),
    "drop_hearing": ("hearing_dropped", _nothing),
    "lapse": ("ended", _nothing),
    "lapse_owed": ("ended", _nothing),
    "terminate": ("ended", _nothing),
    "withdraw": ("ended", _nothing),
    "void": ("ended", _nothing),
    "transfer_up": ("ended", _nothing),
    "find_pledge_false": ("ended", _nothing),
}


def of_move(case: Application, action: str, data: Data, *, at: datetime) -> None:
    """The office made this move at ``at``; the case is as it is after it. Inside the transaction of the replay."""
    known = MOVES.get(action)
    if known is None or (action == "check_owed" and data.get("verdict") == "ok"):
        return
    event, brings = known
    facts = brings(case, data) | {"what": case.state_label if event == "ended" else machine.label(action)}
    of_case(case, event, f"move:{case.uid}:{case.version}", facts, at=at)


def of_message(message: Message) -> None:
    """The office wrote."""
    of_case(message.application, "message", f"message:{message.uid}", {}, at=message.sent_at, part="#messages")


def of_reminder(reminder: Reminder, now: datetime) -> None:
    """A licence comes to its end: once a mark and period of validity."""
    licence = reminder.licence
    key = f"licence:{licence.uid}:{licence.valid_to}:{reminder.days}"
    facts = {"words": reminder.words, "due": _cn(licence.valid_to)}
    path = page("licence", licence.uid)
    for user in recipients(licence.application):
        tell(user, "licence_expiring", key, facts, path=path, at=now)


def of_case(case: Application, event: str, key: str, facts: Data, *, at: datetime, part: str = "") -> None:
    """Tell whoever filed the case; nobody where it was filed without an account."""
    known = {"matter": case.title, "number": case.number, "organ": case.department.name} | facts
    path = f"{page('case', case.uid)}{part}"
    for user in recipients(case):
        tell(user, event, key, known, path=path, at=at, case=case)


def page(route: str, *args: Any) -> str:
    """The address of a page of the portal, wherever it is asked for."""
    return reverse(f"applications:{route}", urlconf=settings.PORTAL_URLCONF, args=args)


def recipients(case: Application) -> list[User]:
    """Who filed it; where that person no longer acts for the enterprise, its managers."""
    if case.owner is None:
        return []
    if case.enterprise_id is None:
        return [case.owner]
    active = Agency.objects.filter(enterprise=case.enterprise_id, active=True).select_related("user")
    agencies = list(active.order_by("pk"))
    if any(one.user_id == case.owner_id for one in agencies):
        return [case.owner]
    return [one.user for one in agencies if one.role == AgencyRole.MANAGER]


def tell(
    user: User,
    event: str,
    key: str,
    facts: Data,
    *,
    path: str,
    at: datetime,
    case: Application | None = None,
) -> None:
    """Write the notices of one event to one person, and ask the worker to send them once this is committed."""
    wording = WORDINGS[event]
    words = {"hall": settings.HALL_NAME} | facts
    ways = {Channel.ACCOUNT.value: ""}
    now = timezone.now()
    is_fresh = now - at <= STALE
    if is_fresh:
        ways |= preferences.addresses(user, wording.group)
    add(
        Notice(
            recipient=user,
            application=case,
            event=event,
            event_key=key,
            channel=channel,
            title=wording.title,
            body=_body(wording, channel, words, path),
            address=address,
            path=path,
            made_at=now if is_fresh else at,
            read_at=now if now - at > HISTORY else None,
            **_first_state(channel, now),
        )
        for channel, address in ways.items()
    )


def add(rows: Iterable[Notice]) -> None:
    """Keep notices that are not there yet; those that leave the hall are sent after the commit."""
    notices = list(rows)
    Notice.objects.bulk_create(notices, ignore_conflicts=True)
    for one in notices:
        if one.channel != Channel.ACCOUNT and one.next_try_at and one.next_try_at <= one.made_at:
            transaction.on_commit(partial(tasks.enqueue_notice, one.uid))


def _first_state(channel: str, now: datetime) -> dict[str, Any]:
    if channel == Channel.ACCOUNT:
        return {"state": NoticeState.SENT, "sent_at": now}
    return {"state": NoticeState.WAITING, "next_try_at": daytime(now) if channel == Channel.SMS else now}


def daytime(at: datetime) -> datetime:
    """The moment itself, or the next morning when it is night."""
    local = timezone.localtime(at)
    if QUIET_UNTIL <= local.time() < QUIET_FROM:
        return at
    day = local.date() + timedelta(days=1 if local.time() >= QUIET_FROM else 0)
    return timezone.make_aware(datetime.combine(day, QUIET_UNTIL))


def _body(wording: Wording, channel: str, words: Data, path: str) -> str:
    if channel == Channel.SMS:
        return f"【{words['hall']}】{wording.sms.format(**words)}"
    text = wording.text.format(**words)
    if channel == Channel.EMAIL:
        return f"{text}\n\n{settings.HALL_OUTER_URL}{path}\n\n这是系统发出的通知，请不要回复。不想再收到，请在“通知设置”里关闭。"
    return text


def ask_to_confirm(user: User, email: str) -> None:
    """Send the link that confirms a new address; it goes through the same outbox. NotPossible when it was asked too often."""
    now = timezone.now()
    lately = Notice.objects.filter(recipient=user, event="confirm_email", made_at__gt=now - timedelta(days=1))
    if lately.count() >= CONFIRM_A_DAY:
        raise NotPossible(f"一天最多发 {CONFIRM_A_DAY} 封确认邮件，请明天再试。")
    token = preferences.token_of(user, email)
    path = f"{page('notice-confirm')}?t={token}"
    wording = WORDINGS["confirm_email"]
    add(
        [
            Notice(
                recipient=user,
                event="confirm_email",
                event_key=f"confirm:{token}"[-120:],
                channel=Channel.EMAIL,
                title=wording.title,
                body=_body(wording, Channel.EMAIL, {"hall": settings.HALL_NAME}, path),
                address=email,
                made_at=now,
                **_first_state(Channel.EMAIL, now),
            )
        ]
    )
