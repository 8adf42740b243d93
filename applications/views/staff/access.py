"""The first line of every staff view: fetch the case and ask whether this person may see it."""

from django.http import Http404, HttpRequest

from applications import actors, queries
from applications.actors import Actor
from applications.models import Application
from identity.acting import signed_in


def get_case(request: HttpRequest, number: str) -> tuple[Application, Actor]:
    """The case and the officer. A foreign case and an unknown number give the same 404."""
    actor = actors.staff(signed_in(request))
    case = queries.case_for(actor, number)
    if case is None:
        raise Http404("没有找到这件申请，或者它不由您的部门办理。")
    return case, actor
