"""Files that staff load into a set: tried out first, with every problem listed, then applied or dropped. Inner side only."""

import uuid
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import IO

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django_q.tasks import async_task

from identity.models import User
from matters.datasets import record, sending, services, stock, trial
from matters.models import DataLoad, DataSet, DataSetChange

State = DataLoad.State
# Smaller files are tried while the person waits, larger ones by the worker.
AT_ONCE = 256 * 1024
# Seconds for the worker: longer than other tasks may take. The queue may hand the task out a second time meanwhile; whoever
# comes second finds the state changed, or waits for the set's lock and then finds it changed.
LONGEST = 1800


class _Faulty(Exception):
    """A file that was fine when tried is not any more: nothing of it may stay."""


def receive(dataset: DataSet, file: IO[bytes], name: str, mode: str, *, by: User) -> DataLoad:
    """Keep an uploaded file for this set and try it; an earlier one that was not applied is dropped."""
    for waiting in dataset.loads.filter(state__in=(State.CHECKING, State.FAULTY, State.READY)):
        drop(waiting)
    file.seek(0)
    stored = default_storage.save(f"datasets/{uuid.uuid4()}", File(file))
    load = dataset.loads.create(mode=mode, file_name=name[:200], stored=stored, by=by)
    _run("check", load)
    load.refresh_from_db()
    return load


def start(load: DataLoad) -> None:
    """Apply a load that was tried and found right; ValueError for any other, as after a second click."""
    if not DataLoad.objects.filter(pk=load.pk, state=State.READY).update(state=State.APPLYING):
        raise ValueError("这份文件已经处理过了。")
    _run("apply", load)


def drop(load: DataLoad) -> None:
    """Forget a file that is not to be applied."""
    if (
        DataLoad.objects.filter(pk=load.pk)
        .exclude(state__in=(State.APPLYING, State.APPLIED))
        .update(state=State.DROPPED)
    ):
        _forget(load)


def check(pk: int) -> None:
    """Try a file: count its records and list its problems. Running it again gives the same."""
    load = DataLoad.objects.select_related("dataset").get(pk=pk)
    if load.state != State.CHECKING:
        return
    definition = services.working(load.dataset).definition
    outcome, known, seen = trial.Outcome(), stock.keys(load.dataset), set[str]()
    with _opened(load) as file:
        for values in trial.read(file, definition, outcome):
            seen.add(stock.key_of(definition, values))
    load.added = len(seen - known)
    load.removed = len(known - seen) if load.mode == DataLoad.Mode.REPLACE else 0
    _keep(load, outcome, State.FAULTY if outcome.problem_count else State.READY)


def apply(pk: int) -> None:
    """Put a file's records in place, all or nothing, and send them when the set is public and unchanged since."""
    load = DataLoad.objects.select_related("dataset", "by").get(pk=pk)
    if load.state != State.APPLYING:
        return
    outcome = trial.Outcome()
    try:
        with transaction.atomic():
            _apply(load, outcome)
    except _Faulty:
        _keep(load, outcome, State.FAULTY)
    else:
        _forget(load)


def _apply(load: DataLoad, outcome: trial.Outcome) -> None:
    dataset = DataSet.objects.select_for_update(of=("self",)).select_related("current").get(pk=load.dataset_id)
    if DataLoad.objects.get(pk=load.pk).state != State.APPLYING:
        return  # another worker was given the same task and was quicker
    version = services.working(dataset)
    # While a changed definition waits to be published, its records wait with it.
    is_shown = version == dataset.current
    with _opened(load) as file:
        records = trial.read(file, version.definition, outcome)
        if load.mode == DataLoad.Mode.REPLACE:
            stock.replace(dataset, version.definition, records)
            if is_shown:
                sending.send_all(dataset)
        else:
            changed = stock.put(dataset, version.definition, records)
            sending.send_some(dataset, changed) if is_shown else deque(changed, maxlen=0)
    if outcome.problem_count:
        raise _Faulty
    DataSet.objects.filter(pk=dataset.pk).update(row_count=dataset.stock.count())
    record.note(dataset, version, DataSetChange.Action.LOADED, load.by or "", _words(load, outcome))
    DataLoad.objects.filter(pk=load.pk).update(state=State.APPLIED, rows=outcome.rows)


def _words(load: DataLoad, outcome: trial.Outcome) -> str:
    return f"{load.get_mode_display()}：{load.file_name}，{outcome.rows} 条"


def _keep(load: DataLoad, outcome: trial.Outcome, state: str) -> None:
    """Write down what came of it, unless another worker with the same task has been quicker."""
    mine = DataLoad.objects.filter(pk=load.pk, state=load.state)
    is_kept = mine.update(
        state=state,
        rows=outcome.rows,
        added=load.added,
        removed=load.removed,
        problem_count=outcome.problem_count,
        problems=[problem.as_json() for problem in outcome.problems],
    )
    if is_kept and state == State.FAULTY:
        _forget(load)


def _run(step: str, load: DataLoad) -> None:
    if default_storage.size(load.stored) <= AT_ONCE:
        STEPS[step](load.pk)
    else:
        transaction.on_commit(partial(async_task, f"matters.datasets.loads.{step}", load.pk, timeout=LONGEST))


def _forget(load: DataLoad) -> None:
    """The file holds whole records: it is deleted as soon as it is not needed."""
    default_storage.delete(load.stored)


@contextmanager
def _opened(load: DataLoad) -> Iterator[IO[bytes]]:
    with default_storage.open(load.stored, "rb") as file:
        yield file


STEPS: dict[str, Callable[[int], None]] = {"check": check, "apply": apply}
