"""A place in a chain is taken once, and a change of a case is recorded once."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("applications", "0004_chain_existing_events")]

    operations = [
        migrations.AddConstraint(
            "event", models.UniqueConstraint(fields=["application", "place"], name="event_once_per_place")
        ),
        migrations.AddConstraint(
            "event",
            models.UniqueConstraint(
                fields=["application", "version"],
                condition=models.Q(is_move=True),
                name="event_once_per_version",
            ),
        ),
    ]
