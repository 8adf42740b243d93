"""What programs see of licences and bars, and what they send. Fields are named one by one."""

from typing import Any

from django.utils import timezone
from rest_framework import serializers

from applications import grounds, licence_terms
from applications.models import Application, Bar, Licence, LicenceChange
from applications.models.bar import BarGround


class LicenceSerializer(serializers.ModelSerializer[Licence]):
    """One licence in a list. ``days_left`` are natural days; null for one without end."""

    department = serializers.CharField(source="application.department.name", read_only=True)
    standing_label = serializers.SerializerMethodField()
    days_left = serializers.SerializerMethodField()
    ask_until = serializers.SerializerMethodField(help_text="按时申请延续的最后一天")

    class Meta:
        model = Licence
        fields = (
            "uid",
            "name",
            "number",
            "holder",
            "department",
            "version",
            "valid_from",
            "valid_to",
            "standing",
            "standing_label",
            "days_left",
            "ask_until",
            "changed_on",
            "ground",
            "reason",
        )

    def get_standing_label(self, licence: Licence) -> str:
        return licence.standing_words(timezone.localdate())

    def get_days_left(self, licence: Licence) -> int | None:
        return licence.days_left(timezone.localdate())

    def get_ask_until(self, licence: Licence) -> str | None:
        last = licence_terms.ask_until(licence)
        return last.isoformat() if last else None


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

    class Meta(LicenceSerializer.Meta):
        fields = (*LicenceSerializer.Meta.fields, "history", "applications")  # type: ignore[assignment]

    def get_applications(self, licence: Licence) -> list[dict[str, Any]]:
        return list(LaterSerializer(licence.later_applications.exclude(state="DRAFT"), many=True).data)


class AboutSerializer(serializers.Serializer[Any]):
    """Begin a renewal or a change of a licence."""

    purpose = serializers.ChoiceField(choices=[("renewal", "延续"), ("change", "变更")])
    change = serializers.DictField(
        child=serializers.CharField(max_length=1000, allow_blank=True),
        required=False,
        default=dict,
        help_text="变更：holder、legal_representative、address、scope 中有变化的 → 新的内容",
    )


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
