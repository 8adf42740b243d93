"""What is said to the applicant and by the applicant, as facts for the other network."""

from typing import Any

from applications import sync_facts
from applications.models import Event, Message, MessageFile
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
