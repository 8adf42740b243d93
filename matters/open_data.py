"""The whole published catalogue as files: made in the background when something public changed, never while somebody waits.

A release is built from the database row by row (memory stays flat), written to the file store, and only then named in the
database. Whoever downloads an older one may finish: the one before stays until the next.
"""

import csv
import gzip
import hashlib
import io
import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from typing import IO, Any

from django.conf import settings
from django.core.cache import cache
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django_q.tasks import async_task

from identity import revision
from matters import open_data_rows as rows
from matters.models import Matter, OpenDataRelease

KEPT = 2
AT_A_TIME = 100
SMALL = 200  # so many matters are written out in less than a second, and need not wait for the worker
QUIET_SECONDS = 120
ENDINGS = {"json": "json", "gz": "json.gz", "csv": "csv"}
NEEDED = (
    *(
        "pk",
        "uid",
        "code",
        "base_code",
        "name",
        "name_en",
        "type_code",
        "case_kind",
        "level",
        "visits_needed",
        "online",
    ),
    *("promised_value", "promised_unit", "department__code", "department__name"),
    *("current__number", "current__digest", "current__effective_on", "current__published_at", "current__content"),
)


def latest() -> OpenDataRelease | None:
    """The release to give out."""
    return OpenDataRelease.objects.first()


def wanted() -> OpenDataRelease | None:
    """The same, and see to it that a newer one is made when something has changed; a small catalogue's first is made now."""
    release = latest()
    if release is None and _published().count() <= SMALL:
        return make()
    if release is None or release.revision != revision.current():
        enqueue()
    return release


def enqueue() -> None:
    """Ask the worker for a release, once in a while however many ask."""
    if cache.add("matters:open-data", True, timeout=QUIET_SECONDS):
        async_task("matters.open_data.refresh")


def refresh() -> bool:
    """Make a release if something public changed since the last, or files are gone; True when one was made. For ``tick`` and
    the worker."""
    release = latest()
    if release is not None and release.revision == revision.current() and is_whole(release):
        return False
    make()
    return True


def is_whole(release: OpenDataRelease) -> bool:
    """Whether its files are all there; somebody may have emptied the store."""
    return all(default_storage.exists(file["path"]) for file in release.files.values())


def make() -> OpenDataRelease:
    """Write all files and name them as the release to give out."""
    number, made_at = revision.current(), timezone.localtime()  # the number first: what changes meanwhile makes another
    with translation.override(settings.LANGUAGE_CODE), ExitStack() as stack:  # whoever asked, the table is in Chinese
        spools = {kind: stack.enter_context(tempfile.TemporaryFile()) for kind in ENDINGS}
        count = _write(spools, number, made_at.isoformat(timespec="seconds"))
        files = {kind: _store(spool, ENDINGS[kind]) for kind, spool in spools.items()}
    release = OpenDataRelease.objects.create(revision=number, made_at=made_at, matters=count, files=files)
    _forget_old()
    return release


def guide_url(code: str) -> str:
    """The public page of a matter."""
    return f"{settings.HALL_OUTER_URL}{reverse('matters:guide', args=[code])}"


def publisher() -> str:
    """Who answers for the data."""
    return settings.HALL_SPONSOR["name"] or settings.HALL_NAME


def _published() -> Any:
    return Matter.objects.filter(active=True, current__isnull=False)


def _rows() -> Iterator[dict[str, Any]]:
    """All published matters by code, a few at a time."""
    last = ""
    while batch := list(_published().filter(code__gt=last).order_by("code").values(*NEEDED)[:AT_A_TIME]):
        yield from batch
        last = batch[-1]["code"]


def _write(spools: Mapping[str, IO[bytes]], number: int, made_at: str) -> int:
    """All files in one pass over the rows; how many matters there were."""
    # mtime=0: the same catalogue at the same moment gives the same bytes.
    with gzip.GzipFile(fileobj=spools["gz"], mode="wb", mtime=0) as packed:

        def both(text: str) -> None:
            data = text.encode()
            spools["json"].write(data)
            packed.write(data)

        table = io.TextIOWrapper(spools["csv"], "utf-8-sig", newline="", write_through=True)
        count = _write_rows(both, csv.writer(table), number, made_at)
        table.detach()
    return count


def _write_rows(put: Callable[[str], None], table: Any, number: int, made_at: str) -> int:
    facts = rows.head(
        publisher=publisher(),
        licence=settings.HALL_OPEN_DATA_LICENCE,
        source=settings.HALL_OUTER_URL,
        made_at=made_at,
        revision=number,
        count=_published().count(),
    )
    put(_json(facts)[:-1] + ',\n"matters": [')
    table.writerow(rows.COLUMNS)
    count = 0
    for count, row in enumerate(_rows(), start=1):
        address = guide_url(row["code"])
        put(("\n" if count == 1 else ",\n") + _json(rows.record(row, address)))
        table.writerow(rows.cells(row, address))
    put("\n]}\n")
    return count


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _store(spool: IO[bytes], ending: str) -> dict[str, Any]:
    """Keep a file under the hash of its bytes."""
    spool.seek(0)
    digest = hashlib.file_digest(spool, "sha256").hexdigest()  # type: ignore[arg-type]  # a temporary file can be read into
    size = spool.tell()
    path = f"open-data/{digest}.{ending}"
    if not default_storage.exists(path):
        spool.seek(0)
        path = default_storage.save(path, File(spool))
    return {"path": path, "size": size, "sha256": digest}


def _forget_old() -> None:
    """Remove the releases but the last two, and their files unless a later one has the same."""
    with transaction.atomic():
        old = list(OpenDataRelease.objects.order_by("-pk")[KEPT:])
        OpenDataRelease.objects.filter(pk__in=[release.pk for release in old]).delete()
    needed = {file["path"] for release in OpenDataRelease.objects.all() for file in release.files.values()}
    for path in {file["path"] for release in old for file in release.files.values()} - needed:
        default_storage.delete(path)
