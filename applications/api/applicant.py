"""The applicants' interface: drafts, materials, submission, and what is asked of a running case."""

import uuid
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.exceptions import PermissionDenied
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from applications import actors, corrections, drafts, opening, queries, requests, supplying, uploads
from applications.api import applicant_serializers as shapes
from applications.api.answers import sent_part
from applications.api.refusals import Conflict, Incomplete, as_api_error, checked
from applications.api.taking import FileView
from applications.drafts import Applicant
from applications.errors import MoveRefused
from applications.models import Application
from applications.states import State
from identity.acting import agencies_of
from identity.models import Person, User
from matters.models import Matter

REFUSALS = {409: OpenApiResponse(description="现在不能这样做"), 422: OpenApiResponse(description="内容不完整或不对")}


def user_of(request: Request) -> User:
    """The applicant who calls."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def get_case(request: Request, uid: uuid.UUID) -> Application:
    """The caller's own case; 404 alike for a foreign and an unknown one."""
    rows = queries.open_to(user_of(request)).select_related("matter__current").prefetch_related("corrections")
    case = rows.filter(uid=uid).first()
    if case is None:
        raise Http404
    return case


def shown(case: Application) -> dict[str, Any]:
    """The whole case as its owner sees it."""
    missing = drafts.missing(case) if case.is_draft else {}
    if corrections.is_open(case):
        missing = corrections.missing(case)
    return dict(shapes.MyCaseSerializer(case, context={"missing": missing}).data)


def applicant_for(user: User, enterprise: uuid.UUID | None) -> Applicant:
    """In whose name the caller asks: their own, or an enterprise's they act for (422 for a foreign one)."""
    person = Person.objects.filter(user=user).first()
    if person is None:
        raise PermissionDenied("这个账号没有实名信息，不能以申请人身份办事。")
    if enterprise is None:
        return Applicant(user, person)
    agency = agencies_of(user).filter(enterprise__uid=enterprise).first()
    if agency is None:
        raise Incomplete({"enterprise": ["您不是这家单位的经办人。"]})
    return Applicant(user, person, agency.enterprise)


class Cases(GenericAPIView[Application]):
    """The caller's cases, in all names; begin a new one."""

    serializer_class = shapes.MyCaseListSerializer
    filter_backends: list[Any] = []
    queryset = Application.objects.none()

    @extend_schema(
        summary="我的办件",
        parameters=[
            OpenApiParameter("state", str, enum=[state.value for state in State], description="只要这一状态的"),
            OpenApiParameter("enterprise", uuid.UUID, description="只要这个单位的"),
        ],
        responses=shapes.MyCaseListSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        page = self.paginate_queryset(self._rows(request))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def _rows(self, request: Request) -> QuerySet[Application]:
        rows = queries.open_to(user_of(request)).defer(*queries.LIST_FIELDS_DEFERRED).order_by("-id")
        state, enterprise = request.query_params.get("state"), request.query_params.get("enterprise")
        if state:
            rows = rows.filter(state=state)
        if enterprise:
            try:
                rows = rows.filter(enterprise__uid=uuid.UUID(enterprise))
            except ValueError as error:
                raise Incomplete({"enterprise": ["单位的标识不对。"]}) from error
        return rows

    @extend_schema(
        summary="开始一份申请",
        request=shapes.BeginSerializer,
        responses={200: shapes.MyCaseSerializer, 201: shapes.MyCaseSerializer, **REFUSALS},
    )
    def post(self, request: Request) -> Response:
        wanted = checked(shapes.BeginSerializer(data=request.data))
        matter = Matter.objects.select_related("current", "department").filter(code=wanted["matter"]).first()
        if matter is None:
            raise Incomplete({"matter": ["没有这个事项。"]})
        applicant = applicant_for(user_of(request), wanted.get("enterprise"))
        closed = opening.closed_because(matter, timezone.now())
        if closed or matter.current is None:
            raise Conflict(closed, code="closed")
        unfit = opening.unfit_because(matter.current.header, applicant)
        if unfit:
            raise Incomplete({"enterprise": [unfit]})
        try:
            known = wanted.get("situation")
            if wanted["again"]:
                again = (drafts.begin(applicant, matter, known), True)
            else:
                again = drafts.begin_once(applicant, matter, known)
        except MoveRefused as refused:
            raise as_api_error(refused) from refused
        return Response(shown(again[0]), status=201 if again[1] else 200)


class Case(APIView):
    """One case; a draft may be thrown away."""

    @extend_schema(summary="一件申请", responses=shapes.MyCaseSerializer)
    def get(self, request: Request, uid: uuid.UUID) -> Response:
        return Response(shown(get_case(request, uid)))

    @extend_schema(summary="删除草稿", responses={204: None, **REFUSALS})
    def delete(self, request: Request, uid: uuid.UUID) -> Response:
        try:
            drafts.discard(get_case(request, uid))
        except MoveRefused as refused:
            raise as_api_error(refused) from refused
        return Response(status=204)


class Situation(APIView):
    """The answers about the applicant's situation, by which the draft's materials and steps are chosen."""

    @extend_schema(
        summary="回答情形导办的问题",
        request=shapes.SituationAnswersSerializer,
        responses={200: shapes.MyCaseSerializer, **REFUSALS},
    )
    def put(self, request: Request, uid: uuid.UUID) -> Response:
        case = get_case(request, uid)
        given = checked(shapes.SituationAnswersSerializer(data=request.data))["situation"]
        try:
            drafts.set_situation(case, given)
        except MoveRefused as refused:
            raise as_api_error(refused) from refused
        return Response(shown(get_case(request, uid)))


class SectionAnswers(APIView):
    """The answers of one part of a draft, or of a part that the correction notice names."""

    @extend_schema(
        summary="填写申请表的一部分",
        request=shapes.SectionSerializer,
        responses={200: shapes.MyCaseSerializer, **REFUSALS},
    )
    def patch(self, request: Request, uid: uuid.UUID, key: str) -> Response:
        case = get_case(request, uid)
        answers = case.answers if case.is_draft else corrections.corrected_answers(case)
        clean = sent_part(request, case.guide_version.form, answers, key)
        try:
            if case.is_draft:
                drafts.save_section(case, key, clean, complete=True)
            else:
                corrections.save_part(case, key, clean)
        except MoveRefused as refused:
            raise as_api_error(refused) from refused
        return Response(shown(get_case(request, uid)))


class Files(FileView):
    """Hand in one file."""

    @extend_schema(
        summary="上传一份材料",
        request={"multipart/form-data": shapes.UploadSerializer},
        responses={201: shapes.MyMaterialSerializer, 413: OpenApiResponse(description="文件太大"), **REFUSALS},
    )
    def post(self, request: Request, uid: uuid.UUID) -> Response:
        case = get_case(request, uid)
        row = self.taken(request, partial(uploads.add, case))
        return Response(shapes.MyMaterialSerializer(row).data, status=201)


class File(APIView):
    """Take a file back that has not left yet."""

    @extend_schema(summary="删除一份材料", responses={204: None, **REFUSALS})
    def delete(self, request: Request, uid: uuid.UUID, pk: int) -> Response:
        case = get_case(request, uid)
        if not case.materials.filter(pk=pk).exists():
            raise Http404
        try:
            uploads.remove(case, pk)
        except MoveRefused as refused:
            raise as_api_error(refused) from refused
        return Response(status=204)


class Submission(APIView):
    """File the application. Sent twice, the second answer is the same case and nothing happens again."""

    @extend_schema(
        summary="提交申请", request=shapes.DeclareSerializer, responses={200: shapes.MyCaseSerializer, **REFUSALS}
    )
    def post(self, request: Request, uid: uuid.UUID) -> Response:
        case = get_case(request, uid)
        said = checked(shapes.DeclareSerializer(data=request.data))
        if not case.is_draft:
            return Response(shown(case))
        closed = opening.closed_because(case.matter, timezone.now())
        if closed:
            raise Conflict(closed, code="closed")
        try:
            drafts.renew_guide(case)
            drafts.submit(
                case,
                actor=actors.applicant(user_of(request)),
                seen=case.seen,
                declared=said["declared"],
                way=said["way"],
                deferral_agreed=said["deferral_agreed"],
                postal=said["postal"],
            )
        except MoveRefused as refused:
            raise as_api_error(refused) from refused
        return Response(shown(get_case(request, uid)))


class Asking(APIView):
    """Withdraw, or send the supplement: its parts and files were handed in before."""

    @extend_schema(
        summary="撤回或提交补正", request=shapes.AskSerializer, responses={201: shapes.MyRequestSerializer, **REFUSALS}
    )
    def post(self, request: Request, uid: uuid.UUID) -> Response:
        case = get_case(request, uid)
        wanted = checked(shapes.AskSerializer(data=request.data))
        actor = actors.applicant(user_of(request))
        try:
            if wanted["action"] == "supplement":
                asked = corrections.send(case, actor=actor, reason=wanted["reason"])
            elif wanted["action"] == "supply_owed":
                asked = supplying.send(case, actor=actor, reason=wanted["reason"])
            else:
                asked = requests.ask(case, wanted["action"], actor=actor, reason=wanted["reason"])
        except MoveRefused as refused:
            raise as_api_error(refused) from refused
        return Response(shapes.MyRequestSerializer(asked).data, status=201)
