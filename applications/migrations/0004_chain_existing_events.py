"""Chain the events that were written before there was a chain, in the order of the case's changes."""

import hashlib

from django.db import migrations

from sync import canonical


def chain(apps, schema_editor):
    """What applications.evidence does at the time of this migration; kept here so that it never changes."""
    application = apps.get_model("applications", "Application")
    event = apps.get_model("applications", "Event")
    for case in application.objects.filter(events__isnull=False).distinct().only("pk", "uid").iterator():
        head, place = "", 0
        for row in event.objects.filter(application_id=case.pk).order_by("version"):
            place += 1
            said = {
                "case": str(case.uid),
                "place": place,
                "version": row.version,
                "is_move": True,
                "action": row.action,
                "from": row.from_state,
                "to": row.to_state,
                "at": canonical.moment(row.at),
                "recorded_at": canonical.moment(row.recorded_at),
                "actor": [row.actor_kind, row.actor_name],
                "note": row.note,
                "data": row.data,
                "previous": head,
            }
            digest = hashlib.sha256(canonical.encode(said)).hexdigest()
            event.objects.filter(pk=row.pk).update(place=place, previous=head, digest=digest)
            head = digest
        application.objects.filter(pk=case.pk).update(event_count=place, event_head=head)


class Migration(migrations.Migration):
    dependencies = [("applications", "0003_evidence")]

    operations = [migrations.RunPython(chain, migrations.RunPython.noop)]
