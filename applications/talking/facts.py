"""What is said to the applicant and by the applicant, as facts for the other network."""

from typing import Any

from applications import sync_facts
from applications.models import Booking, CounterPlan, Event, Message, MessageFile
from sync import outbox


def record_message(message: Message, event: Event) -> None:
    """Send a message with its files, inside the transaction that wrote it (recorded as ``event``)."""
    files = list(message.files.all())
    outbox.record(
        "message.sent",
        sync_facts.key_of(message.application),
        {
            "uid": str(message.uid),
            "application": str(message.application.uid),
            "from_office": message.from_office,
            "author": message.application.department.name if message.from_office else message.author,
            "text": message.text,
            "sent_at": message.sent_at.isoformat(),
            "files": [file_row(one) for one in files],
            "head": sync_facts.head(event),
        },
        blobs=[one.sha256 for one in files],
    )


def file_row(file: MessageFile) -> dict[str, Any]:
    """A file as it travels; its bytes go as a blob under ``sha256``."""
    return {
        "file_name": file.file_name,
        "content_type": file.content_type,
        "size": file.size,
        "sha256": file.sha256,
    }


def record_booking(booking: Booking) -> None:
    """Out: an appointment was made, moved or given back; the whole of it each time."""
    outbox.record(
        "booking.changed",
        f"booking:{booking.uid}",
        {
            "uid": str(booking.uid),
            "department": booking.department.code,
            "matter": booking.matter.code,
            "application": str(booking.application.uid) if booking.application else None,
            "name": booking.name,
            "phone": booking.phone,
            "day": booking.day.isoformat(),
            "starts": f"{booking.starts:%H:%M}",
            "minutes": booking.minutes,
            "place": booking.place,
            "standing": str(booking.standing),
            "changes": booking.changes,
            "made_at": booking.made_at.isoformat(),
            "changed_at": booking.changed_at.isoformat(),
        },
    )


def record_attendance(booking: Booking) -> None:
    """In: whether the person came."""
    outbox.record(
        "booking.attended",
        f"booking:{booking.uid}",
        {
            "uid": str(booking.uid),
            "changes": booking.changes,
            "attended": str(booking.attended),
            "at": booking.attended_at.isoformat() if booking.attended_at else None,
        },
    )


def record_plan(plan: CounterPlan) -> None:
    """In: how a counter takes appointments."""
    outbox.record(
        "counter.published",
        f"counter:{plan.department.code}",
        {
            "department": plan.department.code,
            "is_open": plan.is_open,
            "minutes": plan.minutes,
            "capacity": plan.capacity,
            "days_ahead": plan.days_ahead,
        },
    )
