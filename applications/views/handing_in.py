"""Handing in what was asked for of a running case: the correction or what is owed, from the account or at the window."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from applications.errors import DataMissing, MoveRefused
from applications.views.applicant.access import typed


def hand_in(
    request: HttpRequest,
    *,
    act: Callable[[str], object],
    page: Callable[[dict[str, str], str], HttpResponse],
    done: str,
    back: str,
) -> HttpResponse:
    """Do ``act`` with the words that were written, and say ``done`` at ``back``, the case. What lacks is said on ``page``."""
    reason = typed(request.POST, "reason")[:1000]
    try:
        act(reason)
    except DataMissing as refused:
        return page(refused.fields, reason)
    except MoveRefused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, done)
    return redirect(back)
