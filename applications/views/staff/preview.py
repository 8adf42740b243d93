"""What a move would do, found by doing it and taking it back: state, dates, and the text of the papers it makes."""

from typing import Any

from django.db import transaction

from applications import document_summary, route, services
from applications.actors import Actor
from applications.models import Application
from applications.states import State

AT_A_STEP = (State.IN_REVIEW, State.SPECIAL, State.PENDING_DECISION)


def preview(case: Application, actor: Actor, action: str, data: dict[str, Any]) -> dict[str, Any]:
    """The case as it would be after the move; nothing is kept. Raises what ``perform`` raises."""
    with transaction.atomic():
        known = set(case.documents.values_list("pk", flat=True))
        moved = services.perform(case.pk, action, actor=actor, seen=case.seen, render=False, **data)
        found = {
            "state": moved.state_label,
            "next": [f"{step.department} · {step.name}" for step in route.current(moved)]
            if moved.state in AT_A_STEP
            else [],
            "changes_state": moved.state != case.state,
            "note": moved.events.last().note,  # type: ignore[union-attr]
            "dates": _changed_dates(case, moved),
            "documents": [
                {"title": paper.title, "number": paper.number, "rows": document_summary.rows(paper.kind, paper.content)}
                for paper in moved.documents.order_by("id")
                if paper.pk not in known
            ],
        }
        transaction.set_rollback(True)
    return found


def _changed_dates(before: Application, after: Application) -> list[dict[str, Any]]:
    labels = {
        "law_due": "法定期限届满",
        "promise_due": "承诺期限届满",
        "correction_due": "补正期限届满",
        "delivery_due": "送达期限届满",
    }
    return [
        {"label": label, "day": getattr(after, name)}
        for name, label in labels.items()
        if getattr(after, name) and getattr(after, name) != getattr(before, name)
    ]
