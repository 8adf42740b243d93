"""Reading threads: what a page shows, what waits for an answer."""

from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse

from applications import queries
from applications.actors import Actor
from applications.models import Application, Message
from sync import blobs

TABS = ("waiting", "unread", "all")


def thread(case: Application, *, office: bool) -> list[dict[str, Any]]:
    """The messages of a case, oldest first, as one of the two sides sees them; ``is_new`` are not read yet."""
    rows = case.messages.prefetch_related("files")
    return [
        {
            "message": one,
            "is_mine": one.from_office == office,
            "is_new": one.from_office != office and one.read_at is None,
            "files": [_file(case, file, office) for file in one.files.all()],
        }
        for one in rows
    ]


def _file(case: Application, file: Any, office: bool) -> dict[str, Any]:
    route = "staff-message-file" if office else "message-file"
    return {
        "name": file.file_name,
        "size": file.size,
        "arrived": blobs.exists(file.sha256),
        "url": reverse(f"applications:{route}", args=[case.number if office else case.uid, file.pk]),
    }


def unread_by_office() -> Exists:
    """A condition on applications: the applicant wrote something that nobody at the office has read."""
    return Exists(Message.objects.filter(application=OuterRef("pk"), from_office=False, read_at=None))


def unread_by_applicant() -> Exists:
    """A condition on applications: the office wrote something that the applicant has not read."""
    return Exists(Message.objects.filter(application=OuterRef("pk"), from_office=True, read_at=None))


def listed(actor: Actor, tab: str) -> QuerySet[Application]:
    """The cases with a thread that this officer may see, in one of ``TABS``: those waiting longest first, ``all`` newest first."""
    rows: Any = _threads(actor).filter(_of(tab)).select_related("matter", "department")
    rows = rows.defer(*queries.LIST_FIELDS_DEFERRED)
    found: QuerySet[Application] = rows.order_by(*(("-last_at", "-pk") if tab == "all" else ("last_at", "pk")))
    return found


def counts(actor: Actor) -> dict[str, int]:
    """How many cases each tab has."""
    return _threads(actor).aggregate(**{tab: Count("pk", filter=_of(tab)) for tab in TABS})


def _threads(actor: Actor) -> Any:
    last = Message.objects.filter(application=OuterRef("pk")).order_by("-sent_at", "-pk")
    when = Message.objects.filter(application=OuterRef("pk")).order_by().values("application")
    return (
        queries.visible_to(actor)
        .order_by()
        .annotate(
            last_at=Subquery(when.annotate(at=Max("sent_at")).values("at")),
            last_by_office=Subquery(last.values("from_office")[:1]),
            is_unread=unread_by_office(),
        )
        .filter(last_at__isnull=False)
    )


def _of(tab: str) -> Q:
    return {"waiting": Q(last_by_office=False), "unread": Q(is_unread=True), "all": Q()}[tab]
