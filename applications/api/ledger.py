"""The clock ledger for programs: each limit with the lines from which its date follows, and the three dates side by side."""

import uuid
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from applications import ledger
from applications.api.applicant import get_case as get_my_case
from applications.api.staff import get_case
from applications.models import Application
from matters import calendar


class LedgerLineSerializer(serializers.Serializer[Any]):
    """What happened on a day, why, by whom, and when the limit then ended."""

    on = serializers.DateField()
    what = serializers.CharField()
    why = serializers.CharField()
    by = serializers.CharField()
    due = serializers.DateField()


class AccountSerializer(serializers.Serializer[Any]):
    """One limit; ``stopped_on`` is null while it runs."""

    kind = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    limit = serializers.CharField()
    started_on = serializers.DateField()
    due = serializers.DateField()
    provisional = serializers.BooleanField()
    stopped_on = serializers.DateField(allow_null=True)
    lines = LedgerLineSerializer(many=True)


class ThreeDatesSerializer(serializers.Serializer[Any]):
    """``usual`` and ``slow``: working days within which half and nine in ten of the last cases were decided."""

    law = serializers.DateField(allow_null=True)
    promise = serializers.DateField(allow_null=True)
    usual = serializers.IntegerField(allow_null=True)
    slow = serializers.IntegerField(allow_null=True)
    usual_on = serializers.DateField(allow_null=True)
    slow_on = serializers.DateField(allow_null=True)


class LedgerSerializer(serializers.Serializer[Any]):
    """The whole ledger of a case."""

    dates = ThreeDatesSerializer()
    accounts = AccountSerializer(many=True)


def _shown(case: Application) -> Response:
    days = calendar.current()
    whole = {"dates": ledger.three_dates(case, days), "accounts": ledger.accounts(case, timezone.localdate(), days)}
    return Response(LedgerSerializer(whole).data)


class StaffLedger(APIView):
    """For officers."""

    @extend_schema(summary="期限台账", responses=LedgerSerializer)
    def get(self, request: Request, number: str) -> Response:
        return _shown(get_case(request, number)[0])


class MyLedger(APIView):
    """For the applicant."""

    @extend_schema(summary="期限台账", responses=LedgerSerializer)
    def get(self, request: Request, uid: uuid.UUID) -> Response:
        return _shown(get_my_case(request, uid))
