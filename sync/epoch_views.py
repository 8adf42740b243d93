"""The operator's page for a new epoch of the peer: what differs, and the button that approves it."""

from django.contrib import messages
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sync import durable, intake, new_epochs, reports
from sync.forms import ApproveForm
from sync.models import EpochChange
from sync.reasons import CannotProceed

SHOWN = 50


@require_http_methods(["GET", "HEAD", "POST"])
def epoch(request: HttpRequest) -> HttpResponse:
    """Show the differences; approve them when somebody has compared."""
    change = new_epochs.waiting()
    if change is None:
        messages.info(request, _("没有等待批准的新纪元。"))
        return redirect("sync:operator")
    form = ApproveForm(request.POST or None, initial={"number": change.stream.number})
    if form.is_valid() and _approve(request, form.cleaned_data["number"]):
        return redirect("sync:operator")
    return _page(request, change, form)


def _approve(request: HttpRequest, number: int) -> bool:
    try:
        new_epochs.approve(request.user.get_username(), number=number)
    except (CannotProceed, OSError, OperationalError) as error:
        messages.error(request, _why(error))
        return False
    messages.success(request, _("已批准新纪元。本端退还的内容随下一次封装送回对端。"))
    _open_what_waited(request)
    return True


def _open_what_waited(request: HttpRequest) -> None:
    """The approval stays when this fails: whoever opens a batch next goes on with it."""
    try:
        outcomes = intake.open_files([])
    except (CannotProceed, OSError, OperationalError) as error:
        messages.error(request, _why(error))
        return
    for sentence in reports.sentences(outcomes):
        messages.info(request, sentence)


def _page(request: HttpRequest, change: EpochChange, form: ApproveForm) -> HttpResponse:
    found = new_epochs.differences(change, SHOWN)
    return render(request, "sync/epoch.html", {"found": found, "change": change, "form": form, "shown": SHOWN})


def _why(error: CannotProceed | OSError | OperationalError) -> str:
    if isinstance(error, OSError):
        return durable.explain(error)
    return durable.explain_database(error) if isinstance(error, OperationalError) else str(error)
