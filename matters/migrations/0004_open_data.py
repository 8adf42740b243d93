"""The files in which the whole catalogue is given away."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("matters", "0003_changes_to_guides")]

    operations = [
        migrations.CreateModel(
            name="OpenDataRelease",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("revision", models.PositiveBigIntegerField(verbose_name="公开内容改动次数")),
                ("made_at", models.DateTimeField(verbose_name="生成时间")),
                ("matters", models.PositiveIntegerField(verbose_name="事项数")),
                ("files", models.JSONField(default=dict, verbose_name="文件")),
            ],
            options={"ordering": ["-pk"]},
        )
    ]
