"""The joint limit (行政许可法 art. 42(2)) as programs of every audience read it: dates only, nothing of anybody."""

from typing import Any

from django.utils import timezone
from rest_framework import serializers

from applications.joint import dates, papers
from applications.models import JointCase
from matters import calendar


class JointLimitSerializer(serializers.Serializer[Any]):
    """The joint limit; ``due`` and ``law_due`` are null until every member is accepted."""

    days = serializers.IntegerField()
    started_on = serializers.DateField(allow_null=True)
    due = serializers.DateField(allow_null=True)
    law_due = serializers.DateField(allow_null=True)
    extended_on = serializers.DateField(allow_null=True)
    finished_on = serializers.DateField(allow_null=True)


def limit_of(joint: JointCase) -> Any:
    """The joint limit as it stands today."""
    found = dates.dates_of(joint, papers.children_of(joint), timezone.localdate(), calendar.current())
    return JointLimitSerializer(
        {
            "days": found.limit.value,
            "started_on": found.started_on,
            "due": found.promise.on if found.promise else None,
            "law_due": found.law.on if found.law else None,
            "extended_on": found.extended_on,
            "finished_on": found.finished_on,
        }
    ).data
