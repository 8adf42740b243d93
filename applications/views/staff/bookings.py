"""Appointments inside: who is expected today, who came, and how the counter takes appointments."""

import uuid
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from applications import actors
from applications.errors import DataMissing, MoveRefused
from applications.talking import attending, booking
from identity.acting import signed_in


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """The appointments of one day, today's at first."""
    actor = actors.staff(signed_in(request))
    today = timezone.localdate()
    day = _day(request.GET.get("day", "")) or today
    rows = list(attending.expected(actor, day))
    context = {
        "day": day,
        "today": today,
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1),
        "rows": rows,
        "came": sum(1 for row in rows if row.attended == "came"),
        "may_note": bool(actor.departments_as(*attending.COUNTER)) and day <= today,
        "may_plan": attending.departments_of(actor).exists(),
    }
    return render(request, "applications/staff/bookings.html", context)


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


@require_POST
def note(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Note that the person came or did not."""
    actor = actors.staff(signed_in(request))
    row = get_object_or_404(attending.visible_to(actor), uid=uid)
    try:
        attending.note(row.pk, request.POST.get("attended", ""), actor=actor)
    except MoveRefused as refused:
        messages.error(request, refused.message)
    return redirect(f"{reverse('applications:staff-bookings')}?day={row.day.isoformat()}")


@require_http_methods(["GET", "POST"])
def plan(request: HttpRequest) -> HttpResponse:
    """How the counters of my departments take appointments; each department has its own form."""
    actor = actors.staff(signed_in(request))
    problems: dict[str, str] = {}
    departments = list(attending.departments_of(actor))
    chosen = request.POST.get("department", "")
    for one in departments:
        if request.method == "POST" and one.code == chosen:
            try:
                attending.keep_plan(one, actor=actor, is_open="is_open" in request.POST, **_numbers(request))
            except DataMissing as refused:
                problems = refused.fields
            else:
                messages.success(request, f"{one.name}的窗口预约已经设定，随下一批次发到外网。")
                return redirect("applications:staff-booking-plan")
    context = {
        "forms": [
            {
                "department": one,
                "plan": booking.plan_of(one),
                "problems": problems if one.code == chosen else {},
                "fields": _fields(request, booking.plan_of(one), one.code == chosen),
            }
            for one in departments
        ],
        "errors": [{"message": sentence, "href": f"#{name}-{chosen}"} for name, sentence in problems.items()],
        "crumbs": [{"text": "窗口预约", "url": reverse("applications:staff-bookings")}, {"text": "设定"}],
    }
    return render(request, "applications/staff/booking_plan.html", context, status=422 if problems else 200)


def _numbers(request: HttpRequest) -> dict[str, int]:
    typed = {name: request.POST.get(name, "") for name in attending.LIMITS}
    return {name: int(text) if text.isdecimal() and len(text) < 6 else 0 for name, text in typed.items()}


def _fields(request: HttpRequest, plan: Any, is_typed: bool) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "label": label,
            "least": least,
            "most": most,
            "value": request.POST.get(name, "") if is_typed else getattr(plan, name),
        }
        for name, (label, least, most) in attending.LIMITS.items()
    ]
