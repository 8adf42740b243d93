"""Data sets as they arrive on the outer side: a load is collected part by part and shown only when all of it is there and right."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from matters.datasets import rows
from matters.datasets.catalogue import describe
from matters.datasets.definition import Definition
from matters.datasets.rows import Row
from matters.models import DataLoad, DataSet, DataSetVersion, Generation, PublicLookup, PublicRow

BATCH = 2000
Final = dict[str, Any]


class Mismatch(Exception):
    """What arrived is not what was announced; the text says in what. Nothing of it may be shown."""


def take_part(
    dataset: DataSet, version: DataSetVersion, number: int, part: int, chunk: list[Row], final: Final | None
) -> None:
    """Store one part of a load, and show the load when it was the last that was missing.

    Parts may come in any order and more than once; one of a load that is shown or overtaken changes nothing.
    """
    if number <= dataset.load_number:
        return
    generation, _new = Generation.objects.get_or_create(dataset=dataset, number=number)
    if part not in generation.parts:
        _store(generation, version.definition, part, chunk)
        generation.parts = sorted([*generation.parts, part])
    generation.final = final or generation.final
    generation.save()
    if generation.final and generation.parts == list(range(generation.final["parts"])):
        _show(dataset, generation, version)


def forget(dataset: DataSet) -> None:
    """Delete every record of a set: it was withdrawn."""
    dataset.current, dataset.generation, dataset.row_count = None, None, 0
    dataset.save(update_fields=["current", "generation", "row_count"])
    _delete(dataset.generations.all())


def _store(generation: Generation, definition: Definition, part: int, chunk: list[Row]) -> None:
    stored = [_row(generation, definition, part, row) for row in chunk]
    PublicRow.objects.bulk_create(stored, batch_size=BATCH)
    found = [
        PublicLookup(generation=generation, field=number, text=text, row=kept)
        for kept, row in zip(stored, chunk, strict=True)
        for number, text in rows.lookups(definition, row)
    ]
    PublicLookup.objects.bulk_create(found, batch_size=BATCH)


def _row(generation: Generation, definition: Definition, part: int, row: Row) -> PublicRow:
    first, second, third = rows.sort_texts(definition, row)
    return PublicRow(
        generation=generation,
        part=part,
        ref=row["ref"],
        values=row["values"],
        digest=rows.row_digest(row),
        sort_1=first,
        sort_2=second,
        sort_3=third,
    )


def _show(dataset: DataSet, generation: Generation, version: DataSetVersion) -> None:
    """Switch to a whole load, inside the importer's transaction: nobody sees half of it."""
    final: Final = generation.final or {}
    _compare(generation, final)
    if final["mode"] == DataLoad.Mode.UPSERT and dataset.generation is not None:
        _merge(dataset.generation, generation)
    else:
        dataset.generation = generation
    total = PublicRow.objects.filter(generation=dataset.generation).count()
    if total != final["total"]:
        raise Mismatch(f"应有 {final['total']} 条，合并后是 {total} 条。请在内网重新发送全部记录。")
    if dataset.current != version:
        dataset.current = version
        describe(dataset, version.definition)
    dataset.load_number, dataset.row_count = generation.number, total
    dataset.loaded_at = datetime.fromisoformat(final["loaded_at"])
    dataset.save()
    old = dataset.generations.filter(number__lte=dataset.load_number)
    _delete(old.exclude(pk=dataset.generation.pk))


def _compare(generation: Generation, final: Final) -> None:
    stored = PublicRow.objects.filter(generation=generation).order_by("part", "pk")
    digests = rows.Digests(stored.values_list("digest", flat=True).iterator(BATCH))
    if (digests.count, digests.hexdigest()) != (final["count"], final["digest"]):
        raise Mismatch(f"第 {generation.number} 次装入的记录和摘要不一致，没有启用。")


def _merge(shown: Generation, arrived: Generation) -> None:
    """Put the arrived records among those shown, in place of their namesakes."""
    refs = PublicRow.objects.filter(generation=arrived).values("ref")
    replaced = PublicRow.objects.filter(generation=shown, ref__in=refs)
    PublicLookup.objects.filter(row__in=replaced.values("pk")).delete()
    replaced.delete()
    PublicLookup.objects.filter(generation=arrived).update(generation=shown)
    PublicRow.objects.filter(generation=arrived).update(generation=shown)


def _delete(generations: QuerySet[Generation]) -> None:
    """Remove generations that are shown no more, with what never became whole before them."""
    names = list(generations.values_list("pk", flat=True))
    # In this order and by these filters each is one statement; the rows' foreign keys do nothing by themselves.
    PublicLookup.objects.filter(generation__in=names).delete()
    PublicRow.objects.filter(generation__in=names).delete()
    Generation.objects.filter(pk__in=names).delete()
