"""Rating one's own case, and the published figures, for programs."""

import uuid
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import permissions, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from applications import actors, statistics
from applications.api.applicant import REFUSALS, checked, get_case, user_of
from applications.api.refusals import as_api_error
from applications.errors import MoveRefused
from applications.models.rating import Grade
from applications.ratings import giving
from identity.numbers import clean_callback


class RatingSerializer(serializers.Serializer[Any]):
    """1 is very satisfied, 5 very dissatisfied; ``aspects`` from the keys of the page, same grades."""

    grade = serializers.ChoiceField(choices=Grade.choices)
    aspects = serializers.DictField(child=serializers.ChoiceField(choices=Grade.choices), default=dict)
    text = serializers.CharField(max_length=1000, allow_blank=True, default="")
    contact_name = serializers.CharField(max_length=50, allow_blank=True, default="")
    contact_phone = serializers.CharField(max_length=20, allow_blank=True, default="")

    def validate_contact_phone(self, value: str) -> str:
        """A number that can be called, or none."""
        return clean_callback(value)


class GivenSerializer(serializers.Serializer[Any]):
    """A rating that was taken."""

    uid = serializers.UUIDField()
    grade = serializers.IntegerField()
    given_at = serializers.DateTimeField()


class Rate(APIView):
    """Rate a case after its end, once."""

    @extend_schema(summary="评价办结的申请", request=RatingSerializer, responses={201: GivenSerializer, **REFUSALS})
    def post(self, request: Request, uid: uuid.UUID) -> Response:
        case = get_case(request, uid)
        wanted = checked(RatingSerializer(data=request.data))
        try:
            rating = giving.give(case, actor=actors.applicant(user_of(request)), **wanted)
        except MoveRefused as refused:
            raise as_api_error(refused) from refused
        return Response(GivenSerializer(rating).data, status=201)


class MonthSerializer(serializers.Serializer[Any]):
    """One month."""

    month = serializers.DateField()
    filed = serializers.IntegerField()
    decided = serializers.IntegerField()


class DepartmentFiguresSerializer(serializers.Serializer[Any]):
    """One department; shares in percent, days natural days from submission to decision."""

    name = serializers.CharField(source="department__name")
    filed = serializers.IntegerField()
    decided = serializers.IntegerField()
    days = serializers.FloatField(allow_null=True)
    in_time_percent = serializers.FloatField(source="share", allow_null=True)
    satisfied_percent = serializers.FloatField(source="satisfied", allow_null=True)


class MatterFiguresSerializer(serializers.Serializer[Any]):
    """One of the matters asked for most."""

    code = serializers.CharField(source="matter__code")
    name = serializers.CharField(source="matter__name")
    filed = serializers.IntegerField()
    decided = serializers.IntegerField()
    days = serializers.FloatField(allow_null=True)
    in_time_percent = serializers.FloatField(source="share", allow_null=True)


class GradeSerializer(serializers.Serializer[Any]):
    """One grade with its number."""

    grade = serializers.IntegerField()
    label = serializers.CharField()  # type: ignore[assignment]
    number = serializers.IntegerField()


class FiguresSerializer(serializers.Serializer[Any]):
    """The figures of the last twelve months."""

    since = serializers.DateField()
    counted_at = serializers.DateTimeField()
    filed = serializers.IntegerField(source="totals.filed")
    decided = serializers.IntegerField(source="totals.decided")
    in_time_percent = serializers.FloatField(source="totals.share", allow_null=True)
    satisfied_percent = serializers.FloatField(source="satisfied", allow_null=True)
    months = MonthSerializer(many=True)
    departments = DepartmentFiguresSerializer(many=True)
    matters = MatterFiguresSerializer(many=True)
    grades = GradeSerializer(many=True)


class Statistics(APIView):
    """What was filed and decided, how fast, how satisfied people were; counted anew every hour."""

    authentication_classes = []
    permission_classes = [permissions.AllowAny]

    @extend_schema(summary="办件统计", auth=[], responses=FiguresSerializer)
    def get(self, request: Request) -> Response:
        return Response(FiguresSerializer(statistics.published()).data)
