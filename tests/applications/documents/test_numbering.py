"""文号: a series for each organ, type of matter and kind of paper, from 1 every year."""

import pytest

from applications.documents.catalog import KINDS
from applications.documents.numbering import next_number, organ_word
from identity.models import Department

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
