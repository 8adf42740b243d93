"""The published figures, for programs."""

from typing import Any

from django.utils.decorators import method_decorator
from django.views.decorators.http import conditional_page
from drf_spectacular.utils import extend_schema
from rest_framework import permissions, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from applications import statistics


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


@method_decorator(conditional_page, name="dispatch")
class Statistics(APIView):
    """What was filed and decided, how fast, how satisfied people were; counted anew every hour."""

    authentication_classes = []
    permission_classes = [permissions.AllowAny]

    @extend_schema(summary="办件统计", auth=[], responses=FiguresSerializer)
    def get(self, request: Request) -> Response:
        return Response(FiguresSerializer(statistics.published()).data)
