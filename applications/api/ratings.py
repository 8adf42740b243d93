"""Rating one's own case, for programs."""

import uuid
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from applications import actors
from applications.api.applicant import REFUSALS, get_case, user_of
from applications.api.refusals import as_api_error, checked
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
