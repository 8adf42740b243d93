"""Review and release of guide versions, the half-yearly check, what the nightly check finds; and the triggers that hold it.

The database itself refuses what no page offers: changing a version that is being reviewed or is published, a state that
does not follow from the one before, and a record of changes (备案) that is rewritten. Only the row of one sitting may grow.
On PostgreSQL nothing but drafts is deleted. On SQLite deletion is left to the foreign keys of matters and cases: Django
empties tables with DELETE there, row by row.
"""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

before = import_module("matters.migrations.0002_published_guides_never_change")

VERSION = "matters_guideversion"
MESSAGE = "a published guide version never changes"
REVIEWED = "a guide version under review never changes"
LEGAL = "a guide version never changes from this state to that"
RECORD = "the record of changes is only added to"

# state -> states that may follow; staying is always legal
FOLLOW = {
    "draft": ("review", "published"),
    "review": ("draft", "approved"),
    "approved": ("draft", "published"),
    "published": ("withdrawn",),
    "withdrawn": (),
}
WRITTEN = ["matter_id", "number", "uid", "content"]
RELEASED = [*WRITTEN, "digest", "effective_on", "published_at", "published_by_name"]


def differs(columns: list[str], unlike: str) -> str:
    return "(" + " OR ".join(f"NEW.{name} {unlike} OLD.{name}" for name in columns) + ")"


def illegal_move() -> str:
    legal = [f"(OLD.state = '{old}' AND NEW.state = '{new}')" for old, news in FOLLOW.items() for new in news]
    return f"NOT (NEW.state = OLD.state OR {' OR '.join(legal)})"


def released_changes(unlike: str) -> str:
    withdrawing = "(OLD.state = 'published' AND NEW.state = 'withdrawn')"
    stays = differs(RELEASED, unlike)
    return f"OLD.state IN ('published', 'withdrawn') AND ({stays} OR (NEW.withdrawn_on {unlike} OLD.withdrawn_on AND NOT {withdrawing}))"


def reviewed_changes(unlike: str) -> str:
    return f"OLD.state IN ('review', 'approved') AND {differs(WRITTEN, unlike)}"


def record_rewritten(unlike: str, loses_fields: str) -> str:
    kept = ["version_id", "action", "by_id", "by_name", "note"]
    return f"OLD.action <> 'edited' OR {differs(kept, unlike)} OR NEW.at < OLD.at OR {loses_fields}"


SQLITE_LOSES = "EXISTS (SELECT 1 FROM json_each(OLD.fields) AS o WHERE o.value NOT IN (SELECT n.value FROM json_each(NEW.fields) AS n))"


def sqlite_trigger(name: str, table: str, when: str, message: str) -> str:
    return f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} WHEN {when} BEGIN SELECT RAISE(ABORT, '{message}'); END"


SQLITE = [
    sqlite_trigger("matters_guideversion_frozen", VERSION, released_changes("IS NOT"), MESSAGE),
    sqlite_trigger("matters_guideversion_reviewed", VERSION, reviewed_changes("IS NOT"), REVIEWED),
    sqlite_trigger("matters_guideversion_moves", VERSION, illegal_move(), LEGAL),
    sqlite_trigger("matters_guidechange_kept", "matters_guidechange", record_rewritten("IS NOT", SQLITE_LOSES), RECORD),
]
SQLITE_DROP = [
    "DROP TRIGGER matters_guideversion_frozen",
    "DROP TRIGGER matters_guideversion_reviewed",
    "DROP TRIGGER matters_guideversion_moves",
    "DROP TRIGGER matters_guidechange_kept",
]


def raise_(message: str) -> str:
    return f"RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'"


POSTGRES = [
    f"""
CREATE FUNCTION matters_guideversion_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.state = 'draft' THEN RETURN OLD; END IF;
        {raise_(MESSAGE)};
    END IF;
    IF {released_changes("IS DISTINCT FROM")} THEN {raise_(MESSAGE)}; END IF;
    IF {reviewed_changes("IS DISTINCT FROM")} THEN {raise_(REVIEWED)}; END IF;
    IF {illegal_move()} THEN {raise_(LEGAL)}; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER matters_guideversion_frozen BEFORE UPDATE OR DELETE ON matters_guideversion
FOR EACH ROW EXECUTE FUNCTION matters_guideversion_frozen();
""",
    f"""
CREATE FUNCTION matters_guidechange_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF (SELECT state FROM matters_guideversion WHERE id = OLD.version_id) = 'draft' THEN RETURN OLD; END IF;
        {raise_(RECORD)};
    END IF;
    IF {record_rewritten("IS DISTINCT FROM", "NOT NEW.fields @> OLD.fields")} THEN {raise_(RECORD)}; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER matters_guidechange_kept BEFORE UPDATE OR DELETE ON matters_guidechange
FOR EACH ROW EXECUTE FUNCTION matters_guidechange_kept();
""",  # noqa: S608
]
POSTGRES_DROP = [
    "DROP TRIGGER matters_guideversion_frozen ON matters_guideversion",
    "DROP FUNCTION matters_guideversion_frozen()",
    "DROP TRIGGER matters_guidechange_kept ON matters_guidechange",
    "DROP FUNCTION matters_guidechange_kept()",
]


def hold(apps, schema_editor):
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRES}[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def let_go(apps, schema_editor):
    for statement in {"sqlite": SQLITE_DROP, "postgresql": POSTGRES_DROP}[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("matters", "0007_datasets")]

    # SQLite adds a column by making the table anew, and the triggers are lost with the old one.
    operations = [
        migrations.RunPython(before.thaw, before.freeze),
        migrations.CreateModel(
            name="CatalogueFinding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("content", "内容不合要求"),
                            ("basis", "依据可能失效"),
                            ("form", "表格或样表"),
                            ("link", "网址打不开"),
                            ("due", "核对到期"),
                        ],
                        max_length=10,
                        verbose_name="类别",
                    ),
                ),
                ("key", models.CharField(editable=False, max_length=64)),
                ("sentence", models.TextField(verbose_name="发现了什么")),
                ("first_seen", models.DateTimeField(verbose_name="首次发现")),
                ("last_seen", models.DateTimeField(verbose_name="最近发现")),
                ("resolved_at", models.DateTimeField(blank=True, null=True, verbose_name="解决时间")),
            ],
            options={
                "ordering": ["matter", "kind", "pk"],
            },
        ),
        migrations.AddField(
            model_name="guideversion",
            name="withdrawn_on",
            field=models.DateField(blank=True, null=True, verbose_name="撤回日期"),
        ),
        migrations.AddField(
            model_name="matter",
            name="checked_by_name",
            field=models.CharField(blank=True, max_length=100, verbose_name="确认人"),
        ),
        migrations.AddField(
            model_name="matter",
            name="checked_on",
            field=models.DateField(blank=True, null=True, verbose_name="确认有效日期"),
        ),
        migrations.AlterField(
            model_name="guidechange",
            name="action",
            field=models.CharField(
                choices=[
                    ("drafted", "新建草稿"),
                    ("edited", "修改"),
                    ("imported", "导入"),
                    ("submitted", "提交审核"),
                    ("taken_back", "收回"),
                    ("returned", "退回修改"),
                    ("approved", "审核通过"),
                    ("published", "发布"),
                    ("withdrawn", "撤回"),
                    ("confirmed", "确认仍然有效"),
                ],
                max_length=10,
                verbose_name="做了什么",
            ),
        ),
        migrations.AlterField(
            model_name="guideversion",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "草稿"),
                    ("review", "待审核"),
                    ("approved", "待发布"),
                    ("published", "已发布"),
                    ("withdrawn", "已撤回"),
                ],
                default="draft",
                max_length=9,
                verbose_name="状态",
            ),
        ),
        migrations.AddIndex(
            model_name="guideversion",
            index=models.Index(fields=["state", "matter"], name="guide_version_state"),
        ),
        migrations.AddConstraint(
            model_name="guideversion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["draft", "review", "approved"])),
                fields=("matter",),
                name="guide_version_one_unpublished",
            ),
        ),
        migrations.AddField(
            model_name="cataloguefinding",
            name="matter",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="findings",
                to="matters.matter",
                verbose_name="事项",
            ),
        ),
        migrations.AddIndex(
            model_name="cataloguefinding",
            index=models.Index(
                condition=models.Q(("resolved_at", None)), fields=["matter"], name="catalogue_finding_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="cataloguefinding",
            constraint=models.UniqueConstraint(fields=("matter", "key"), name="catalogue_finding_once"),
        ),
        migrations.RunPython(hold, let_go),
    ]
