"""What holders' programs see of their licences, and what they send."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from applications.api.licence_serializers import FIELDS, LicenceDates
from applications.models import Application, Licence, LicenceChange


class HeldLicenceSerializer(LicenceDates):
    """One licence in a list."""

    class Meta:
        model = Licence
        fields = FIELDS


class HeldLicenceChangeSerializer(serializers.ModelSerializer[LicenceChange]):
    """One line of a licence's history."""

    kind_label = serializers.CharField(source="get_kind_display", read_only=True)
    old = serializers.DictField(child=serializers.CharField(), read_only=True)
    new = serializers.DictField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = LicenceChange
        fields = ("kind", "kind_label", "version", "on", "ground", "reason", "old", "new")


class HeldLaterSerializer(serializers.ModelSerializer[Application]):
    """An application about the licence."""

    state_label = serializers.CharField(read_only=True)

    class Meta:
        model = Application
        fields = ("uid", "number", "purpose", "state", "state_label", "submitted_at", "renewal_due")


class HeldLicenceDetailSerializer(HeldLicenceSerializer):
    """One licence with its history and what was asked about it."""

    history = HeldLicenceChangeSerializer(source="changes", many=True, read_only=True)
    applications = serializers.SerializerMethodField()

    class Meta:
        model = Licence
        fields = (*FIELDS, "history", "applications")

    @extend_schema_field(HeldLaterSerializer(many=True))
    def get_applications(self, licence: Licence) -> list[dict[str, Any]]:
        return list(HeldLaterSerializer(licence.later_applications.exclude(state="DRAFT"), many=True).data)


class AboutSerializer(serializers.Serializer[Any]):
    """Begin a renewal or a change of a licence."""

    purpose = serializers.ChoiceField(choices=[("renewal", "延续"), ("change", "变更")])
    change = serializers.DictField(
        child=serializers.CharField(max_length=1000, allow_blank=True),
        required=False,
        default=dict,
        help_text="变更：holder、legal_representative、address、scope 中有变化的 → 新的内容",
    )


class CancellationSerializer(serializers.Serializer[Any]):
    """Why the licence should be cancelled."""

    reason = serializers.CharField(max_length=2000, error_messages={"required": "请给出理由 reason。"})
