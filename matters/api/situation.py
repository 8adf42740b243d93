"""The scenario for programs: the next question, or what a situation needs. The same address as the page's."""

from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import conditional_page
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from matters import queries, questioning, situations
from matters.api.public import PublicView
from matters.api.schema import inlined
from matters.guide import Guide
from matters.models import Matter
from matters.notice import notice
from matters.scenario import Question
from matters.situations import Answers


class SituationSerializer(serializers.Serializer[Any]):
    """Where the answers lead. Exactly one of ``question``, ``stop`` and ``result`` is there."""

    situation = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()), help_text="认得的回答；不认得的问题和选项已去掉"
    )
    question = serializers.SerializerMethodField()
    stop = serializers.SerializerMethodField()
    result = serializers.SerializerMethodField()
    url = serializers.CharField(help_text="公众看到的同一页")

    @extend_schema_field(inlined(Question) | {"nullable": True})
    def get_question(self, found: dict[str, Any]) -> dict[str, Any] | None:
        """The next question."""
        question: Question | None = found["question"]
        return question.model_dump(mode="json", exclude={"only_when"}) if question else None

    @extend_schema_field(
        {
            "type": "object",
            "nullable": True,
            "properties": {"text": {"type": "string"}, "matter": {"type": "string"}},
        }
    )
    def get_stop(self, found: dict[str, Any]) -> dict[str, str] | None:
        """Why it cannot go on here, and the code of the matter that is the right one."""
        stop: situations.Stop | None = found["stop"]
        return {"text": stop.choice.stop, "matter": stop.choice.stop_matter} if stop else None

    @extend_schema_field(
        {
            "type": "object",
            "nullable": True,
            "properties": {
                "guide": inlined(Guide),
                "total_cents": {"type": "integer", "nullable": True},
                "route_days": {"type": "integer"},
            },
        }
    )
    def get_result(self, found: dict[str, Any]) -> dict[str, Any] | None:
        """The narrowed guide; the total in fen (null: depends on the case); working days of its review and decision."""
        if found["question"] or found["stop"]:
            return None
        told = notice(found["content"], found["situation"])
        return {
            "guide": told.guide.model_dump(mode="json"),
            "total_cents": told.total,
            "route_days": told.route_days,
        }


@method_decorator(conditional_page, name="dispatch")
class SituationView(PublicView):
    """Ask the questions of a matter and get what applies."""

    serializer_class = SituationSerializer
    filter_backends = []
    pagination_class = None

    @extend_schema(
        summary="按情形看要准备什么",
        description="把已有的回答写在网址里（问题标识=选项值，多选的重复写），得到下一个问题；全部回答以后得到按情形收窄的指南。",
        parameters=[
            OpenApiParameter(
                "answers",
                OpenApiTypes.OBJECT,
                OpenApiParameter.QUERY,
                style="form",
                explode=True,
                description="每个问题一个参数：问题标识=选项值",
            )
        ],
        responses=SituationSerializer,
    )
    def get(self, request: Request, code: str) -> Response:
        try:
            matter = queries.get_published(code)
        except Matter.DoesNotExist as error:
            raise Http404 from error
        assert matter.current is not None
        content = matter.current.parsed
        situation = questioning.given_in(content.scenario, request._request.GET)
        found = {
            "content": content,
            "situation": situation,
            "question": situations.next_question(content.scenario, situation),
            "stop": situations.stop_of(content.scenario, situation),
            "url": request.build_absolute_uri(_page(matter, situation)),
        }
        return Response(SituationSerializer(found).data)


def _page(matter: Matter, situation: Answers) -> str:
    known = situations.query(situation)
    return reverse("matters:situation", args=[matter.code]) + (f"?{known}" if known else "")
