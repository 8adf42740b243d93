"""The officers' interface: list, one case, the moves possible now, and making one."""

from typing import Any

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from applications import actors, claims, queries, services
from applications.actors import Actor
from applications.api.refusals import Incomplete, as_api_error
from applications.api.staff_moves import flat, move_data, possible
from applications.api.staff_serializers import (
    CaseListSerializer,
    CaseSerializer,
    MadeMoveSerializer,
    MoveRequestSerializer,
    PossibleMoveSerializer,
    RefusalSerializer,
)
from applications.desk import rows as desk_rows
from applications.errors import MoveRefused
from applications.models import Application
from identity.acting import signed_in
from matters import calendar

NOT_FOUND = {404: RefusalSerializer}
REFUSED = {403: RefusalSerializer, 404: RefusalSerializer, 409: RefusalSerializer, 422: RefusalSerializer}


def officer(request: Request) -> Actor:
    """Who asks; the access table lets only staff come here."""
    return actors.staff(signed_in(request))


def get_case(request: Request, number: str) -> tuple[Application, Actor]:
    """The case and the officer; 404 alike for a foreign case and an unknown number."""
    actor = officer(request)
    case = queries.case_for(actor, number)
    if case is None:
        raise Http404
    return case, actor


class CaseList(ListAPIView[Application]):
    """The work list, soonest limit first; ``tab=all`` newest first."""

    serializer_class = CaseListSerializer
    filter_backends: list[Any] = []
    queryset = Application.objects.none()

    @extend_schema(
        parameters=[OpenApiParameter("tab", str, enum=desk_rows.TABS, description="哪一个列表，默认 mine")],
        responses={200: CaseListSerializer(many=True), 422: RefusalSerializer},
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> Any:
        tab = self.request.query_params.get("tab", "mine")
        if tab not in desk_rows.TABS:
            raise Incomplete({"tab": [f"请使用 {'、'.join(desk_rows.TABS)} 之一。"]})
        actor = officer(self.request)
        branches = desk_rows.of_tab(actor, tab, today=timezone.localdate(), days=calendar.current())
        return desk_rows.Listed(branches, desk_rows.order_of(tab, ""), bound=None)


class CaseDetail(APIView):
    """One case with its answers, files, clocks, route, events and documents."""

    @extend_schema(responses={200: CaseSerializer, **NOT_FOUND})
    def get(self, request: Request, number: str) -> Response:
        case, _ = get_case(request, number)
        return Response(CaseSerializer(case).data)


class Moves(APIView):
    """What this officer can do now, and doing it."""

    @extend_schema(responses={200: PossibleMoveSerializer(many=True), **NOT_FOUND})
    def get(self, request: Request, number: str) -> Response:
        case, actor = get_case(request, number)
        rows = [possible(case, name) for name in services.possible_moves(case, actor)]
        return Response(PossibleMoveSerializer(rows, many=True).data)

    @extend_schema(request=MoveRequestSerializer, responses={200: MadeMoveSerializer, **REFUSED})
    def post(self, request: Request, number: str) -> Response:
        case, actor = get_case(request, number)
        wanted = MoveRequestSerializer(data=request.data)
        if not wanted.is_valid():
            raise Incomplete(flat(wanted.errors))
        sent = dict(wanted.validated_data)
        action, seen = sent.pop("action"), sent.pop("seen")
        try:
            services.check(case, action, actor=actor, seen=seen)
            data = move_data(case, action, sent)
            moved = services.perform(case.pk, action, actor=actor, seen=seen, **data)
        except MoveRefused as refused:
            raise as_api_error(refused) from refused
        claims.settle(moved, actor, before=case.state)
        return Response(MadeMoveSerializer(moved).data)
