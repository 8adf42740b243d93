"""文号: a series for each organ, type of matter and kind of paper, from 1 every year."""

from uuid import uuid4

import pytest
from django.utils import timezone

from applications.documents.catalog import KINDS
from applications.documents.numbering import next_number, organ_word
from applications.errors import NotPossible
from identity.models import Department
from sync import returning
from sync.models import Restoration, Stream

pytestmark = pytest.mark.django_db


def test_numbers_count_from_one_each_year(market_bureau):
    grant = KINDS["grant"]
    numbers = [next_number(market_bureau, grant, "01", year) for year in (2026, 2026, 2027)]
    assert numbers == ["市市场监管许准〔2026〕1号", "市市场监管许准〔2026〕2号", "市市场监管许准〔2027〕1号"]


def test_series_are_apart(market_bureau, housing_bureau):
    first = next_number(market_bureau, KINDS["grant"], "01", 2026)
    others = [
        next_number(market_bureau, KINDS["refusal"], "01", 2026),
        next_number(market_bureau, KINDS["grant"], "07", 2026),
        next_number(housing_bureau, KINDS["grant"], "01", 2026),
    ]
    assert all(number.endswith("〔2026〕1号") for number in (first, *others))
    assert len({first, *others}) == 4


def test_a_kind_without_numbers_is_refused(market_bureau):
    with pytest.raises(ValueError, match="licence"):
        next_number(market_bureau, KINDS["licence"], "01", 2026)


@pytest.mark.parametrize(
    ("short_name", "word"),
    [("市监局", "市监"), ("卫健委", "卫健"), ("局", "局"), ("", "云川市民政"), ("政务中心", "政务")],
)
def test_the_organs_word_is_its_short_name_without_bureau(short_name, word):
    assert organ_word(Department(name="云川市民政局", short_name=short_name)) == word


@pytest.mark.usefixtures("on_inner")
def test_nothing_is_numbered_between_a_restoration_and_the_new_epoch(market_bureau: Department) -> None:
    """What the backup lost has numbers; that it is on its way back is known before anything was begun."""
    restored = Restoration.objects.create(source="backup")
    with pytest.raises(NotPossible, match="不能编文号"):
        next_number(market_bureau, KINDS["grant"], "01", 2026)
    Restoration.objects.filter(pk=restored.pk).update(settled_at=timezone.now())
    assert next_number(market_bureau, KINDS["grant"], "01", 2026).endswith("〔2026〕1号")


@pytest.mark.usefixtures("on_inner")
def test_nothing_is_numbered_while_returned_facts_are_awaited(market_bureau: Department) -> None:
    stream = Stream.objects.create(direction="out", epoch=uuid4(), chain="", number=2, awaits_return=True)
    with pytest.raises(NotPossible, match="不能编文号"):
        next_number(market_bureau, KINDS["grant"], "01", 2026)
    returning.note_end(str(stream.epoch))
    assert next_number(market_bureau, KINDS["grant"], "01", 2026).endswith("〔2026〕1号")


@pytest.mark.usefixtures("on_outer")
def test_outside_numbers_go_on_after_a_restoration(market_bureau: Department) -> None:
    """What is counted there does not come back."""
    Restoration.objects.create(source="backup")
    assert next_number(market_bureau, KINDS["grant"], "01", 2026).endswith("〔2026〕1号")
