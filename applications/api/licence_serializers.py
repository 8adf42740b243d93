"""The dates of a licence as any program sees them; which fields an audience gets is said in its own file."""

from django.utils import timezone
from rest_framework import serializers

from applications import licence_terms
from applications.models import Licence

FIELDS = (
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


class LicenceDates(serializers.ModelSerializer[Licence]):
    """``days_left`` are natural days, null for a licence without end; ``ask_until`` is the last day to ask for renewal in time."""

    department = serializers.CharField(source="application.department.name", read_only=True)
    standing_label = serializers.SerializerMethodField()
    days_left = serializers.SerializerMethodField()
    ask_until = serializers.SerializerMethodField()

    def get_standing_label(self, licence: Licence) -> str:
        return licence.standing_words(timezone.localdate())

    def get_days_left(self, licence: Licence) -> int | None:
        return licence.days_left(timezone.localdate())

    def get_ask_until(self, licence: Licence) -> str | None:
        last = licence_terms.ask_until(licence)
        return last.isoformat() if last else None
