"""The number by which web processes tell whether a page they kept still holds."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("identity", "0002_department_coordinates")]

    operations = [
        migrations.CreateModel(
            name="PublicRevision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveBigIntegerField(default=0, verbose_name="公开内容改动次数")),
            ],
        )
    ]
