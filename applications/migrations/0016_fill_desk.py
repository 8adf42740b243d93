"""What the work list reads of cases that are here already: where they wait, in which order, and the pairs of their names."""

from datetime import date

from django.db import migrations
from django.db.models import F, OuterRef, Subquery

ENDED = [
    *("NOT_REQUIRED", "REJECTED_INTAKE", "CLOSED", "WITHDRAWN", "TERMINATED"),
    *("CORRECTION_LAPSED", "TRANSFERRED_UP", "VOIDED", "REVOKED", "DRAFT"),
]
AT_THE_WINDOW = [
    *("SUBMITTED", "RECEIVED", "RESUBMITTED", "ACCEPTED", "TACIT_ACCEPTED", "GRANTED", "REFUSED", "DELIVERED"),
]


def fill(apps, schema_editor):
    cases = apps.get_model("applications", "Application").objects
    steps = apps.get_model("applications", "RouteStep").objects
    grams = apps.get_model("applications", "CaseGram").objects
    cases.exclude(state__in=ENDED).update(desk=1)
    cases.filter(state__in=AT_THE_WINDOW).update(desk=2)
    cases.filter(desk__gt=0).exclude(next_due=None).update(sort_due=F("next_due"))
    own = cases.filter(pk=OuterRef("application_id"))
    steps.filter(standing="current").update(case_due=Subquery(own.values("sort_due")[:1]))
    steps.exclude(department_id=Subquery(own.values("department_id")[:1])).update(is_foreign=True)
    for pk, name in cases.exclude(state="DRAFT").values_list("pk", "applicant_name").iterator():
        plain = "".join(name.split()).lower()
        pairs = {plain[place : place + 2] for place in range(len(plain) - 1)}
        grams.bulk_create(grams.model(gram=pair, application_id=pk) for pair in sorted(pairs))


def empty(apps, schema_editor):
    apps.get_model("applications", "CaseGram").objects.all().delete()
    apps.get_model("applications", "Application").objects.update(desk=0, sort_due=date.max)


class Migration(migrations.Migration):
    dependencies = [("applications", "0015_desk")]

    operations = [migrations.RunPython(fill, empty)]
