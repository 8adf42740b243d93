"""What the open interface says about matters and departments. Nothing here is secret or personal."""

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from identity.models import Department
from matters import codes
from matters.api.schema import inlined
from matters.formdef import FormDefinition
from matters.guide import Guide, Header, Limit
from matters.models import GuideVersion, Matter
from matters.scenario import Scenario


class DepartmentNameSerializer(serializers.ModelSerializer):
    """A department inside another answer."""

    class Meta:
        model = Department
        fields = ["code", "name", "short_name"]


class PublicDepartmentSerializer(serializers.ModelSerializer):
    """A department that offers matters."""

    matter_count = serializers.IntegerField(read_only=True)

    class Meta:
        model = Department
        fields = ["code", "name", "short_name", "uscc", "phone", "address", "matter_count"]


class ThemeSerializer(serializers.Serializer):
    """A theme with the number of published matters."""

    value = serializers.CharField()
    count = serializers.IntegerField()


class PublicMatterSerializer(serializers.ModelSerializer):
    """A row of the catalogue."""

    department = DepartmentNameSerializer(read_only=True)
    type_label = serializers.SerializerMethodField()
    audiences = serializers.ListField(child=serializers.ChoiceField(choices=list(codes.AUDIENCES)), read_only=True)
    themes = serializers.ListField(child=serializers.CharField(), read_only=True)
    aliases = serializers.ListField(child=serializers.CharField(), read_only=True)
    promised_limit = serializers.SerializerMethodField()
    url = serializers.SerializerMethodField()

    class Meta:
        model = Matter
        fields = [
            "uid",
            "code",
            "base_code",
            "name",
            "name_en",
            "type_code",
            "type_label",
            "case_kind",
            "level",
            "department",
            "audiences",
            "themes",
            "aliases",
            "promised_limit",
            "usual_days",
            "slow_days",
            "visits_needed",
            "online",
            "url",
        ]

    def get_type_label(self, matter: Matter) -> str:
        """The type in words."""
        return str(codes.MATTER_TYPES.get(matter.type_code, ""))

    @extend_schema_field(inlined(Limit))
    def get_promised_limit(self, matter: Matter) -> dict[str, Any]:
        """The promise: 0 is decided on the spot."""
        return {"value": matter.promised_value, "unit": matter.promised_unit}

    def get_url(self, matter: Matter) -> str:
        """The guide page on this site."""
        path = reverse("matters:guide", args=[matter.code])
        request = self.context.get("request")
        return request.build_absolute_uri(path) if request else path


class VersionSerializer(serializers.ModelSerializer):
    """Which version of the guide this is."""

    class Meta:
        model = GuideVersion
        fields = ["uid", "number", "digest", "effective_on", "published_at"]


class PublicMatterDetailSerializer(PublicMatterSerializer):
    """A matter with its whole guide: header, the twenty fields, and the form as data."""

    version = VersionSerializer(source="current", read_only=True)
    header = serializers.SerializerMethodField()
    guide = serializers.SerializerMethodField()
    form = serializers.SerializerMethodField()
    scenario = serializers.SerializerMethodField()

    class Meta(PublicMatterSerializer.Meta):
        fields = [*PublicMatterSerializer.Meta.fields, "version", "header", "guide", "form", "scenario"]

    @extend_schema_field(inlined(Header))
    def get_header(self, matter: Matter) -> dict[str, Any]:
        """Codes, type, audiences, questions and answers."""
        return _part(matter, "header")

    @extend_schema_field(inlined(Guide))
    def get_guide(self, matter: Matter) -> dict[str, Any]:
        """The twenty fields."""
        return _part(matter, "guide")

    @extend_schema_field(inlined(FormDefinition))
    def get_form(self, matter: Matter) -> dict[str, Any]:
        """The application form; without sections when there is none."""
        return _part(matter, "form")

    @extend_schema_field(inlined(Scenario))
    def get_scenario(self, matter: Matter) -> dict[str, Any]:
        """The questions that narrow the guide; without questions when there are none."""
        return _part(matter, "scenario")


def _part(matter: Matter, name: str) -> dict[str, Any]:
    assert matter.current is not None
    part: dict[str, Any] = getattr(matter.current.parsed, name).model_dump(mode="json")
    return part
