"""The officers' interface: list, one case, the moves possible now, and making one."""

from typing import Any

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from applications import actors, machine, queries, services
from applications.actors import Actor
from applications.api.refusals import Incomplete, as_api_error
from applications.api.staff_serializers import (
    CaseListSerializer,
    CaseSerializer,
    MadeMoveSerializer,
    MoveRequestSerializer,
    PossibleMoveSerializer,
)
from applications.errors import MoveRefused
from applications.forms.moves import correction_targets, form_for
from applications.models import Application
from matters import calendar

TABS = ("mine", "department", "soon", "overdue", "all")


def get_case(request: Request, number: str) -> tuple[Application, Actor]:
    """The case and the officer; 404 alike for a foreign case and an unknown number."""
    actor = actors.staff(request.user)
    rows = queries.visible_to(actor).select_related("matter", "department", "guide_version")
    case = rows.filter(number=number).first()
    if case is None:
        raise Http404
    return case, actor


class CaseList(ListAPIView[Application]):
    """The work list, soonest limit first."""

    serializer_class = CaseListSerializer
    filter_backends: list[Any] = []
    queryset = Application.objects.none()

    @extend_schema(parameters=[OpenApiParameter("tab", str, enum=TABS, description="哪一个列表，默认 mine")])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> Any:
        tab = self.request.query_params.get("tab", "mine")
        if tab not in TABS:
            raise Incomplete({"tab": [f"请使用 {'、'.join(TABS)} 之一。"]})
        today = timezone.localdate()
        soon = calendar.current().add_workdays(today, 2)
        return queries.work_list(actors.staff(self.request.user), tab, today=today, soon=soon)  # type: ignore[arg-type]


class CaseDetail(APIView):
    """One case with its clocks, route and events."""

    @extend_schema(responses=CaseSerializer)
    def get(self, request: Request, number: str) -> Response:
        case, _ = get_case(request, number)
        return Response(CaseSerializer(case).data)


class Moves(APIView):
    """What this officer can do now, and doing it."""

    @extend_schema(responses=PossibleMoveSerializer(many=True))
    def get(self, request: Request, number: str) -> Response:
        case, actor = get_case(request, number)
        rows = [possible(case, name) for name in services.possible_moves(case, actor)]
        return Response(PossibleMoveSerializer(rows, many=True).data)

    @extend_schema(request=MoveRequestSerializer, responses=MadeMoveSerializer)
    def post(self, request: Request, number: str) -> Response:
        case, actor = get_case(request, number)
        wanted = MoveRequestSerializer(data=request.data)
        if not wanted.is_valid():
            raise Incomplete(wanted.errors)
        action, seen = wanted.validated_data["action"], wanted.validated_data["seen"]
        try:
            services.check(case, action, actor=actor, seen=seen)
            data = move_data(case, action, request.data)
            moved = services.perform(case.pk, action, actor=actor, seen=seen, **data)
        except MoveRefused as refused:
            raise as_api_error(refused) from refused
        return Response(MadeMoveSerializer(moved).data)


def possible(case: Application, action: str) -> dict[str, Any]:
    """A move with its label, what it needs and the ``seen`` to send along."""
    declared = machine.custom(action, case.state)
    return {
        "action": action,
        "label": declared["label"],
        "needs": list(declared.get("needs", ())),
        "final": declared.get("final", False),
        "seen": case.seen,
    }


def move_data(case: Application, action: str, body: Any) -> dict[str, Any]:
    """The move's data, validated by the form the pages use; raises Incomplete with the fields."""
    if action == "ask_correction":
        return {"items": _items(case, body.get("items"))}
    form = form_for(case, action, body)
    if not form.is_valid():
        raise Incomplete(form.errors)
    return form.move_data()


def _items(case: Application, items: Any) -> list[dict[str, str]]:
    targets = correction_targets(case)
    if not isinstance(items, list) or not items:
        raise Incomplete({"items": ["请列出全部需要补正的内容：[{target, problem, remedy}]。"]})
    result = []
    for item in items:
        target = item.get("target") if isinstance(item, dict) else None
        if target not in targets or not str(item.get("problem", "")).strip():
            raise Incomplete({"items": [f"每一项要有 target（{'、'.join(targets)} 之一）和 problem。"]})
        result.append(
            {
                "target": target,
                "label": targets[target],
                "problem": str(item["problem"]).strip(),
                "remedy": str(item.get("remedy", "")).strip(),
            }
        )
    return result
