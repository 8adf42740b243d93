"""The window by program: begin, fill in, scan, file; and what applicants ask in person. The same checks as on the pages."""

import uuid
from functools import partial
from typing import Any

from django.db import transaction
from django.http import Http404
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from applications import drafts, queries, uploads
from applications.actors import Actor
from applications.api import staff_counter_serializers as shapes
from applications.api.answers import clean_parts
from applications.api.refusals import Incomplete, as_api_error
from applications.api.staff import NOT_FOUND, REFUSED, get_case, officer
from applications.api.staff_moves import flat
from applications.api.staff_serializers import MadeMoveSerializer, MaterialSerializer
from applications.api.taking import FileView
from applications.counter import asking, filing, papers
from applications.counter.visitors import Visitor
from applications.errors import MoveRefused
from applications.forms.counter import IdentityForm
from applications.models import Application
from identity.acting import signed_in


def get_draft(request: Request, uid: uuid.UUID) -> tuple[Application, Actor]:
    """A draft of this clerk's windows; 404 alike for a foreign, a filed and an unknown one."""
    actor = officer(request)
    case = queries.counter_drafts(actor).select_related("matter", "guide_version", "counter").filter(uid=uid).first()
    if case is None:
        raise Http404
    return case, actor


def valid(serializer: Any) -> dict[str, Any]:
    """The valid data of a request; 422 with sentences by field otherwise."""
    if not serializer.is_valid():
        raise Incomplete(flat(serializer.errors))
    return dict(serializer.validated_data)


def visitor_of(sent: dict[str, Any]) -> Visitor:
    """Who came, judged by the form of the page; 422 names the fields."""
    form = IdentityForm(sent["kind"], {name: value for name, value in sent.items() if value not in ("", False)})
    if not form.is_valid():
        raise Incomplete({name: [str(one) for one in sentences] for name, sentences in form.errors.items()})
    return form.visitor()


def fill_in(case: Application, sent: dict[str, Any], actor: Actor) -> None:
    """Keep the parts of the form and the notes on paper; 422 for what the form does not take."""
    answers = clean_parts(case.guide_version.form, case.answers, sent.get("answers", {}))
    for key, clean in answers.items():
        drafts.save_section(case, key, clean, complete=True)
    for row in sent.get("presented", []):
        papers.note(case, actor=actor, **row)


class Filings(APIView):
    """Begin for somebody who came; file at once when everything is there."""

    @extend_schema(
        summary="窗口收件：代为填写，可以立即提交",
        request=shapes.BeginAtWindowSerializer,
        responses={201: shapes.AtWindowSerializer, **REFUSED},
    )
    def post(self, request: Request) -> Response:
        sent = valid(shapes.BeginAtWindowSerializer(data=request.data))
        clerk, actor = signed_in(request), officer(request)
        matter = filing.matters_for(actor).filter(code=sent["matter"]).first()
        if matter is None:
            raise Incomplete({"matter": ["没有这个事项，或者它不由您的窗口收件。"]})
        visitor = visitor_of(sent["visitor"])
        try:
            with transaction.atomic():  # a program that is refused leaves no half-filled draft behind
                case = filing.begin(clerk, matter, visitor, sent.get("situation"))
                fill_in(case, sent, actor)
                if sent["submit"]:
                    case = filing.submit(case, clerk, seen=case.seen, declared=sent["declared"])
        except MoveRefused as refused:
            raise as_api_error(refused) from refused
        return Response(shapes.AtWindowSerializer(case).data, status=201)


class Filing(APIView):
    """One draft: look, go on filling in, throw away."""

    @extend_schema(summary="窗口的一份草稿", responses={200: shapes.AtWindowSerializer, **NOT_FOUND})
    def get(self, request: Request, uid: uuid.UUID) -> Response:
        return Response(shapes.AtWindowSerializer(get_draft(request, uid)[0]).data)

    @extend_schema(
        summary="接着填写窗口的草稿",
        request=shapes.FillAtWindowSerializer,
        responses={200: shapes.AtWindowSerializer, **REFUSED},
    )
    def patch(self, request: Request, uid: uuid.UUID) -> Response:
        case, actor = get_draft(request, uid)
        sent = valid(shapes.FillAtWindowSerializer(data=request.data))
        try:
            with transaction.atomic():
                if "situation" in sent:
                    drafts.set_situation(case, sent["situation"])
                fill_in(case, sent, actor)
        except MoveRefused as refused:
            raise as_api_error(refused) from refused
        return Response(shapes.AtWindowSerializer(get_draft(request, uid)[0]).data)

    @extend_schema(summary="删除窗口的草稿", responses={204: None, **REFUSED})
    def delete(self, request: Request, uid: uuid.UUID) -> Response:
        try:
            drafts.discard(get_draft(request, uid)[0])
        except MoveRefused as refused:
            raise as_api_error(refused) from refused
        return Response(status=204)


class Scans(FileView):
    """Hand in one scanned file."""

    @extend_schema(
        summary="扫描一份材料",
        request={"multipart/form-data": shapes.ScanSerializer},
        responses={201: MaterialSerializer, 413: OpenApiResponse(description="文件太大"), **REFUSED},
    )
    def post(self, request: Request, uid: uuid.UUID) -> Response:
        case, _ = get_draft(request, uid)
        row = self.taken(request, partial(uploads.add, case))
        return Response(MaterialSerializer(row).data, status=201)


class Submission(APIView):
    """File it and receive it at once."""

    @extend_schema(
        summary="提交窗口的草稿并收件",
        request=shapes.FileAtWindowSerializer,
        responses={200: shapes.AtWindowSerializer, **REFUSED},
    )
    def post(self, request: Request, uid: uuid.UUID) -> Response:
        case, _ = get_draft(request, uid)
        sent = valid(shapes.FileAtWindowSerializer(data=request.data))
        try:
            filed = filing.submit(case, signed_in(request), **sent)
        except MoveRefused as refused:
            raise as_api_error(refused) from refused
        return Response(shapes.AtWindowSerializer(filed).data)


class Asked(APIView):
    """What the applicant asks in person: hand in the correction (paper in ``presented``) or what is owed, withdraw."""

    @extend_schema(
        summary="申请人到窗口提交补正、补交材料或撤回",
        request=shapes.AskAtWindowSerializer,
        responses={200: MadeMoveSerializer, **REFUSED},
    )
    def post(self, request: Request, number: str) -> Response:
        case, actor = get_case(request, number)
        sent = valid(shapes.AskAtWindowSerializer(data=request.data))
        act = {"supplement": asking.supplement, "supply_owed": asking.supply_owed, "withdraw": asking.withdraw}
        try:
            with transaction.atomic():
                for row in sent.get("presented", []):
                    papers.note(case, actor=actor, **row)
                act[sent["action"]](case, actor=actor, seen=sent["seen"], reason=sent["reason"])
        except MoveRefused as refused:
            raise as_api_error(refused) from refused
        case.refresh_from_db()
        return Response(MadeMoveSerializer(case).data)
