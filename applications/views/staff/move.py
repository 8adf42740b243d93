"""One move, in two looks: fill in, see what it will do, confirm. A stale form shows what changed and loses nothing."""

from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from applications import machine, presenting, services
from applications.actors import Actor
from applications.documents.catalog import KINDS
from applications.errors import CaseMoved, DataMissing, MoveRefused, NotAllowed
from applications.forms.moves import MoveForm, form_for
from applications.models import Application
from applications.states import State
from applications.views.staff.access import get_case


def move(request: HttpRequest, number: str, action: str) -> HttpResponse:
    """GET the form; POST shows the preview; POST with ``confirmed`` acts."""
    case, actor = get_case(request, number)
    if action not in machine.moves():
        raise Http404("没有这个动作。")
    sentence = machine.refusal(_today(case), action)
    if sentence is not None and request.method == "GET":
        return _refused(request, case, sentence, 409)
    if not machine.permitted(case, action, actor) and sentence is None:
        return _refused(request, case, f"您的岗位不能对这件申请“{machine.label(action, case.state)}”。", 403)
    if request.method != "POST":
        return _page(request, case, action, form_for(case, action), seen=case.seen)
    return _posted(request, case, actor, action)


def _posted(request: HttpRequest, case: Application, actor: Actor, action: str) -> HttpResponse:
    seen = request.POST.get("seen", "")
    form = form_for(case, action, request.POST)
    if seen != case.seen:
        return _stale(request, case, action, form, seen)
    if not form.is_valid():
        return _page(request, case, action, form, seen=seen, status=422)
    try:
        if "confirmed" not in request.POST:
            return _page(request, case, action, form, seen=seen, preview=preview(case, actor, action, seen, form))
        services.perform(case.pk, action, actor=actor, seen=seen, **form.move_data())
    except CaseMoved:
        return _stale(request, case, action, form, seen)
    except DataMissing as missing:
        for name, sentence in missing.fields.items():
            form.add_error(name if name in form.fields else None, sentence)
        return _page(request, case, action, form, seen=seen, status=422)
    except NotAllowed as refused:
        return _refused(request, case, refused.message, 403)
    except MoveRefused as refused:
        return _refused(request, case, refused.message, 409)
    return redirect("applications:staff-case", number=case.number)


def preview(case: Application, actor: Actor, action: str, seen: str, form: MoveForm) -> dict[str, Any]:
    """What the move would do, found by doing it and taking it back: state, documents, dates."""
    known = case.documents.count()
    with transaction.atomic():
        moved = services.perform(case.pk, action, actor=actor, seen=seen, render=False, **form.move_data())
        made = list(moved.documents.order_by("id"))[known:]
        result = {
            "state": State(moved.state).label,
            "documents": [{"title": document.title, "kind": KINDS[document.kind].title} for document in made],
            "law_due": moved.law_due,
            "next_due": moved.next_due,
        }
        transaction.set_rollback(True)
    return result


def _today(case: Application) -> Application:
    case.acting_on = timezone.localdate()
    return case


def _page(
    request: HttpRequest,
    case: Application,
    action: str,
    form: MoveForm,
    *,
    seen: str,
    preview: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "case": case,
        "action": action,
        "label": machine.label(action, case.state),
        "final": machine.custom(action, case.state).get("final", False),
        "form": form,
        "seen": seen,
        "preview": preview,
        "crumbs": _crumbs(case, machine.label(action, case.state)),
    }
    return render(request, "applications/staff/move.html", context, status=status)


def _stale(request: HttpRequest, case: Application, action: str, form: MoveForm, seen: str) -> HttpResponse:
    """Somebody was faster: show what happened since, keep what was typed."""
    fresh = Application.objects.select_related("matter", "department", "guide_version").get(pk=case.pk)
    since = int(seen.rpartition(".")[2]) if seen.rpartition(".")[2].isdigit() else 0
    context = {
        "case": fresh,
        "action": action,
        "label": machine.label(action),
        "form": form,
        "seen": fresh.seen,
        "events": presenting.timeline(fresh.events.filter(version__gt=since), inside=True),
        "still_possible": machine.refusal(_today(fresh), action) is None,
        "crumbs": _crumbs(fresh, machine.label(action)),
    }
    return render(request, "applications/staff/stale.html", context, status=409)


def _refused(request: HttpRequest, case: Application, sentence: str, status: int) -> HttpResponse:
    context = {"case": case, "detail": sentence, "url": f"/work/{case.number}/", "crumbs": _crumbs(case, "不能办理")}
    return render(request, f"{status}.html", context, status=status)


def _crumbs(case: Application, last: str) -> list[dict[str, str | None]]:
    return [
        {"text": "办件工作台", "url": "/work/"},
        {"text": case.number or "", "url": f"/work/{case.number}/"},
        {"text": last, "url": None},
    ]
