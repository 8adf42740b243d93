"""What changed in the calendar is counted anew in portions, found by indexes of what runs."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0010_evidence_is_only_added_to"),
        ("identity", "0003_public_revision"),
    ]

    operations = [
        migrations.CreateModel(
            name="Recount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seen", models.JSONField(default=dict, verbose_name="见过的日历")),
                ("first", models.DateField(null=True, verbose_name="自")),
                ("last", models.DateField(null=True, verbose_name="至")),
                ("after", models.PositiveBigIntegerField(default=0, verbose_name="已算到")),
                ("counted_on", models.DateField(null=True, verbose_name="特别程序已算到")),
            ],
        ),
        migrations.AddIndex(
            model_name="clock",
            index=models.Index(condition=models.Q(("stopped_on", None)), fields=["due"], name="clock_running"),
        ),
        migrations.AddIndex(
            model_name="pause",
            index=models.Index(condition=models.Q(("ended_on", None)), fields=["expected_end"], name="pause_open"),
        ),
        migrations.AddIndex(
            model_name="routestep",
            index=models.Index(condition=models.Q(("standing", "current")), fields=["due"], name="route_running"),
        ),
    ]
