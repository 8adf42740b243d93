"""What a correction brings: new files in place of old ones, changed parts of the form."""

from datetime import datetime
from typing import Any

from applications.models import Application, Material, Request
from applications.models.request import RequestState


def apply_changes(case: Application, request: Request) -> None:
    """Put the request's files and answers into the case; replaced files stay on record, marked, and so do the answers."""
    turn = request.changes.get("round", 1)  # absent from sites older than the second round
    for row in request.changes.get("materials", []):
        _replace(case, row, turn)
    answers = request.changes.get("answers")
    if answers:
        request.before = {"answers": {key: case.answers[key] for key in answers if key in case.answers}}
        case.answers = case.answers | answers
    request.standing, request.answered_at = RequestState.DONE, request.at
    request.save(update_fields=["standing", "answered_at", "before"])


def _replace(case: Application, row: dict[str, Any], turn: int) -> None:
    case.materials.filter(key=row["key"], round__lt=turn).update(replaced=True)
    Material.objects.get_or_create(
        application=case,
        key=row["key"],
        sha256=row["sha256"],
        round=turn,
        defaults={
            "file_name": row["file_name"],
            "content_type": row["content_type"],
            "size": row["size"],
            "uploaded_at": datetime.fromisoformat(row["uploaded_at"]),
        },
    )
