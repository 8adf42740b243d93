"""When a seal came back from the other side after a restoration. The triggers of 0010 are put back: SQLite may make the table anew."""

from importlib import import_module

from django.db import migrations, models

kept = import_module("applications.migrations.0010_evidence_is_only_added_to")


class Migration(migrations.Migration):
    dependencies = [("applications", "0020_document_number")]

    operations = [
        migrations.RunPython(kept.let_go, kept.hold),
        migrations.AddField(
            model_name="evidenceseal",
            name="returned_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="对方退还的时间"),
        ),
        migrations.RunPython(kept.hold, kept.let_go),
    ]
