"""The open interface of the query services: the same sets, questions and refusals as the pages."""

from typing import Any

from django.core.paginator import Paginator
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions, generics, serializers
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle

from identity import rate
from matters.api.public import PublicView
from matters.api.serializers_public import DepartmentNameSerializer
from matters.datasets import queries
from matters.datasets.definition import Definition, FieldDefinition
from matters.datasets.queryform import QueryForm
from matters.models import DataSet, PublicRow
from matters.throttles import ReadingThrottle
from matters.views.datasets import GUARDED, ROWS, get_set


class DataSetSerializer(serializers.ModelSerializer):
    """A query service in the list."""

    department = DepartmentNameSerializer(read_only=True)
    personal = serializers.BooleanField(source="is_personal", read_only=True)
    open = serializers.BooleanField(source="is_open", read_only=True)

    class Meta:
        model = DataSet
        fields = [
            *("slug", "name", "name_en", "description", "description_en", "theme", "department", "source"),
            *("frequency", "personal", "open", "row_count", "loaded_at"),
        ]


class DataFieldSerializer(serializers.Serializer[Any]):
    """A field that can be asked for or is shown."""

    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    label_en = serializers.CharField()
    kind = serializers.CharField()
    search = serializers.CharField(help_text="exact、prefix、contains；空为不能查询")
    in_list = serializers.BooleanField()
    in_detail = serializers.BooleanField()
    masked = serializers.BooleanField(source="is_secret", help_text="不原样公开")


class DataSetDetailSerializer(DataSetSerializer):
    """A query service with its fields."""

    columns = serializers.SerializerMethodField()

    class Meta(DataSetSerializer.Meta):
        fields = [*DataSetSerializer.Meta.fields, "columns"]

    @extend_schema(responses=DataFieldSerializer(many=True))
    def get_columns(self, dataset: DataSet) -> list[dict[str, Any]]:
        """Those that the public meets."""
        assert dataset.current is not None
        definition = dataset.current.definition
        fields = [one for one in definition.fields if one.search or one in definition.crossing]
        return list(DataFieldSerializer(fields, many=True).data)


class DataRowSerializer(serializers.ModelSerializer):
    """A record as the public may see it."""

    values = serializers.DictField(child=serializers.CharField())

    class Meta:
        model = PublicRow
        fields = ["ref", "values"]


@extend_schema(summary="查询服务")
@method_decorator(conditional_page, name="dispatch")
class DataSetList(PublicView, generics.ListAPIView):
    """Every query service."""

    serializer_class = DataSetSerializer
    filter_backends = []
    queryset = queries.shown().order_by("name", "pk")


@extend_schema(summary="一项查询服务和它的字段")
@method_decorator(conditional_page, name="dispatch")
class DataSetDetail(PublicView, generics.RetrieveAPIView):
    """What it holds, from where, and what can be asked."""

    serializer_class = DataSetDetailSerializer

    def get_object(self) -> DataSet:
        """By its address."""
        return get_set(self.kwargs["slug"])


# What a question by POST looks like: key of a field to the text asked for.
ASKED = {"type": "object", "additionalProperties": {"type": "string"}}


class GuardedThrottle(BaseThrottle):
    """Questions with somebody's number: counted with the page's, 10 tries in 10 minutes from one address and set."""

    _wait = 0

    def allow_request(self, request: Request, view: Any) -> bool:
        """Count this try."""
        slug = view.kwargs["slug"]
        self._wait = rate.hit(GUARDED, f"{slug}:{rate.client_address(request._request)}")
        return not self._wait

    def wait(self) -> float | None:
        """Seconds until the next try."""
        return self._wait or None


class ReadingPages(PageNumberPagination):
    """Pages to read, not to copy: of sets that are not open."""

    page_size = ROWS


@method_decorator(conditional_page, name="dispatch")
class RecordList(PublicView, generics.GenericAPIView):
    """Records of one service. Fields that are not shown as they are, and personal services, are asked by POST only:
    addresses reach the logs."""

    serializer_class = DataRowSerializer
    filter_backends = []

    def get_throttles(self) -> list[Any]:
        """Reading is counted loosely, questions with numbers strictly."""
        return [GuardedThrottle()] if self.request.method == "POST" else [ReadingThrottle()]

    @extend_schema(
        summary="查询记录",
        parameters=[
            OpenApiParameter("sort", str, description="排序字段，前加 - 为倒序"),
            OpenApiParameter("字段标识", str, description="按数据集里可以查询的字段，例如 name=青禾"),
        ],
    )
    def get(self, request: Request, slug: str) -> Response:
        """``?field=text`` for each field asked; unknown fields are refused, not passed over."""
        dataset = get_set(slug)
        definition = _definition(dataset)
        if definition.personal:
            raise exceptions.ValidationError(_("个人数据请用 POST，把全部查询项放在请求体里。"))
        given = _asked(definition.plainly_searchable, request.query_params)
        rows = queries.records(dataset, given, sort=request.query_params.get("sort", ""))
        if not dataset.is_open:
            self.pagination_class = ReadingPages
        page = self.paginate_queryset(rows)
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(summary="凭号码查询记录", request={"application/json": ASKED})
    def post(self, request: Request, slug: str) -> Response:
        """``{field: text}``; the first twenty records that agree."""
        dataset = get_set(slug)
        definition = _definition(dataset)
        if not isinstance(request.data, dict):
            raise exceptions.ValidationError(_("请求体应是一个对象，键为字段标识。"))
        form = QueryForm(definition, _asked(definition.searchable, request.data))
        if not form.is_valid():
            raise exceptions.ValidationError({key: [str(word) for word in found] for key, found in form.errors.items()})
        rows = Paginator(queries.records(dataset, form.cleaned_data), ROWS).get_page(1)
        body = {"count": rows.paginator.count, "next": None, "previous": None}
        return Response(body | {"results": self.get_serializer(rows, many=True).data})


def _asked(fields: list[FieldDefinition], given: Any) -> dict[str, str]:
    known = {field.key for field in fields}
    unknown = set(given) - known - {"page", "page_size", "sort", "format"}
    if unknown:
        message = _("不能这样查询：%(keys)s。") % {"keys": "、".join(sorted(unknown)[:10])}
        raise exceptions.ValidationError(message)
    return {key: str(given[key])[:200] for key in known if key in given}


def _definition(dataset: DataSet) -> Definition:
    assert dataset.current is not None
    return dataset.current.definition
