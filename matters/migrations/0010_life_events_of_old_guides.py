"""Guides that are in force already get what lists read of them: life events by their themes, and how far they go online.

The index of search is built by whoever searches first (matters.search.index), or by ``manage.py reindex_catalogue``.
"""

from django.db import migrations

from matters.lifeevents import OF_THEME

OTHER = "8"


def describe(apps, schema_editor):
    matters = apps.get_model("matters", "Matter")
    tags = apps.get_model("matters", "MatterTag")
    for matter in matters.objects.filter(current__isnull=False).select_related("current").iterator(200):
        guide = matter.current.content.get("guide") or {}
        depths = (guide.get("service_capability") or {}).get("depth") or []
        matter.depth = max((depth for depth in depths if depth != OTHER), default="".join(depths[:1]))
        matter.life_events = list(dict.fromkeys(OF_THEME[theme] for theme in matter.themes if theme in OF_THEME))
        matter.save(update_fields=["depth", "life_events"])
        tags.objects.bulk_create(
            [tags(matter=matter, kind="life", value=value) for value in matter.life_events], ignore_conflicts=True
        )


class Migration(migrations.Migration):
    dependencies = [("matters", "0009_finding")]
    operations = [migrations.RunPython(describe, migrations.RunPython.noop)]
