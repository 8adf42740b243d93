from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sync", "0006_transports")]

    operations = [
        migrations.AddField(
            model_name="stream",
            name="awaits_return",
            field=models.BooleanField(default=False, verbose_name="等待对端退还"),
        ),
    ]
