"""The coordinators' interface: the joint cases that the caller's departments lead, and one of them as a whole."""

from typing import Any

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from applications.api.joint_limit import JointLimitSerializer, limit_of
from applications.api.staff import NOT_FOUND, officer
from applications.joint import papers, queries, standing
from applications.models import Application, JointCase
from matters import calendar


class LedJointSerializer(serializers.ModelSerializer[JointCase]):
    """One row of the lead department's list."""

    name = serializers.CharField(source="version.joint.name", read_only=True)
    state_label = serializers.SerializerMethodField()

    class Meta:
        model = JointCase
        fields = ("number", "name", "applicant_name", "submitted_at", "state_label")

    def get_state_label(self, joint: JointCase) -> str:
        return standing.words(list(joint.children.all()))


class JointMemberSerializer(serializers.Serializer[Any]):
    """A member with its light."""

    number = serializers.CharField(source="case.number")
    matter = serializers.CharField(source="case.matter.name")
    department = serializers.CharField(source="case.department.name")
    state = serializers.CharField(source="case.state")
    state_label = serializers.CharField(source="case.state_label")
    light = serializers.CharField()
    word = serializers.CharField()
    next_due = serializers.DateField(source="case.next_due", allow_null=True)


class JointWholeSerializer(LedJointSerializer):
    """The whole, without what only the members' departments see."""

    members = serializers.SerializerMethodField()
    limit = serializers.SerializerMethodField()

    class Meta(LedJointSerializer.Meta):
        fields = (*LedJointSerializer.Meta.fields, "members", "limit")  # type: ignore[assignment]

    @extend_schema_field(JointMemberSerializer(many=True))
    def get_members(self, joint: JointCase) -> Any:
        children: list[Application] = papers.children_of(joint)
        rows = standing.lights(children, timezone.localdate(), calendar.current())
        return JointMemberSerializer(rows, many=True).data

    @extend_schema_field(JointLimitSerializer)
    def get_limit(self, joint: JointCase) -> Any:
        return limit_of(joint)


class JointList(ListAPIView[JointCase]):
    """The joint cases that the caller's departments lead, newest first."""

    serializer_class = LedJointSerializer
    filter_backends: list[Any] = []
    queryset = JointCase.objects.none()

    def get_queryset(self) -> Any:
        return queries.in_lists(queries.led_by(officer(self.request)))


class JointWhole(APIView):
    """One joint case as a whole."""

    @extend_schema(summary="一件联办件", responses={200: JointWholeSerializer, **NOT_FOUND})
    def get(self, request: Request, number: str) -> Response:
        joint = queries.led_by(officer(request)).filter(number=number).first()
        if joint is None:
            raise Http404
        return Response(JointWholeSerializer(joint).data)
