"""The applicants' interface to joint cases (一件事): begin, fill the one form, hand in the shared papers, submit, read."""

import uuid
from functools import partial
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from applications import actors
from applications.api import applicant_joint_serializers as shapes
from applications.api.answers import sent_part
from applications.api.applicant import REFUSALS, applicant_for, user_of
from applications.api.applicant_serializers import SectionSerializer, SituationAnswersSerializer
from applications.api.refusals import Conflict, Incomplete, as_api_error, checked
from applications.api.taking import FileView
from applications.errors import MoveRefused
from applications.joint import drafts, filing, opening, papers, queries, withdrawing
from applications.models import Application, JointCase
from matters.joint import queries as package_queries


def get_joint(request: Request, uid: uuid.UUID) -> JointCase:
    """The caller's own joint case; 404 alike for a foreign and an unknown one."""
    joint = queries.open_to(user_of(request)).filter(uid=uid).first()
    if joint is None:
        raise Http404
    return joint


def shown(joint: JointCase) -> dict[str, Any]:
    """The whole joint case as its owner sees it."""
    missing = filing.problems_of(joint, timezone.now()) if joint.is_draft else {}
    return dict(shapes.MyJointSerializer(joint, context={"missing": missing}).data)


class Joints(GenericAPIView[JointCase]):
    """The caller's joint cases, in all names; begin a new one."""

    serializer_class = shapes.MyJointListSerializer
    filter_backends: list[Any] = []
    queryset = JointCase.objects.none()

    @extend_schema(summary="我的联办件", responses=shapes.MyJointListSerializer(many=True))
    def get(self, request: Request) -> Response:
        page = self.paginate_queryset(self._rows(request))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def _rows(self, request: Request) -> QuerySet[JointCase]:
        return queries.in_lists(queries.open_to(user_of(request)).order_by("-id"))

    @extend_schema(
        summary="开始一份联合申请",
        request=shapes.BeginJointSerializer,
        responses={200: shapes.MyJointSerializer, 201: shapes.MyJointSerializer, **REFUSALS},
    )
    def post(self, request: Request) -> Response:
        wanted = checked(shapes.BeginJointSerializer(data=request.data))
        package = package_queries.get_published(wanted["package"])
        if package is None or package.current is None:
            raise Incomplete({"package": ["没有这个“一件事”。"]})
        applicant = applicant_for(user_of(request), wanted.get("enterprise"))
        codes = [*opening.obligatory(package.current.package), *wanted["members"]]
        closed = opening.closed_because(package, codes, timezone.now())
        if closed:
            raise Conflict(closed, code="closed")
        unfit = opening.unfit_because(opening.members(codes), applicant)
        if unfit:
            raise Incomplete({"enterprise": [unfit]})
        try:
            if wanted["again"]:
                joint, is_new = drafts.begin(applicant, package, codes), True
            else:
                joint, is_new = drafts.begin_once(applicant, package, codes)
        except MoveRefused as refused:
            raise as_api_error(refused) from refused
        return Response(shown(joint), status=201 if is_new else 200)


class Joint(APIView):
    """One joint case; a draft may be thrown away."""

    @extend_schema(summary="一件联办件", responses=shapes.MyJointSerializer)
    def get(self, request: Request, uid: uuid.UUID) -> Response:
        return Response(shown(get_joint(request, uid)))

    @extend_schema(summary="删除联合申请的草稿", responses={204: None, **REFUSALS})
    def delete(self, request: Request, uid: uuid.UUID) -> Response:
        try:
            drafts.discard(get_joint(request, uid))
        except MoveRefused as refused:
            raise as_api_error(refused) from refused
        return Response(status=204)


class JointSituation(APIView):
    """The answers about the applicant's situation for one member."""

    @extend_schema(
        summary="回答一个成员事项的情形问题",
        request=SituationAnswersSerializer,
        responses={200: shapes.MyJointSerializer, **REFUSALS},
    )
    def put(self, request: Request, uid: uuid.UUID, code: str) -> Response:
        joint = get_joint(request, uid)
        given = checked(SituationAnswersSerializer(data=request.data))["situation"]
        try:
            drafts.set_situation(joint, _member(joint, code), given)
        except MoveRefused as refused:
            raise as_api_error(refused) from refused
        return Response(shown(get_joint(request, uid)))


def _member(joint: JointCase, code: str) -> Application:
    for child in papers.children_of(joint):
        if child.matter.code == code:
            return child
    raise Http404


class JointSection(APIView):
    """The answers of one part of the joint form."""

    @extend_schema(
        summary="填写联合申请表的一部分",
        request=SectionSerializer,
        responses={200: shapes.MyJointSerializer, **REFUSALS},
    )
    def patch(self, request: Request, uid: uuid.UUID, key: str) -> Response:
        joint = get_joint(request, uid)
        clean = sent_part(request, joint.package.form, joint.answers, key)
        try:
            drafts.save_section(joint, key, clean, complete=True)
        except MoveRefused as refused:
            raise as_api_error(refused) from refused
        return Response(shown(get_joint(request, uid)))


class JointFiles(FileView):
    """Hand in one file of one paper, for every member that wants it."""

    @extend_schema(
        summary="上传一份共用的材料",
        request={"multipart/form-data": shapes.UploadPaperSerializer},
        responses={201: shapes.PaperSerializer, 413: OpenApiResponse(description="文件太大"), **REFUSALS},
    )
    def post(self, request: Request, uid: uuid.UUID) -> Response:
        joint = get_joint(request, uid)
        held = self.taken(request, partial(_add, joint))
        return Response(shapes.PaperSerializer(held).data, status=201)


def _add(joint: JointCase, key: str, file: UploadedFile) -> papers.Paper:
    papers.add(joint, key, file)
    return papers.paper(joint, key)


class JointFile(APIView):
    """Take a file back from every member."""

    @extend_schema(summary="删除一份共用的材料", responses={204: None, **REFUSALS})
    def delete(self, request: Request, uid: uuid.UUID, key: str, sha256: str) -> Response:
        try:
            papers.remove(get_joint(request, uid), key, sha256)
        except MoveRefused as refused:
            raise as_api_error(refused) from refused
        return Response(status=204)


class JointSubmission(APIView):
    """File every member at once. Sent twice, the second answer is the same joint case and nothing happens again."""

    @extend_schema(
        summary="提交联合申请",
        request=shapes.DeclareJointSerializer,
        responses={200: shapes.MyJointSerializer, **REFUSALS},
    )
    def post(self, request: Request, uid: uuid.UUID) -> Response:
        joint = get_joint(request, uid)
        said = checked(shapes.DeclareJointSerializer(data=request.data))
        if not joint.is_draft:
            return Response(shown(joint))
        closed = opening.closed_because(joint.version.joint, joint.codes, timezone.now())
        if closed:
            raise Conflict(closed, code="closed")
        try:
            if drafts.renew(joint):
                joint = get_joint(request, uid)
            filing.submit(joint, actor=actors.applicant(user_of(request)), **said)
        except MoveRefused as refused:
            raise as_api_error(refused) from refused
        return Response(shown(get_joint(request, uid)))


class JointWithdrawal(APIView):
    """Ask every department that has not decided to take the application back."""

    @extend_schema(
        summary="全部撤回", request=shapes.WithdrawSerializer, responses={200: shapes.MyJointSerializer, **REFUSALS}
    )
    def post(self, request: Request, uid: uuid.UUID) -> Response:
        joint = get_joint(request, uid)
        reason = checked(shapes.WithdrawSerializer(data=request.data))["reason"]
        try:
            withdrawing.withdraw_all(joint, actor=actors.applicant(user_of(request)), reason=reason)
        except MoveRefused as refused:
            raise as_api_error(refused) from refused
        return Response(shown(get_joint(request, uid)))
