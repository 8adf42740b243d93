"""The database itself refuses to change a published guide, whoever asks.

A published version may only be withdrawn; a withdrawn one stays as it is. On PostgreSQL it cannot be deleted either. On
SQLite deletion is left to the foreign keys of matters and cases: Django empties tables with DELETE there, row by row.
"""

from django.db import migrations

MESSAGE = "a published guide version never changes"
FROZEN = ["matter_id", "number", "uid", "content", "digest", "effective_on", "published_at", "published_by_name"]

SQLITE = f"""
CREATE TRIGGER matters_guideversion_frozen BEFORE UPDATE ON matters_guideversion
WHEN OLD.state <> 'draft' AND (
    NOT (NEW.state = OLD.state OR (OLD.state = 'published' AND NEW.state = 'withdrawn'))
    OR {" OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in FROZEN)}
)
BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END
"""

POSTGRES = f"""
CREATE FUNCTION matters_guideversion_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'draft' THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'DELETE'
        OR NOT (NEW.state = OLD.state OR (OLD.state = 'published' AND NEW.state = 'withdrawn'))
        OR {" OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in FROZEN)}
    THEN
        RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER matters_guideversion_frozen BEFORE UPDATE OR DELETE ON matters_guideversion
FOR EACH ROW EXECUTE FUNCTION matters_guideversion_frozen();
"""


def freeze(apps, schema_editor):
    schema_editor.execute({"sqlite": SQLITE, "postgresql": POSTGRES}[schema_editor.connection.vendor])


def thaw(apps, schema_editor):
    on_table = " ON matters_guideversion" if schema_editor.connection.vendor == "postgresql" else ""
    schema_editor.execute(f"DROP TRIGGER matters_guideversion_frozen{on_table}")
    if on_table:
        schema_editor.execute("DROP FUNCTION matters_guideversion_frozen()")


class Migration(migrations.Migration):
    dependencies = [("matters", "0001_initial")]
    operations = [migrations.RunPython(freeze, thaw)]
