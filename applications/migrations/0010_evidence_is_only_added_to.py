"""The database itself refuses to change or remove an event, a seal, or what the other side told of its own.

A later migration that adds a column to one of these tables makes it anew on SQLite, and the triggers are lost with the old
table: let it run ``let_go`` first and ``hold`` last, as matters 0008 does. Emptying a table whole (TRUNCATE) stays possible
on PostgreSQL to the owner of the database; the seals and the other side's copy show it.
"""

from django.db import migrations

TABLES = [
    "applications_event",
    "applications_evidenceseal",
    "applications_sealedhead",
    "applications_peerseal",
    "applications_peerhead",
]
MESSAGE = "evidence is only added to"


def sqlite_trigger(table, verb):
    return f"CREATE TRIGGER {table}_kept_{verb.lower()} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"


SQLITE = [sqlite_trigger(table, verb) for table in TABLES for verb in ("UPDATE", "DELETE")]
SQLITE_DROP = [f"DROP TRIGGER {table}_kept_{verb}" for table in TABLES for verb in ("update", "delete")]
POSTGRES = [
    f"""
CREATE FUNCTION applications_evidence_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation';
END $$;
""",
    *(
        f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION applications_evidence_kept()"
        for table in TABLES
    ),
]
POSTGRES_DROP = [
    *(f"DROP TRIGGER {table}_kept ON {table}" for table in TABLES),
    "DROP FUNCTION applications_evidence_kept()",
]


def hold(apps, schema_editor):
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRES}[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def let_go(apps, schema_editor):
    for statement in {"sqlite": SQLITE_DROP, "postgresql": POSTGRES_DROP}[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("applications", "0009_evidence_seals")]

    operations = [migrations.RunPython(hold, let_go)]
