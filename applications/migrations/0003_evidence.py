"""Every event gets its place in the hash chain of its case; the rows that are there are chained by the next migration."""

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("applications", "0002_situation")]

    operations = [
        migrations.AddField("application", "event_count", models.PositiveIntegerField("记录条数", default=0)),
        migrations.AddField(
            "application",
            "event_head",
            models.CharField("最后一条记录的摘要", max_length=64, blank=True, default=""),
        ),
        migrations.AddField(
            "event", "place", models.PositiveIntegerField("链上第几条", default=0), preserve_default=False
        ),
        migrations.AddField("event", "is_move", models.BooleanField("改变办理进程", default=True)),
        migrations.AddField(
            "event",
            "previous",
            models.CharField("前一条的摘要", max_length=64, blank=True, default=""),
            preserve_default=False,
        ),
        migrations.AddField(
            "event", "digest", models.CharField("摘要", max_length=64, default=""), preserve_default=False
        ),
        migrations.AlterField(
            "event",
            "recorded_at",
            models.DateTimeField("记录时间", default=django.utils.timezone.now),
            preserve_default=False,
        ),
        migrations.RemoveConstraint("event", "event_once_per_version"),
        migrations.AlterModelOptions("event", options={"ordering": ["application_id", "place"]}),
    ]
