"""Countersignatures and handing over, for officers' programs."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from applications import claims, countersigning
from applications.api.refusals import Incomplete, as_api_error, checked
from applications.api.staff import NOT_FOUND, REFUSED, get_case
from applications.errors import MoveRefused
from applications.models import Countersign
from identity.models import User


class CountersignSerializer(serializers.ModelSerializer[Countersign]):
    """Who was asked what, and what came back; ``verdict`` is empty while it is waited for."""

    signer = serializers.CharField(source="signer.username", read_only=True)
    signer_name = serializers.CharField(source="signer.display_name", read_only=True)

    class Meta:
        model = Countersign
        fields = (
            "id",
            "signer",
            "signer_name",
            "question",
            "asked_by",
            "asked_at",
            "verdict",
            "opinion",
            "answered_at",
        )


class AskSerializer(serializers.Serializer[Any]):
    """Whom to ask (user name) and what."""

    signer = serializers.CharField()
    question = serializers.CharField(max_length=2000)


class SignSerializer(serializers.Serializer[Any]):
    """``agrees`` or ``disagrees``, with the opinion."""

    verdict = serializers.CharField()
    opinion = serializers.CharField(max_length=2000)


class HandOverSerializer(serializers.Serializer[Any]):
    """To whom (user name) and why."""

    colleague = serializers.CharField()
    reason = serializers.CharField(max_length=2000)


class Countersigns(APIView):
    """The countersignatures of a case; ask for one."""

    @extend_schema(summary="会签情况", responses={200: CountersignSerializer(many=True), **NOT_FOUND})
    def get(self, request: Request, number: str) -> Response:
        case, _ = get_case(request, number)
        return Response(CountersignSerializer(case.countersigns.select_related("signer"), many=True).data)

    @extend_schema(summary="请人会签", request=AskSerializer, responses={201: CountersignSerializer, **REFUSED})
    def post(self, request: Request, number: str) -> Response:
        case, actor = get_case(request, number)
        wanted = checked(AskSerializer(data=request.data))
        try:
            made = countersigning.ask(case, actor, **wanted)
        except MoveRefused as refused:
            raise as_api_error(refused) from refused
        return Response(CountersignSerializer(made).data, status=201)


class Signature(APIView):
    """Give the opinion that one was asked for."""

    @extend_schema(summary="会签", request=SignSerializer, responses={200: CountersignSerializer, **REFUSED})
    def post(self, request: Request, number: str) -> Response:
        case, actor = get_case(request, number)
        wanted = checked(SignSerializer(data=request.data))
        try:
            made = countersigning.sign(case, actor, **wanted)
        except MoveRefused as refused:
            raise as_api_error(refused) from refused
        return Response(CountersignSerializer(made).data)


class HandOver(APIView):
    """Hand the case over to a colleague."""

    @extend_schema(summary="移交给同事", request=HandOverSerializer, responses={204: None, **REFUSED})
    def post(self, request: Request, number: str) -> Response:
        case, actor = get_case(request, number)
        wanted = checked(HandOverSerializer(data=request.data))
        colleague = User.objects.filter(username=wanted["colleague"], is_active=True).first()
        if colleague is None:
            raise Incomplete({"colleague": ["没有这位工作人员。"]})
        try:
            claims.hand_over(case, actor, colleague, reason=wanted["reason"])
        except MoveRefused as refused:
            raise as_api_error(refused) from refused
        return Response(status=204)
