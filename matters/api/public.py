"""The open interface of the catalogue. Answers carry an ETag: ask again with If-None-Match and get 304 when nothing changed."""

from django.db.models import QuerySet
from django.http import Http404
from django.utils.decorators import method_decorator
from django.views.decorators.http import conditional_page
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import generics, permissions

from identity.models import Department
from matters import codes, queries, search
from matters.api import serializers_public as shapes
from matters.models import Matter


class MatterFilter(filters.FilterSet):
    """Narrow the catalogue; all filters may be combined. Answered by the same search as the pages."""

    q = filters.CharFilter(label="名称、俗称、材料、部门、主题、常见问题、编码，可用拼音或首字母", max_length=100)
    audience = filters.ChoiceFilter(choices=list(codes.AUDIENCES.items()), label="面向人群")
    theme = filters.CharFilter(label="主题")
    life = filters.ChoiceFilter(choices=list(codes.LIFE_EVENTS.items()), label="人生和经营大事")
    department = filters.CharFilter(label="部门编码")
    type = filters.ChoiceFilter(choices=list(codes.MATTER_TYPES.items()), label="事项类型")
    level = filters.ChoiceFilter(choices=list(codes.LEVELS.items()), label="办理级别")
    depth = filters.ChoiceFilter(choices=list(codes.DEPTHS.items()), label="网办深度")
    online = filters.BooleanFilter(label="可在线申请")

    class Meta:
        model = Matter
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet[Matter]) -> search.Matters:
        """Not rows of a table narrowed by SQL, but the finds of the search."""
        given = dict(self.form.cleaned_data)
        text, online = given.pop("q"), given.pop("online")
        narrow = {**given, "online": "" if online is None else str(int(online))}
        return search.Matters(search.find(text, narrow))


class PublicView(generics.GenericAPIView):
    """Anybody may read; no session or token is looked at."""

    authentication_classes = []
    permission_classes = [permissions.AllowAny]


@extend_schema(summary="已发布的事项")
@method_decorator(conditional_page, name="dispatch")
class MatterList(PublicView, generics.ListAPIView):
    """Published matters, the most used first; with ``q`` the best matches first."""

    serializer_class = shapes.PublicMatterSerializer
    filterset_class = MatterFilter

    def get_queryset(self) -> QuerySet[Matter]:
        """All that is published."""
        return queries.published().order_by("-visits", "name", "pk")


@extend_schema(summary="一个事项的办事指南")
@method_decorator(conditional_page, name="dispatch")
class MatterDetail(PublicView, generics.RetrieveAPIView):
    """The whole guide: the twenty fields, the materials, and the form as data."""

    serializer_class = shapes.PublicMatterDetailSerializer
    lookup_field = "code"

    def get_object(self) -> Matter:
        """By implementation code."""
        try:
            return queries.get_published(self.kwargs["code"])
        except Matter.DoesNotExist as error:
            raise Http404 from error


@extend_schema(summary="有已发布事项的部门")
@method_decorator(conditional_page, name="dispatch")
class DepartmentList(PublicView, generics.ListAPIView):
    """Departments with their numbers of matters."""

    serializer_class = shapes.PublicDepartmentSerializer
    filter_backends = []

    def get_queryset(self) -> "QuerySet[Department]":
        """Those that offer something."""
        return queries.departments()


@extend_schema(summary="主题分类")
@method_decorator(conditional_page, name="dispatch")
class ThemeList(PublicView, generics.ListAPIView):
    """Themes with their numbers of matters, the largest first."""

    serializer_class = shapes.ThemeSerializer
    filter_backends = []
    pagination_class = None

    def get_queryset(self) -> list[queries.Facet]:  # type: ignore[override]
        """Not rows of a table, but counts."""
        return queries.themes()
