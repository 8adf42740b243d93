"""The holder's interface: licences, beginning a renewal or a change, asking for cancellation."""

import uuid
from typing import Any

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from applications import actors, licence_drafts, licence_queries, licence_requests
from applications.api import applicant_licence_serializers as shapes
from applications.api import applicant_serializers
from applications.api.applicant import REFUSALS, shown, user_of
from applications.api.refusals import as_api_error, checked
from applications.drafts import Applicant
from applications.errors import MoveRefused
from applications.models import Licence


def get_licence(request: Request, uid: uuid.UUID) -> Licence:
    """The caller's own licence; 404 alike for a foreign and an unknown one."""
    found = licence_queries.open_to(user_of(request)).filter(uid=uid).first()
    if found is None:
        raise Http404
    return found


class MyLicences(GenericAPIView[Licence]):
    """The caller's licences, in all names; those that end first at the top."""

    serializer_class = shapes.HeldLicenceSerializer
    filter_backends: list[Any] = []
    queryset = Licence.objects.none()

    @extend_schema(summary="我的证照", responses=shapes.HeldLicenceSerializer(many=True))
    def get(self, request: Request) -> Response:
        rows = licence_queries.soonest_first(licence_queries.open_to(user_of(request)), timezone.localdate())
        page = self.paginate_queryset(rows)
        return self.get_paginated_response(self.get_serializer(page, many=True).data)


class MyLicence(APIView):
    """One licence with its history."""

    @extend_schema(summary="我的一份证照", responses=shapes.HeldLicenceDetailSerializer)
    def get(self, request: Request, uid: uuid.UUID) -> Response:
        return Response(shapes.HeldLicenceDetailSerializer(get_licence(request, uid)).data)


class About(APIView):
    """Begin the renewal or the change; what was begun before is answered again."""

    @extend_schema(
        summary="申请延续或变更",
        request=shapes.AboutSerializer,
        responses={201: applicant_serializers.MyCaseSerializer, **REFUSALS},
    )
    def post(self, request: Request, uid: uuid.UUID) -> Response:
        licence = get_licence(request, uid)
        wanted = checked(shapes.AboutSerializer(data=request.data))
        user = user_of(request)
        holder = Applicant(user, user.person, licence.application.enterprise)
        try:
            if wanted["purpose"] == "renewal":
                draft = licence_drafts.renew(holder, licence)
            else:
                draft = licence_drafts.change(holder, licence, wanted["change"])
        except MoveRefused as refused:
            raise as_api_error(refused) from refused
        return Response(shown(draft), status=201)


class Cancellation(APIView):
    """Ask the organ to cancel the licence."""

    @extend_schema(
        summary="申请注销证照",
        request=shapes.CancellationSerializer,
        responses={201: applicant_serializers.MyRequestSerializer, **REFUSALS},
    )
    def post(self, request: Request, uid: uuid.UUID) -> Response:
        licence = get_licence(request, uid)
        wanted = checked(shapes.CancellationSerializer(data=request.data))
        try:
            asked = licence_requests.ask(licence, actor=actors.applicant(user_of(request)), reason=wanted["reason"])
        except MoveRefused as refused:
            raise as_api_error(refused) from refused
        return Response(applicant_serializers.MyRequestSerializer(asked).data, status=201)
