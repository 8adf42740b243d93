"""Background work of the catalogue. Every task may run twice without harm."""

from django_q.tasks import async_task

from matters import upkeep

SECONDS_AT_ONCE = 60  # half of what the worker gives a task, so that a slow web site does not end it


def check_catalogue_task(after: int = 0) -> None:
    """Check a stretch of the catalogue and ask for the next one."""
    report = upkeep.run(after=after, seconds=SECONDS_AT_ONCE)
    if report.next_after is not None:
        async_task("matters.tasks.check_catalogue_task", report.next_after)
