"""Runs on a site: one real case copied by the database itself, with a paper each, and the status query asked at random."""

import json
import os
import random
import statistics
import sys

import django

from bench import perform_workers_side, timing

ASKED = 400
# Six characters, as codes are.
CODE = "upper(substr(md5(n::text), 1, 6))"


def measure(few: int, many: int) -> dict[str, float]:
    """Median seconds of an answer; what was copied is taken away again."""
    from django.db import connection

    _file_one()
    found, made = {}, 0
    for wanted in (few, many):
        with connection.cursor() as cursor:
            _copy(cursor, made, wanted)
            cursor.execute("VACUUM ANALYZE")
        made = wanted
        found[wanted] = statistics.median(_spent(wanted))
        print(f"{wanted}: {found[wanted] * 1000:.2f} ms", file=sys.stderr)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM applications_document WHERE number LIKE 'S-%'")
        cursor.execute("DELETE FROM applications_application WHERE number LIKE 'S0%'")
    return {"status_1m_over_10k": found[many] / found[few]}


def _file_one() -> None:
    """A case with a paper: the notice of its acceptance."""
    from applications import services
    from applications.models import Application, Document
    from matters.models import Matter

    if not Document.objects.exists():
        perform_workers_side.file(Matter.objects.filter(online=True, active=True).exclude(current=None).first())
        case = Application.objects.latest("pk")
        clerk = perform_workers_side.clerks()[case.department_id]
        services.perform(case.pk, "accept", actor=clerk, seen=None, render=False)


def _copy(cursor: object, made: int, wanted: int) -> None:
    """Rows as the database copies them: everything like the first case but what names it."""
    _insert(
        cursor,
        "applications_application",
        {"uid": "gen_random_uuid()", "number": "'S' || lpad(n::text, 20, '0')", "query_code": CODE},
        f"generate_series({made}, {wanted - 1}) AS n",
        "SELECT min(id) FROM applications_application",
    )
    paper = {
        "uid": "gen_random_uuid()",
        "number": "'S-' || made.number",
        "check_code": "'S' || made.id",
        "application_id": "made.id",
    }
    first, last = f"S{made:020d}", f"S{wanted - 1:020d}"
    source = f"(SELECT id, number FROM applications_application WHERE number BETWEEN '{first}' AND '{last}') AS made"
    _insert(cursor, "applications_document", paper, source, "SELECT min(id) FROM applications_document")


def _insert(cursor: object, table: str, changed: dict[str, str], source: str, pattern: str) -> None:
    cursor.execute(  # type: ignore[attr-defined]
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND column_name <> 'id'", [table]
    )
    names = [name for (name,) in cursor.fetchall()]  # type: ignore[attr-defined]
    values = ", ".join(changed.get(name, f'pattern."{name}"') for name in names)
    columns = ", ".join(f'"{name}"' for name in names)
    cursor.execute(  # type: ignore[attr-defined]
        f"INSERT INTO {table} ({columns}) SELECT {values} FROM {source}, {table} pattern WHERE pattern.id = ({pattern})"
    )


def _spent(count: int) -> list[float]:
    """Seconds of each question: half by the number of the case, half by that of its paper."""
    from applications import public_status
    from applications.models import Application

    chance = random.Random(7)
    spent = []
    for turn in range(ASKED):
        number = f"S{chance.randrange(count):020d}"
        code = Application.objects.values_list("query_code", flat=True).get(number=number)
        asked = number if turn % 2 else f"S-{number}"

        def ask(asked: str = asked, code: str = code) -> None:
            assert public_status.find(asked, code) is not None, asked

        ask()
        spent.append(timing.seconds(ask))
    return spent


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hall.settings")
    django.setup()
    print(json.dumps(measure(int(sys.argv[1]), int(sys.argv[2]))))
