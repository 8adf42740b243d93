"""The status query for programs: number and code in the body, so that they stay out of addresses and logs."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import OpenApiResponse, PolymorphicProxySerializer, extend_schema
from rest_framework import permissions, serializers
from rest_framework.exceptions import Throttled
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from applications import public_status
from applications.api.refusals import Incomplete
from applications.joint import public_status as joint_status
from identity import rate


class StatusQuerySerializer(serializers.Serializer[Any]):
    """The two lines of the receipt, in any spelling."""

    number = serializers.CharField(max_length=200, error_messages={"required": "请给出办件编号 number。"})
    code = serializers.CharField(max_length=200, error_messages={"required": "请给出查询码 code。"})


class PublicLimitSerializer(serializers.Serializer[Any]):
    """One running limit."""

    kind = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    due = serializers.DateField()
    provisional = serializers.BooleanField()


class PublicActSerializer(serializers.Serializer[Any]):
    """One act of the timeline."""

    action = serializers.CharField()
    title = serializers.CharField()
    at = serializers.DateTimeField()
    note = serializers.CharField()


class PublicStatusSerializer(serializers.Serializer[Any]):
    """What the public may know of a case; natural persons appear as 张*."""

    number = serializers.CharField()
    matter = serializers.CharField()
    department = serializers.CharField()
    phone = serializers.CharField()
    applicant = serializers.CharField()
    state = serializers.CharField()
    state_label = serializers.CharField()
    submitted_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    limits = PublicLimitSerializer(many=True)
    timeline = PublicActSerializer(many=True)


class JointMemberStatusSerializer(serializers.Serializer[Any]):
    """One matter of a package."""

    matter = serializers.CharField()
    department = serializers.CharField()
    state = serializers.CharField()
    state_label = serializers.CharField()
    due = serializers.DateField(allow_null=True)


class JointStatusSerializer(serializers.Serializer[Any]):
    """What the public may know of a joint case (一件事); ``due`` is the joint promise."""

    number = serializers.CharField()
    name = serializers.CharField()
    lead = serializers.CharField()
    phone = serializers.CharField()
    applicant = serializers.CharField()
    state_label = serializers.CharField()
    submitted_at = serializers.DateTimeField(allow_null=True)
    due = serializers.DateField(allow_null=True)
    members = JointMemberStatusSerializer(many=True)


class StatusThrottle(BaseThrottle):
    """Ten tries in ten minutes for one address, shared with the page."""

    seconds = 0

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Count this try."""
        self.seconds = rate.hit("status-address", rate.client_address(request._request))
        return not self.seconds

    def wait(self) -> float:
        """Seconds until the next window."""
        return self.seconds


class PublicStatus(APIView):
    """Where a case stands, for whoever holds its number and query code; 404 alike for a wrong number and a wrong code."""

    authentication_classes = []
    permission_classes = [permissions.AllowAny]
    throttle_classes = [StatusThrottle]

    @extend_schema(
        summary="查办件进度",
        auth=[],
        request=StatusQuerySerializer,
        responses={
            200: PolymorphicProxySerializer(
                component_name="StatusOfCaseOrPackage",
                serializers=[PublicStatusSerializer, JointStatusSerializer],
                resource_type_field_name=None,
            ),
            404: OpenApiResponse(description="编号或查询码不对"),
            429: OpenApiResponse(description="查询次数太多"),
        },
    )
    def post(self, request: Request) -> Response:
        wanted = StatusQuerySerializer(data=request.data)
        if not wanted.is_valid():
            raise Incomplete(wanted.errors)
        number, code = wanted.validated_data["number"], wanted.validated_data["code"]
        wait = rate.hit("status-number", public_status.understood(number, "")[0])
        if wait:
            raise Throttled(wait=wait)
        found = public_status.find(number, code)
        if found is not None:
            return Response(PublicStatusSerializer(found).data)
        joint = joint_status.find(number, code)
        if joint is None:
            raise Http404
        return Response(JointStatusSerializer(joint).data)
