"""What officers' programs see of licences and bars, and what they send."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from applications import grounds
from applications.api.licence_serializers import FIELDS, LicenceDates
from applications.models import Application, Bar, Licence, LicenceChange
from applications.models.bar import BarGround


class LicenceSerializer(LicenceDates):
    """One licence in a list."""

    class Meta:
        model = Licence
        fields = FIELDS


class LicenceChangeSerializer(serializers.ModelSerializer[LicenceChange]):
    """One line of a licence's history."""

    kind_label = serializers.CharField(source="get_kind_display", read_only=True)
    old = serializers.DictField(child=serializers.CharField(), read_only=True)
    new = serializers.DictField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = LicenceChange
        fields = ("kind", "kind_label", "version", "on", "ground", "reason", "old", "new")


class LaterSerializer(serializers.ModelSerializer[Application]):
    """An application about the licence."""

    state_label = serializers.CharField(read_only=True)

    class Meta:
        model = Application
        fields = ("uid", "number", "purpose", "state", "state_label", "submitted_at", "renewal_due")


class LicenceDetailSerializer(LicenceSerializer):
    """One licence with its history and what was asked about it."""

    history = LicenceChangeSerializer(source="changes", many=True, read_only=True)
    applications = serializers.SerializerMethodField()

    class Meta:
        model = Licence
        fields = (*FIELDS, "history", "applications")

    @extend_schema_field(LaterSerializer(many=True))
    def get_applications(self, licence: Licence) -> list[dict[str, Any]]:
        return list(LaterSerializer(licence.later_applications.exclude(state="DRAFT"), many=True).data)


class ReasonSerializer(serializers.Serializer[Any]):
    """A reason in words."""

    reason = serializers.CharField(max_length=2000, error_messages={"required": "请给出理由 reason。"})


class EndSerializer(ReasonSerializer):
    """End a licence on a ground of law."""

    act = serializers.ChoiceField(choices=[("revoke", "撤销"), ("withdraw", "撤回"), ("cancel", "注销")])
    ground = serializers.ChoiceField(
        choices=sorted({code for one in grounds.GROUNDS.values() for code in one}), help_text="法定情形"
    )


class ImposeSerializer(ReasonSerializer):
    """Warn an applicant and, where the matter touches safety, bar them."""

    ground = serializers.ChoiceField(choices=BarGround.choices)


class BarSerializer(serializers.ModelSerializer[Bar]):
    """A warning or bar. ``ends`` is null for the warning only."""

    application = serializers.CharField(source="application.number", read_only=True)
    applicant = serializers.CharField(source="application.applicant_name", read_only=True)
    matter = serializers.CharField(source="matter.name", read_only=True)

    class Meta:
        model = Bar
        fields = (
            "uid",
            "application",
            "applicant",
            "matter",
            "ground",
            "reason",
            "begins",
            "ends",
            "lifted_on",
            "lifted_reason",
        )
