from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sync", "0007_deliveries_by_volume")]

    operations = [
        migrations.AddField(
            model_name="stream",
            name="awaits_return",
            field=models.BooleanField(default=False, verbose_name="等待对端退还"),
        ),
        migrations.AddField(
            model_name="quarantine",
            name="epoch",
            field=models.UUIDField(null=True, verbose_name="流编号"),
        ),
    ]
