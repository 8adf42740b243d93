"""Sets that the hall defines and fills itself: no draft, no second person, a record at a time. Inner side only."""

from collections.abc import Mapping

from django.db import IntegrityError, transaction

from identity.models import Department
from matters.datasets import sending, services, stock
from matters.datasets.definition import Definition
from matters.models import DataSet

SYSTEM = "系统"


def ensure(slug: str, definition: Definition, department: Department) -> DataSet:
    """The set with this address, made and published when it is not there, published anew when its definition changed."""
    dataset = DataSet.objects.select_related("current").filter(slug=slug).first()
    if dataset is None:
        dataset = _made(slug, definition, department)
    if dataset.current is None or dataset.current.content != definition.model_dump(mode="json"):
        services.save_draft(dataset, definition, by=SYSTEM)
        services.publish(dataset, by=SYSTEM)
    return dataset


def _made(slug: str, definition: Definition, department: Department) -> DataSet:
    try:
        with transaction.atomic():
            content = definition.model_dump(mode="json")
            return services.create(slug, department, content, by=SYSTEM, built_in=True)
    except IntegrityError:
        return DataSet.objects.select_related("current").get(slug=slug)  # another case made it in this moment


@transaction.atomic
def put(dataset: DataSet, values: Mapping[str, str]) -> bool:
    """Add or update one record and send it, with the others when they are sent anew; False when it was there already.

    The set's row is locked until the commit.
    """
    dataset = DataSet.objects.select_for_update(of=("self",)).select_related("current").get(pk=dataset.pk)
    assert dataset.current is not None
    changed = list(stock.put(dataset, dataset.current.definition, [dict(values)]))
    if changed and dataset.loaded_at is not None:
        sending.send_some(dataset, changed)
    return bool(changed)


def send_anew_later(slug: str) -> None:
    """Records that were sent are not all here: until they are, the outer side keeps what it shows, then it gets the whole set."""
    DataSet.objects.filter(slug=slug, built_in=True).update(loaded_at=None)


@transaction.atomic
def send_anew() -> int:
    """Send every set that waits for it; how many."""
    waiting = DataSet.objects.select_for_update(of=("self",)).filter(built_in=True, loaded_at=None)
    found = list(waiting.exclude(current=None).select_related("current"))
    for dataset in found:
        sending.send_all(dataset)
    return len(found)
