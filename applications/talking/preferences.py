"""What an applicant wants to be told where: channels per group of events, an e-mail address that was confirmed."""

import hashlib
from collections.abc import Collection
from datetime import datetime, timedelta

from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from applications.errors import DataMissing, NotPossible
from applications.models import NoticePreference
from applications.models.notice import Channel
from applications.talking import gateways
from applications.talking.wording import GROUPS
from identity.models import Person, User

OUTSIDE = (Channel.EMAIL, Channel.SMS)
CONFIRM_WITHIN = timedelta(days=3)
_SALT = "applications.talking.email"


def of(user: User) -> NoticePreference:
    """The stored wishes of this person, or the usual ones (not stored)."""
    return NoticePreference.objects.filter(user=user).first() or NoticePreference(user=user)


def addresses(user: User, group: str) -> dict[str, str]:
    """Channel → address for an event of this group; only channels that the site has and the person wants."""
    wishes = of(user)
    found = {}
    if gateways.email_is_on() and wishes.email and wishes.email_confirmed_at:
        found[Channel.EMAIL.value] = wishes.email
    phone = Person.objects.filter(user=user).values_list("phone", flat=True).first() if gateways.sms_is_on() else ""
    if phone:
        found[Channel.SMS.value] = phone
    return {channel: address for channel, address in found.items() if f"{channel}:{group}" not in wishes.off}


def switches() -> list[str]:
    """Every pair that can be switched: ``sms:progress`` …"""
    return [f"{channel.value}:{group}" for channel in OUTSIDE for group in GROUPS]


def save(user: User, *, email: str, wanted: Collection[str]) -> bool:
    """Keep the wishes. True when the address is new and has to be confirmed; DataMissing for one that is none."""
    email = email.strip()
    try:
        if email:
            validate_email(email)
    except ValidationError as error:
        raise DataMissing({"email": "请填写正确的电子邮箱，例如 name@example.com。"}) from error
    with transaction.atomic():
        row, _ = NoticePreference.objects.select_for_update().get_or_create(user=user)
        is_new = bool(email) and email != row.email
        if email != row.email:
            row.email, row.email_confirmed_at = email, None
        row.off = [key for key in switches() if key not in wanted]
        row.save()
    return is_new


def token_of(user: User, email: str) -> str:
    """What the link in the mail carries: signed, good for ``CONFIRM_WITHIN``, and says no address."""
    return signing.dumps([user.pk, _digest(email)], salt=_SALT)


def confirm(user: User, token: str, at: datetime | None = None) -> None:
    """The person followed the link while logged in. NotPossible for an old, foreign or outdated link."""
    try:
        pk, digest = signing.loads(token, salt=_SALT, max_age=CONFIRM_WITHIN)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise NotPossible("这个确认链接已经失效，请在“通知设置”里重新发送。") from error
    with transaction.atomic():
        row = NoticePreference.objects.select_for_update().filter(user=user).first()
        if row is None or pk != user.pk or digest != _digest(row.email):
            raise NotPossible("这个确认链接不属于您现在的邮箱，请用设置邮箱的账号登录后再打开。")
        row.email_confirmed_at = at or timezone.now()
        row.save(update_fields=["email_confirmed_at"])


def _digest(email: str) -> str:
    return hashlib.sha256(email.encode()).hexdigest()
