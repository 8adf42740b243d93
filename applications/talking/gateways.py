"""The ways out of the hall: SMTP through Django, SMS through an adapter of the site's provider. Failures carry a code only:
providers put addresses and texts into their messages, and those must not reach a log."""

import smtplib
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.module_loading import import_string

from applications.models.notice import Channel


@dataclass(frozen=True)
class Letter:
    """What is to be sent. ``uid`` is the same at every attempt, so that a provider can drop a second copy."""

    uid: str
    address: str
    title: str
    body: str


class NotNow(Exception):
    """It may work later; the text is a code."""


class Never(Exception):
    """It will never work: the address is refused; the text is a code."""


class Gateway(Protocol):
    """One way out. ``send`` returns when the letter was taken; raises NotNow or Never with a code."""

    def send(self, letter: Letter) -> None: ...


class EmailGateway:
    """Django's mail back end, SMTP on a real site."""

    def send(self, letter: Letter) -> None:
        """One plain text mail; its Message-ID is that of the notice at every attempt."""
        domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ") or "localhost"
        mail = EmailMessage(
            subject=letter.title,
            body=letter.body,
            to=[letter.address],
            headers={"Message-ID": f"<{letter.uid}@{domain}>", "Auto-Submitted": "auto-generated"},
        )
        try:
            mail.send()
        except smtplib.SMTPRecipientsRefused as refused:
            codes = [code for code, _ in refused.recipients.values()]
            raise _judged(max(codes, default=0)) from None
        except smtplib.SMTPResponseException as refused:
            raise NotNow(f"smtp-{refused.smtp_code}") from None  # the server's trouble, not the address's
        except (smtplib.SMTPException, OSError) as error:
            raise NotNow(f"smtp-{type(error).__name__}"[:40]) from None
        except ValueError:  # a line break in a header, an address that is none
            raise Never("bad-address") from None


def _judged(code: int) -> Exception:
    return Never(f"smtp-{code}") if code >= 500 else NotNow(f"smtp-{code}")


class FileGateway:
    """For the demo: each SMS is a text file in the outbox folder, readable by the site alone."""

    def send(self, letter: Letter) -> None:
        """``<uid>.txt``: the number, an empty line, the text."""
        folder = Path(settings.HALL_OUTBOX_DIR)
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            path = folder / f"sms-{letter.uid}.txt"
            path.write_text(f"{letter.address}\n\n{letter.body}\n", encoding="utf-8")
            path.chmod(0o600)
        except OSError as error:
            raise NotNow(f"file-{error.errno}") from None


def sms_is_on() -> bool:
    """Whether this site has an SMS provider (``HALL_SMS_GATEWAY``)."""
    return bool(settings.HALL_SMS_GATEWAY)


def email_is_on() -> bool:
    """Whether this site sends mail."""
    return not settings.EMAIL_BACKEND.endswith("dummy.EmailBackend")


def gateway_of(channel: str) -> Gateway:
    """The way out for e-mail or SMS. NotNow when the site has none (any more)."""
    if channel == Channel.EMAIL and email_is_on():
        return EmailGateway()
    if channel == Channel.SMS and sms_is_on():
        made: Gateway = import_string(settings.HALL_SMS_GATEWAY)()
        return made
    raise NotNow("no-gateway")
