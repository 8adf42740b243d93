"""What a correction brings: new files in place of old ones, paper brought to the window, changed parts of the form."""

from datetime import datetime
from typing import Any

from applications.models import Application, Material, PresentedMaterial, Request
from applications.models.request import RequestState

Row = dict[str, Any]


def apply_changes(case: Application, request: Request) -> None:
    """Put the request's files and answers into the case; replaced files stay on record, marked, and so do the answers."""
    turn = request.changes.get("round", 1)  # absent from sites older than the second round
    files, noted = request.changes.get("materials", []), request.changes.get("presented", [])
    _drop_unsent(case, files, noted, turn)
    for row in files:
        _replace(case, row, turn)
    for row in noted:
        _note(case, row)
    answers = request.changes.get("answers")
    if answers:
        request.before = {"answers": {key: case.answers[key] for key in answers if key in case.answers}}
        case.answers = case.answers | answers
    request.standing, request.answered_at = RequestState.DONE, request.at
    request.save(update_fields=["standing", "answered_at", "before"])


def supplied_keys(changes: dict[str, Any]) -> set[str]:
    """The materials of which a file or paper came."""
    papers = {row["key"] for row in changes.get("presented", []) if row["originals"] or row["copies"]}
    return {row["key"] for row in changes.get("materials", [])} | papers


def _drop_unsent(case: Application, files: list[Row], noted: list[Row], turn: int) -> None:
    """The same round can be answered from the account and at the window: what lies ready on the slower way was never sent."""
    sent = {(row["key"], row["sha256"]) for row in files}
    ready = case.materials.filter(round=turn)
    ready.filter(pk__in=[row.pk for row in ready if (row.key, row.sha256) not in sent]).delete()
    case.presented.filter(round=turn).exclude(key__in=[row["key"] for row in noted]).delete()


def _note(case: Application, row: Row) -> None:
    """Paper stands where it was brought; a file of an earlier round that it replaces is marked."""
    case.materials.filter(key=row["key"], round__lt=row["round"]).update(replaced=True)
    PresentedMaterial.objects.get_or_create(
        application=case,
        key=row["key"],
        round=row["round"],
        defaults={
            "originals": row["originals"],
            "copies": row["copies"],
            "trust": row["trust"],
            "noted_by": case.department.name,
            "noted_at": datetime.fromisoformat(row["noted_at"]),
        },
    )


def _replace(case: Application, row: Row, turn: int) -> None:
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
