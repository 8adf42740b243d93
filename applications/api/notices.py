"""The applicants' notices and what is sent where."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from applications.api.applicant import REFUSALS, user_of
from applications.api.refusals import as_api_error, checked
from applications.errors import MoveRefused
from applications.models import Notice
from applications.talking import inbox, noticing, preferences


class NoticeSerializer(serializers.Serializer[Any]):
    """A notice in the account."""

    uid = serializers.UUIDField()
    event = serializers.CharField()
    title = serializers.CharField()
    body = serializers.CharField()
    path = serializers.CharField()
    made_at = serializers.DateTimeField()
    read_at = serializers.DateTimeField(allow_null=True)


class ReadSerializer(serializers.Serializer[Any]):
    """How many were new."""

    marked = serializers.IntegerField()


class WishesSerializer(serializers.Serializer[Any]):
    """``wanted`` are pairs of channel and group, such as ``sms:progress``."""

    email = serializers.CharField(allow_blank=True, max_length=254)
    is_confirmed = serializers.BooleanField(read_only=True)
    wanted = serializers.ListField(child=serializers.ChoiceField(choices=preferences.switches()))


class Notices(GenericAPIView[Notice]):
    """The list, newest first."""

    serializer_class = NoticeSerializer
    filter_backends: list[Any] = []
    queryset = Notice.objects.none()

    @extend_schema(summary="我的通知", responses=NoticeSerializer(many=True))
    def get(self, request: Request) -> Response:
        page = self.paginate_queryset(inbox.listed(user_of(request)))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)


class Read(APIView):
    """Mark all as read."""

    @extend_schema(summary="全部标为已读", request=None, responses=ReadSerializer)
    def post(self, request: Request) -> Response:
        return Response({"marked": inbox.mark_read(user_of(request))})


class Wishes(APIView):
    """What is sent to the mailbox and the telephone."""

    @extend_schema(summary="通知设置", responses=WishesSerializer)
    def get(self, request: Request) -> Response:
        row = preferences.of(user_of(request))
        wanted = [key for key in preferences.switches() if key not in row.off]
        return Response({"email": row.email, "is_confirmed": bool(row.email_confirmed_at), "wanted": wanted})

    @extend_schema(summary="修改通知设置", request=WishesSerializer, responses={200: WishesSerializer, **REFUSALS})
    def put(self, request: Request) -> Response:
        user, given = user_of(request), checked(WishesSerializer(data=request.data))
        try:
            if preferences.save(user, email=given["email"], wanted=given["wanted"]):
                noticing.ask_to_confirm(user, given["email"].strip())
        except MoveRefused as refused:
            raise as_api_error(refused) from refused
        return self.get(request)
