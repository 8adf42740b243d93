"""Runs on the inner site: accept half of the waiting cases through perform, change the other half by plain SQL, in turns."""

import json
import os
import statistics
import sys
from functools import partial

import django

from bench import timing


def measure(wanted: int) -> dict[str, float]:
    """Medians over the cases; each pair one after the other, so that both see the same machine."""
    from django.db import connection, transaction

    from applications import actors, services
    from applications.models import Application
    from applications.states import State
    from identity.models import Post

    waiting = list(Application.objects.filter(state=State.RECEIVED).order_by("pk")[:wanted])
    clerks = {post.department_id: actors.staff(post.user) for post in Post.objects.filter(role="clerk", active=True)}
    table = Application._meta.db_table

    def perform(case: Application) -> None:
        services.perform(case.pk, "accept", actor=clerks[case.department_id], seen=case.seen, render=False)

    def update(case: Application) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {table} SET state = %s, version = version + 1 WHERE id = %s AND version = %s",
                [State.ACCEPTED, case.pk, case.version],
            )

    moves = [timing.seconds(partial(perform, case)) for case in waiting[::2]]
    updates = [timing.seconds(partial(update, case)) for case in waiting[1::2]]
    return {"perform_over_update": statistics.median(moves) / statistics.median(updates)}


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hall.settings")
    django.setup()
    print(json.dumps(measure(int(sys.argv[1]))))
