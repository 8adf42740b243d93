"""The open interface of joint matters (一件事)."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import conditional_page
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import generics, serializers

from matters import codes
from matters.api.public import PublicView
from matters.api.schema import inlined
from matters.api.serializers_public import DepartmentNameSerializer
from matters.codes import LIFE_EVENTS
from matters.joint import queries
from matters.joint.guide import JointContent
from matters.models import JointMatter, JointVersion


class PackageFilter(filters.FilterSet):
    """Narrow the packages; all filters may be combined."""

    q = filters.CharFilter(method="find", label="名称、俗称、成员事项、拼音或首字母", max_length=100)
    audience = filters.ChoiceFilter(method="for_audience", choices=list(codes.AUDIENCES.items()), label="面向人群")
    life_event = filters.ChoiceFilter(choices=list(LIFE_EVENTS.items()), label="阶段")
    member = filters.CharFilter(field_name="members__matter__code", label="成员事项的实施编码")

    class Meta:
        model = JointMatter
        fields: list[str] = []

    def find(self, queryset: QuerySet[JointMatter], name: str, value: str) -> QuerySet[JointMatter]:
        """This filter is declared first, so that the others narrow what it found."""
        return queries.find(value)

    def for_audience(self, queryset: QuerySet[JointMatter], name: str, value: str) -> QuerySet[JointMatter]:
        """For this audience."""
        return queries.narrowed(queryset, audience=value)


class PackageSerializer(serializers.ModelSerializer):
    """A row of the list; ``limit`` are working days of joint handling."""

    lead = DepartmentNameSerializer(read_only=True)
    audiences = serializers.SerializerMethodField()
    members = serializers.SerializerMethodField()
    url = serializers.SerializerMethodField()

    class Meta:
        model = JointMatter
        fields = ["uid", "code", "name", "name_en", "lead", "life_event", "audiences", "limit", "members", "url"]

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(choices=list(codes.AUDIENCES))))
    def get_audiences(self, joint: JointMatter) -> list[str]:
        """Whom it is for."""
        return [word for word in joint.audiences.split(",") if word]

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_members(self, joint: JointMatter) -> list[str]:
        """The implementation codes of its matters, in the order of handling."""
        return [member["code"] for member in joint.outline]

    def get_url(self, joint: JointMatter) -> str:
        """The page for people."""
        path = reverse("matters:package", args=[joint.code])
        request = self.context.get("request")
        return request.build_absolute_uri(path) if request else path


class JointVersionSerializer(serializers.ModelSerializer):
    """Which version this is."""

    class Meta:
        model = JointVersion
        fields = ["uid", "number", "digest", "effective_on", "published_at"]


class PackageDetailSerializer(PackageSerializer):
    """A package with its merge: one set of materials, one form, and which part belongs to which matter."""

    version = JointVersionSerializer(source="current", read_only=True)
    content = serializers.SerializerMethodField()
    changed_members = serializers.SerializerMethodField()

    class Meta(PackageSerializer.Meta):
        fields = [*PackageSerializer.Meta.fields, "version", "changed_members", "content"]

    @extend_schema_field(inlined(JointContent))
    def get_content(self, joint: JointMatter) -> dict[str, Any]:
        """What the version says; ``content.package`` is the merge."""
        assert joint.current is not None
        return joint.current.parsed.model_dump(mode="json")

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_changed_members(self, joint: JointMatter) -> list[str]:
        """Codes of members whose guide changed after this version was published."""
        return [change.code for change in queries.changes_of(joint)]


@extend_schema(summary="一件事（联合办理）")
@method_decorator(conditional_page, name="dispatch")
class PackageList(PublicView, generics.ListAPIView):
    """Published packages by name."""

    serializer_class = PackageSerializer
    filterset_class = PackageFilter

    def get_queryset(self) -> QuerySet[JointMatter]:
        """All that is published."""
        return queries.published().order_by("name", "pk")


@extend_schema(summary="一个一件事：合并后的材料、表单和顺序")
@method_decorator(conditional_page, name="dispatch")
class PackageDetail(PublicView, generics.RetrieveAPIView):
    """The whole package."""

    serializer_class = PackageDetailSerializer
    lookup_field = "code"

    def get_object(self) -> JointMatter:
        """By code."""
        joint = queries.get_published(self.kwargs["code"])
        if joint is None:
            raise Http404
        return joint
