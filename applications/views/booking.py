"""Appointments: the free slots of a matter for everybody, taking one and changing it for who is logged in."""

import uuid
from datetime import date, datetime, time
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from applications import actors, queries
from applications.errors import DataMissing, MoveRefused, NotPossible
from applications.models import Application, Booking
from applications.states import ENDED, State
from applications.talking import booking as bookings
from applications.views.applicant.access import typed
from identity.acting import acting_for, signed_in
from identity.models import User
from matters.models import Matter


def get_matter(code: str) -> Matter:
    """The matter with the guide in force; Http404 for an unknown code."""
    return get_object_or_404(Matter.objects.select_related("current", "department"), code=code)


@never_cache
@require_GET
def free(request: HttpRequest, code: str) -> HttpResponse:
    """The slots of the coming days. ``?move=`` names the appointment that is to be changed."""
    matter = get_matter(code)
    moved = _moved(request)
    back = {"text": matter.name, "url": reverse("matters:guide", args=[code])}
    context = {
        "matter": matter,
        "closed": bookings.closed_because(matter),
        "days": [{"day": day, "slots": rows} for day, rows in bookings.free(matter, timezone.localdate())],
        "query": f"?move={moved.uid}" if moved else "",
        "moved": moved,
        "crumbs": [back, {"text": gettext("预约窗口")}],
    }
    return render(request, "applications/public/book.html", context)


def _moved(request: HttpRequest) -> Booking | None:
    """The person's own appointment named in the address, if it can still be changed."""
    try:
        uid = uuid.UUID(request.GET.get("move", ""))
    except ValueError:
        return None
    if not isinstance(request.user, User):
        return None
    found = Booking.objects.filter(uid=uid, owner=request.user).first()
    return found if found and bookings.is_changeable(found, timezone.now()) else None


@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest, code: str, day: str, starts: str) -> HttpResponse:
    """Look at the slot once more and take it, or move an appointment to it."""
    matter, moved = get_matter(code), _moved(request)
    on, at = read_slot(day, starts)
    try:
        slot = bookings.slot_of(matter, on, at, timezone.localdate())
        if request.method == "POST":
            made = _take(request, matter, slot, moved)
            messages.success(request, f"{'预约已改为' if moved else '预约成功：'}{_words(made)}。")
            return redirect("applications:booking", made.uid)
        if not slot.left:
            raise NotPossible(bookings.FULL)
    except DataMissing as refused:
        return _confirm_page(request, matter, slot, moved, refused.fields)
    except NotPossible as refused:
        messages.error(request, refused.message)
        back = reverse("applications:book", args=[code])
        return redirect(f"{back}?move={moved.uid}" if moved else back)
    return _confirm_page(request, matter, slot, moved, {})


def read_slot(day: str, starts: str) -> tuple[date, time]:
    """``2026-03-05`` and ``0930``; Http404 for anything else."""
    try:
        return date.fromisoformat(day), datetime.strptime(starts, "%H%M").time()  # noqa: DTZ007  a time of the wall clock
    except ValueError as error:
        raise Http404 from error


def _take(request: HttpRequest, matter: Matter, slot: bookings.Slot, moved: Booking | None) -> Booking:
    user = signed_in(request)
    actor = actors.applicant(user)
    if moved is not None:
        return bookings.move(moved, slot.day, slot.starts, user=user, actor=actor)
    return bookings.book(
        matter,
        slot.day,
        slot.starts,
        user=user,
        actor=actor,
        name=typed(request.POST, "name"),
        phone=typed(request.POST, "phone"),
        case=_cases(user, matter).filter(uid=request.POST["case"]).first() if _is_uid(request) else None,
    )


def _is_uid(request: HttpRequest) -> bool:
    try:
        return bool(uuid.UUID(request.POST.get("case", "")))
    except ValueError:
        return False


def _cases(user: User, matter: Matter) -> Any:
    """The person's running cases of this matter, to which the visit may belong."""
    return queries.open_to(user).filter(matter=matter).exclude(state__in=(State.DRAFT, *ENDED)).order_by("-id")


def _confirm_page(
    request: HttpRequest, matter: Matter, slot: bookings.Slot, moved: Booking | None, problems: dict[str, str]
) -> HttpResponse:
    person = acting_for(request).person
    cases: list[Application] = list(_cases(signed_in(request), matter)[:20])
    context = {
        "matter": matter,
        "slot": slot,
        "moved": moved,
        "cases": cases,
        "chosen": request.POST.get("case", ""),
        "name": request.POST.get("name", person.name),
        "phone": request.POST.get("phone", person.phone),
        "problems": problems,
        "errors": [{"message": sentence, "href": f"#{name}"} for name, sentence in problems.items()],
        "place": bookings.place_of(Booking(matter=matter, department=matter.department)),
        "crumbs": [
            {"text": gettext("预约窗口"), "url": reverse("applications:book", args=[matter.code])},
            {"text": "确认预约"},
        ],
    }
    return render(request, "applications/applicant/book.html", context, status=422 if problems else 200)


def _words(booking: Booking) -> str:
    return f"{booking.day.month}月{booking.day.day}日 {booking.starts:%H:%M}"


@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """The person's appointments, those to come first."""
    rows = Booking.objects.filter(owner=signed_in(request)).select_related("matter", "department")
    today = timezone.localdate()
    context = {
        "coming": rows.filter(day__gte=today, standing="booked").order_by("day", "starts"),
        "past": rows.exclude(day__gte=today, standing="booked").order_by("-day", "-starts")[:30],
        "crumbs": [{"text": "我的预约"}],
    }
    return render(request, "applications/applicant/bookings.html", context)


@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """One appointment; POST gives the place back."""
    rows = Booking.objects.filter(owner=signed_in(request)).select_related("matter__current", "department")
    booking = get_object_or_404(rows, uid=uid)
    if request.method == "POST":
        try:
            bookings.cancel(booking, actor=actors.applicant(signed_in(request)))
        except MoveRefused as refused:
            messages.error(request, refused.message)
        else:
            messages.success(request, "预约已经取消，号已经让给别人。")
        return redirect("applications:booking", uid)
    context = {
        "booking": booking,
        "can_change": bookings.is_changeable(booking, timezone.now()),
        "place": bookings.place_of(booking),
        "crumbs": [{"text": "我的预约", "url": reverse("applications:bookings")}, {"text": _words(booking)}],
    }
    return render(request, "applications/applicant/booking.html", context)
