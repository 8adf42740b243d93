"""The database itself refuses to change a published package, as it does for guides (0002).

Trap: SQLite makes a table anew for AddField and AlterField and loses the trigger; wrap such a migration in thaw and freeze.
"""

from django.db import migrations

MESSAGE = "a published joint version never changes"
FROZEN = ["joint_id", "number", "uid", "content", "digest", "effective_on", "published_at", "published_by_name"]
OPEN = "('draft', 'review')"

SQLITE = f"""
CREATE TRIGGER matters_jointversion_frozen BEFORE UPDATE ON matters_jointversion
WHEN OLD.state NOT IN {OPEN} AND (
    NOT (NEW.state = OLD.state OR (OLD.state = 'published' AND NEW.state = 'withdrawn'))
    OR {" OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in FROZEN)}
)
BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END
"""

POSTGRES = f"""
CREATE FUNCTION matters_jointversion_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state IN {OPEN} THEN
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
CREATE TRIGGER matters_jointversion_frozen BEFORE UPDATE OR DELETE ON matters_jointversion
FOR EACH ROW EXECUTE FUNCTION matters_jointversion_frozen();
"""


def freeze(apps, schema_editor):
    schema_editor.execute({"sqlite": SQLITE, "postgresql": POSTGRES}[schema_editor.connection.vendor])


def thaw(apps, schema_editor):
    on_table = " ON matters_jointversion" if schema_editor.connection.vendor == "postgresql" else ""
    schema_editor.execute(f"DROP TRIGGER matters_jointversion_frozen{on_table}")
    if on_table:
        schema_editor.execute("DROP FUNCTION matters_jointversion_frozen()")


class Migration(migrations.Migration):
    dependencies = [("matters", "0005_joint_matters")]
    operations = [migrations.RunPython(freeze, thaw)]
