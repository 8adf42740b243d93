"""Appointments for programs: free slots for everybody, one's own, and the counter's list."""

import uuid
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import permissions, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from applications import actors, queries
from applications.api.applicant import REFUSALS, user_of
from applications.api.refusals import Conflict, Incomplete, as_api_error, checked
from applications.api.staff import NOT_FOUND, REFUSED, officer
from applications.errors import MoveRefused
from applications.models import Booking
from applications.models.booking import Attended
from applications.talking import attending
from applications.talking import booking as bookings
from identity.models import Department
from matters.models import Matter


class SlotSerializer(serializers.Serializer[Any]):
    """One slot and what is left of it."""

    day = serializers.DateField()
    starts = serializers.TimeField(format="%H:%M")
    ends = serializers.TimeField(format="%H:%M")
    left = serializers.IntegerField()


class BookingSerializer(serializers.Serializer[Any]):
    """An appointment."""

    uid = serializers.UUIDField()
    matter = serializers.CharField(source="matter.code")
    department = serializers.CharField(source="department.name")
    application = serializers.CharField(source="application.number", allow_null=True, default=None)
    name = serializers.CharField()
    phone = serializers.CharField()
    day = serializers.DateField()
    starts = serializers.TimeField(format="%H:%M")
    minutes = serializers.IntegerField()
    standing = serializers.CharField()
    attended = serializers.CharField()


class WhenSerializer(serializers.Serializer[Any]):
    """A slot, by its beginning."""

    day = serializers.DateField()
    starts = serializers.TimeField()


class BookSerializer(WhenSerializer):
    """A new appointment; ``application`` is the uid of a running case of the same matter."""

    matter = serializers.CharField()
    name = serializers.CharField()
    phone = serializers.CharField()
    application = serializers.UUIDField(required=False, allow_null=True)


class AttendanceSerializer(serializers.Serializer[Any]):
    """Came or not."""

    attended = serializers.ChoiceField(choices=Attended.choices)


class PlanSerializer(serializers.Serializer[Any]):
    """How a counter takes appointments."""

    department = serializers.CharField(help_text="部门编码")
    is_open = serializers.BooleanField()
    minutes = serializers.IntegerField()
    capacity = serializers.IntegerField()
    days_ahead = serializers.IntegerField()


def _matter(code: str) -> Matter:
    return get_object_or_404(Matter.objects.select_related("current", "department"), code=code)


class Slots(APIView):
    """The slots of the coming days."""

    permission_classes = [permissions.AllowAny]

    @extend_schema(summary="可以预约的时段", responses={200: SlotSerializer(many=True), **REFUSALS})
    def get(self, request: Request, code: str) -> Response:
        matter = _matter(code)
        closed = bookings.closed_because(matter)
        if closed:
            raise Conflict(closed, code="closed")
        rows = [slot for _, day in bookings.free(matter, timezone.localdate()) for slot in day]
        return Response(SlotSerializer(rows, many=True).data)


class MyBookings(APIView):
    """The caller's appointments; make one."""

    @extend_schema(summary="我的预约", responses=BookingSerializer(many=True))
    def get(self, request: Request) -> Response:
        rows = Booking.objects.filter(owner=user_of(request)).select_related("matter", "department", "application")
        return Response(BookingSerializer(rows.order_by("-day", "-starts")[:100], many=True).data)

    @extend_schema(summary="预约窗口", request=BookSerializer, responses={201: BookingSerializer, **REFUSALS})
    def post(self, request: Request) -> Response:
        user, wanted = user_of(request), checked(BookSerializer(data=request.data))
        matter = Matter.objects.select_related("current", "department").filter(code=wanted["matter"]).first()
        if matter is None:
            raise Incomplete({"matter": ["没有这个事项。"]})
        case = None
        if wanted.get("application"):
            case = queries.open_to(user).filter(uid=wanted["application"], matter=matter, number__isnull=False).first()
            if case is None:
                raise Incomplete({"application": ["没有这件申请，或者它不是这一事项的。"]})
        try:
            made = bookings.book(
                matter,
                wanted["day"],
                wanted["starts"],
                user=user,
                actor=actors.applicant(user),
                name=wanted["name"],
                phone=wanted["phone"],
                case=case,
            )
        except MoveRefused as refused:
            raise as_api_error(refused) from refused
        return Response(BookingSerializer(made).data, status=201)


class MyBooking(APIView):
    """One appointment: look, change, give back."""

    def _get(self, request: Request, uid: uuid.UUID) -> Booking:
        rows = Booking.objects.filter(owner=user_of(request)).select_related("matter", "department", "application")
        return get_object_or_404(rows, uid=uid)

    @extend_schema(summary="一个预约", responses=BookingSerializer)
    def get(self, request: Request, uid: uuid.UUID) -> Response:
        return Response(BookingSerializer(self._get(request, uid)).data)

    @extend_schema(summary="改约", request=WhenSerializer, responses={200: BookingSerializer, **REFUSALS})
    def put(self, request: Request, uid: uuid.UUID) -> Response:
        user, wanted = user_of(request), checked(WhenSerializer(data=request.data))
        try:
            moved = bookings.move(
                self._get(request, uid), wanted["day"], wanted["starts"], user=user, actor=actors.applicant(user)
            )
        except MoveRefused as refused:
            raise as_api_error(refused) from refused
        return Response(BookingSerializer(moved).data)

    @extend_schema(summary="取消预约", responses={204: None, **REFUSALS})
    def delete(self, request: Request, uid: uuid.UUID) -> Response:
        try:
            bookings.cancel(self._get(request, uid), actor=actors.applicant(user_of(request)))
        except MoveRefused as refused:
            raise as_api_error(refused) from refused
        return Response(status=204)


class Expected(APIView):
    """Who is expected on a day."""

    @extend_schema(
        summary="一天的预约",
        parameters=[OpenApiParameter("day", str, description="YYYY-MM-DD，默认今天")],
        responses=BookingSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        day = serializers.DateField(default=timezone.localdate)
        try:
            wanted = day.run_validation(request.query_params.get("day") or serializers.empty)
        except serializers.ValidationError as error:
            raise Incomplete({"day": ["日期请写成 2026-03-05 这样。"]}) from error
        return Response(BookingSerializer(attending.expected(officer(request), wanted), many=True).data)


class Attendance(APIView):
    """Note that a person came or did not."""

    @extend_schema(summary="登记到没到", request=AttendanceSerializer, responses={200: BookingSerializer, **REFUSED})
    def post(self, request: Request, uid: uuid.UUID) -> Response:
        actor = officer(request)
        row = get_object_or_404(attending.visible_to(actor), uid=uid)
        wanted = checked(AttendanceSerializer(data=request.data))
        try:
            noted = attending.note(row.pk, wanted["attended"], actor=actor)
        except MoveRefused as refused:
            raise as_api_error(refused) from refused
        return Response(BookingSerializer(noted).data)


class Plan(APIView):
    """How the counters of my departments take appointments."""

    @extend_schema(summary="窗口预约的设定", responses={200: PlanSerializer(many=True), **NOT_FOUND})
    def get(self, request: Request) -> Response:
        return Response([_plan_row(one) for one in attending.departments_of(officer(request))])

    @extend_schema(summary="设定窗口预约", request=PlanSerializer, responses={200: PlanSerializer, **REFUSED})
    def put(self, request: Request) -> Response:
        actor, wanted = officer(request), checked(PlanSerializer(data=request.data))
        department = attending.departments_of(actor).filter(code=wanted.pop("department")).first()
        if department is None:
            raise Http404
        try:
            attending.keep_plan(department, actor=actor, **wanted)
        except MoveRefused as refused:
            raise as_api_error(refused) from refused
        return Response(_plan_row(department))


def _plan_row(department: Department) -> dict[str, Any]:
    plan = bookings.plan_of(department)
    return {"department": department.code, "is_open": plan.is_open} | {
        name: getattr(plan, name) for name in attending.LIMITS
    }
