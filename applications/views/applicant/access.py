"""The first line of every applicant's view: fetch the case and ask whether it is this person's."""

import uuid

from django.http import Http404, HttpRequest, QueryDict

from applications import queries
from applications.drafts import Applicant
from applications.models import Application
from identity.acting import acting_for, signed_in


def get_case(request: HttpRequest, uid: uuid.UUID) -> Application:
    """The person's own case or one of an enterprise they act for; foreign and unknown ones give the same 404."""
    rows = queries.open_to(signed_in(request)).select_related("matter__current").prefetch_related("corrections")
    case = rows.filter(uid=uid).first()
    if case is None:
        raise Http404
    return case


def typed(source: QueryDict, name: str) -> str:
    """A line of text as sent, without the NUL that PostgreSQL cannot hold and no keyboard types."""
    return source.get(name, "").replace("\0", "").strip()


def applicant_of(request: HttpRequest) -> Applicant:
    """In whose name the person works now."""
    acting = acting_for(request)
    return Applicant(acting.user, acting.person, acting.enterprise)
