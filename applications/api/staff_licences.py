"""The officers' interface to licences and bars."""

import uuid
from typing import Any

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from applications import bars, grounds, licence_queries, licences, queries
from applications.actors import Actor
from applications.api import staff_licence_serializers as shapes
from applications.api.refusals import Incomplete, as_api_error, checked
from applications.api.staff import NOT_FOUND, REFUSED, get_case, officer
from applications.errors import MoveRefused
from applications.models import Bar, Licence
from applications.views.staff.licences import ACTS


def get_licence(request: Request, uid: uuid.UUID) -> tuple[Licence, Actor]:
    """The licence and the officer; 404 alike for a foreign licence and an unknown one."""
    actor = officer(request)
    rows = licence_queries.visible_to(actor).select_related("application__department", "document")
    found = rows.filter(uid=uid).first()
    if found is None:
        raise Http404
    return found, actor


class Licences(GenericAPIView[Licence]):
    """The licences of the officer's departments."""

    serializer_class = shapes.LicenceSerializer
    filter_backends: list[Any] = []
    queryset = Licence.objects.none()

    @extend_schema(
        summary="证照列表",
        parameters=[
            OpenApiParameter("tab", str, enum=licence_queries.TABS, description="哪一类，默认 valid"),
            OpenApiParameter("q", str, description="编号、持证人或名称"),
        ],
        responses=shapes.LicenceSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        tab = request.query_params.get("tab", "valid")
        if tab not in licence_queries.TABS:
            raise Incomplete({"tab": [f"请使用 {'、'.join(licence_queries.TABS)} 之一。"]})
        rows = licence_queries.visible_to(officer(request))
        rows = licence_queries.matching(rows, request.query_params.get("q", "").replace("\0", "").strip())
        shown = licence_queries.in_tab(rows, tab, timezone.localdate()).select_related("application__department")
        return self.get_paginated_response(self.get_serializer(self.paginate_queryset(shown), many=True).data)


class OneLicence(APIView):
    """One licence with its history; ending it."""

    @extend_schema(summary="一份证照", responses={200: shapes.LicenceDetailSerializer, **NOT_FOUND})
    def get(self, request: Request, uid: uuid.UUID) -> Response:
        return Response(shapes.LicenceDetailSerializer(get_licence(request, uid)[0]).data)

    @extend_schema(
        summary="撤销、撤回或注销证照",
        request=shapes.EndSerializer,
        responses={200: shapes.LicenceDetailSerializer, **REFUSED},
    )
    def post(self, request: Request, uid: uuid.UUID) -> Response:
        licence, actor = get_licence(request, uid)
        wanted = checked(shapes.EndSerializer(data=request.data))
        act = ACTS[wanted["act"]]
        if wanted["ground"] not in grounds.GROUNDS[act]:
            raise Incomplete({"ground": [f"请使用 {'、'.join(grounds.GROUNDS[act])} 之一。"]})
        try:
            licences.end(licence.pk, act, actor=actor, ground=wanted["ground"], reason=wanted["reason"])
        except MoveRefused as refused:
            raise as_api_error(refused) from refused
        return Response(shapes.LicenceDetailSerializer(get_licence(request, uid)[0]).data)


def bars_of(actor: Actor) -> Any:
    """The bars of the officer's departments."""
    rows = Bar.objects.filter(application__department__in=actor.departments_as(*queries.CASEWORK))
    return rows.select_related("application", "matter")


class Bars(GenericAPIView[Bar]):
    """Warnings and bars, newest first."""

    serializer_class = shapes.BarSerializer
    filter_backends: list[Any] = []
    queryset = Bar.objects.none()

    @extend_schema(summary="不得再次申请的名单", responses=shapes.BarSerializer(many=True))
    def get(self, request: Request) -> Response:
        rows = bars_of(officer(request))
        return self.get_paginated_response(self.get_serializer(self.paginate_queryset(rows), many=True).data)


class Impose(APIView):
    """Warn the applicant of a case and, where its matter touches safety, bar them."""

    @extend_schema(
        summary="警告及不得再次申请",
        request=shapes.ImposeSerializer,
        responses={201: shapes.BarSerializer, **REFUSED},
    )
    def post(self, request: Request, number: str) -> Response:
        case, actor = get_case(request, number)
        wanted = checked(shapes.ImposeSerializer(data=request.data))
        try:
            bar = bars.impose(case.pk, actor=actor, **wanted)
        except MoveRefused as refused:
            raise as_api_error(refused) from refused
        return Response(shapes.BarSerializer(bar).data, status=201)


class Lift(APIView):
    """End a bar early."""

    @extend_schema(
        summary="解除不得再次申请",
        request=shapes.ReasonSerializer,
        responses={200: shapes.BarSerializer, **REFUSED},
    )
    def post(self, request: Request, uid: uuid.UUID) -> Response:
        actor = officer(request)
        bar = bars_of(actor).filter(uid=uid).first()
        if bar is None:
            raise Http404
        wanted = checked(shapes.ReasonSerializer(data=request.data))
        try:
            bars.lift(bar.pk, actor=actor, reason=wanted["reason"])
        except MoveRefused as refused:
            raise as_api_error(refused) from refused
        bar.refresh_from_db()
        return Response(shapes.BarSerializer(bar).data)
