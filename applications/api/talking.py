"""Messages about a case, for both sides' interfaces."""

import uuid
from collections.abc import Sequence
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import FormParser, JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from applications import actors
from applications.actors import Actor
from applications.api import applicant, staff
from applications.api.refusals import FileNotTaken, as_api_error, checked
from applications.api.taking import WatchedView
from applications.errors import MoveRefused
from applications.file_checks import FileRefused
from applications.models import Application, Message
from applications.talking import messages


class MessageFileSerializer(serializers.Serializer[Any]):
    """An attachment."""

    id = serializers.IntegerField(source="pk")
    file_name = serializers.CharField()
    content_type = serializers.CharField()
    size = serializers.IntegerField()
    sha256 = serializers.CharField()


class MessageSerializer(serializers.Serializer[Any]):
    """A message of the thread."""

    uid = serializers.UUIDField()
    from_office = serializers.BooleanField()
    author = serializers.CharField()
    text = serializers.CharField()
    sent_at = serializers.DateTimeField()
    read_at = serializers.DateTimeField(allow_null=True)
    files = MessageFileSerializer(many=True)


class WriteSerializer(serializers.Serializer[Any]):
    """A new message; attachments are the parts ``files`` of a multipart request. The same ``uid`` again is the same message."""

    text = serializers.CharField(max_length=messages.LONGEST)
    uid = serializers.UUIDField(required=False)


class Thread(WatchedView):
    """Read the thread, which marks it as read, or write to it."""

    parser_classes = [MultiPartParser, FormParser, JSONParser]

    def read(self, case: Application, *, office: bool, marks: bool) -> Response:
        """The messages as they were before this reading."""
        rows = MessageSerializer(case.messages.prefetch_related("files"), many=True).data
        if marks:
            messages.mark_read(case, office=office)
        return Response(rows)

    def write(self, request: Request, case: Application, actor: Actor) -> Response:
        """201 with the message; 413 or 422 for files that cannot be taken."""
        wanted = checked(WriteSerializer(data=request.data))
        try:
            self.limit.check()
            message = self._send(case, actor, wanted, request.FILES.getlist("files"))
        except FileRefused as refused:
            raise FileNotTaken(refused) from refused
        except MoveRefused as refused:
            raise as_api_error(refused) from refused
        return Response(MessageSerializer(message).data, status=201)

    @staticmethod
    def _send(case: Application, actor: Actor, wanted: dict[str, Any], files: Sequence[Any]) -> Message:
        return messages.send(case, actor=actor, text=wanted["text"], files=files, uid=wanted.get("uid"))


class MyThread(Thread):
    """The applicant's side."""

    @extend_schema(summary="一件申请的留言", responses=MessageSerializer(many=True))
    def get(self, request: Request, uid: uuid.UUID) -> Response:
        return self.read(applicant.get_case(request, uid), office=False, marks=True)

    @extend_schema(
        summary="给承办部门留言", request=WriteSerializer, responses={201: MessageSerializer, **applicant.REFUSALS}
    )
    def post(self, request: Request, uid: uuid.UUID) -> Response:
        case = applicant.get_case(request, uid)
        return self.write(request, case, actors.applicant(applicant.user_of(request)))


class OfficeThread(Thread):
    """The office's side."""

    @extend_schema(summary="一件申请的留言", responses={200: MessageSerializer(many=True), **staff.NOT_FOUND})
    def get(self, request: Request, number: str) -> Response:
        case, actor = staff.get_case(request, number)
        return self.read(case, office=True, marks=messages.may_write(case, actor))

    @extend_schema(summary="给申请人留言", request=WriteSerializer, responses={201: MessageSerializer, **staff.REFUSED})
    def post(self, request: Request, number: str) -> Response:
        case, actor = staff.get_case(request, number)
        return self.write(request, case, actor)
