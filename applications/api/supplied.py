"""What was supplied after the notice of correction, beside what was there before."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from applications.api.staff import NOT_FOUND, get_case
from applications.talking import comparing


class LineSerializer(serializers.Serializer[Any]):
    """One answer before and after, with personal numbers masked."""

    label = serializers.CharField()  # type: ignore[assignment]
    old = serializers.CharField()
    new = serializers.CharField()
    is_changed = serializers.BooleanField()


class SuppliedFileSerializer(serializers.Serializer[Any]):
    """A file before or after."""

    id = serializers.IntegerField(source="pk")
    file_name = serializers.CharField()
    size = serializers.IntegerField()
    sha256 = serializers.CharField()


class SuppliedSerializer(serializers.Serializer[Any]):
    """One item of the notice."""

    target = serializers.CharField(source="item.target")
    label = serializers.CharField(source="item.label")  # type: ignore[assignment]
    problem = serializers.CharField(source="item.problem")
    is_unchanged = serializers.BooleanField()
    knows_before = serializers.BooleanField()
    lines = LineSerializer(many=True)
    old_files = SuppliedFileSerializer(many=True)
    new_files = SuppliedFileSerializer(many=True)


class SuppliedItems(APIView):
    """Empty unless the case waits for somebody to look at a supplement."""

    @extend_schema(summary="补正前后对照", responses={200: SuppliedSerializer(many=True), **NOT_FOUND})
    def get(self, request: Request, number: str) -> Response:
        case, _ = get_case(request, number)
        return Response(SuppliedSerializer(comparing.supplied(case), many=True).data)
