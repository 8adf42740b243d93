"""Application numbers of a restored site: what the backup does not know was given out, and must not be again."""

from datetime import date
from pathlib import Path

import pytest
from pytest_django import Settings

from applications import numbering
from applications.errors import NotPossible
from applications.models import NumberCounter
from applications.models.application import Channel
from sync import epochs, marks
from sync.models import Restoration, Stream
from tests.sync.restoring import forgotten

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_outer")]
DAY = date(2026, 3, 2)
SERIES = [Channel.ONLINE, Channel.COUNTER]


@pytest.fixture(autouse=True)
def marked(settings: Settings, tmp_path: Path) -> Path:
    """A file of marks on a disk of its own; the site sends in its first epoch."""
    settings.HALL_MARK_FILE = str(tmp_path / "marks.log")
    Stream.objects.create(direction="out", epoch="5e9f4f3e-0000-4000-8000-000000000001", chain="0" * 64)
    marks.note()
    return tmp_path / "marks.log"


def restore() -> None:
    """The database is the backup of before; that it was restored is all it knows."""
    Restoration.objects.create(source="backup")


def begin() -> None:
    epochs.begin("磁盘损坏", "许航")
    marks.note()  # as before the first file of the epoch


def some(series: str = Channel.ONLINE, many: int = 5) -> list[str]:
    return [numbering.next_number("519901", DAY, series) for _ in range(many)]


@pytest.mark.parametrize("series", SERIES)
def test_two_restorations_on_one_day_from_the_same_backup(series: str) -> None:
    given = some(series)
    with forgotten():
        given += some(series)
    for _ in range(2):
        with forgotten():
            restore()
            given += some(series)  # before the epoch is begun
            begin()
            given += some(series)
    restore()
    begin()
    given += some(series)
    assert len(set(given)) == len(given)


def test_a_second_restoration_after_the_first_was_settled() -> None:
    with forgotten():
        restore()
        begin()
        Stream.objects.update(awaits_return=False)
        given = some()
        with forgotten():
            given += some()
        restore()  # from a backup of today, which knows the second epoch
        given += some()
        begin()
        given += some()
    restore()  # and from one that knows none of all this
    given += some()
    assert len(set(given)) == len(given)


def test_before_and_after_the_beginning_it_counts_on() -> None:
    restore()
    early = some(many=1)
    begin()
    assert [number[14:20] for number in [*early, *some(many=1)]] == ["450000", "450001"]


@pytest.mark.parametrize("series", SERIES)
@pytest.mark.parametrize("epoch", [2, 3, 10, 100])
def test_every_epoch_has_a_range_of_its_own_and_room_behind_it(series: Channel, epoch: int) -> None:
    first, last = numbering.RANGES[series]
    starts = [_start(series, number) for number in (epoch, epoch + 1)]
    assert first < starts[0] < starts[1] <= last
    assert last - starts[0] + 1 >= (last - first + 1) // epoch


def _start(series: Channel, epoch: int) -> int:
    NumberCounter.objects.all().delete()
    Stream.objects.update(number=epoch, awaits_return=True)
    return int(some(series, many=1)[0][14:20])


def test_without_a_restoration_it_counts_from_one(marked: Path) -> None:
    assert some(many=1)[0][14:20] == "000001"
    marked.unlink()
    assert some(many=1)[0][14:20] == "000002"


def test_the_range_still_ends() -> None:
    NumberCounter.objects.create(day=DAY, series=Channel.ONLINE, last=899_999)
    restore()
    with pytest.raises(NotPossible, match="用完"):
        some()
