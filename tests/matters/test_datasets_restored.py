"""A restored inner site gets the number of a load back, not its records: it says so, and the next load is not taken for an old one."""

from typing import Any

import pytest

from identity.models import Department, User
from matters import restorers
from matters.datasets import sending, services, stock
from matters.datasets.catalogue import describe
from matters.datasets.definition import Definition
from matters.models import DataSet, PublicRow
from tests.matters.datasets import PHARMACIES, arrive, facts, forget, pharmacy, published, switch
from tests.people import login

pytestmark = pytest.mark.django_db
AGAIN = "请用原来的文件整批重新装入"


@pytest.fixture
def restored(on_inner: str, market_bureau: Department) -> DataSet:
    """The records of the first load were not in the backup; the facts that told of it came back."""
    dataset = published(market_bureau, [pharmacy(1), pharmacy(2)])
    dataset.stock.all().delete()
    DataSet.objects.filter(pk=dataset.pk).update(load_number=0, row_count=0, loaded_at=None)
    for fact in facts(dataset):
        if fact.topic == sending.ROWS:
            restorers.rows_again(fact)
    dataset.refresh_from_db()
    return dataset


def test_the_page_asks_for_the_file_until_it_is_loaded_again(restored: DataSet, editor: User) -> None:
    pages = ("/catalogue/datasets/", f"/catalogue/datasets/{restored.uid}/")
    shown = [login(editor).get(page).content.decode() for page in pages]
    assert "请重新装入" in shown[0]
    assert AGAIN in shown[1]
    load_again(restored, 2)
    shown = [login(editor).get(page).content.decode() for page in pages]
    assert "请重新装入" not in shown[0]
    assert AGAIN not in shown[1]


def test_the_next_load_has_a_number_of_its_own_and_is_shown_outside(restored: DataSet, settings: Any) -> None:
    assert restored.load_number == 1
    told = facts(restored)
    load_again(restored, 3)
    fresh = facts(restored)[len(told) :]
    assert {fact.payload["load"] for fact in fresh} == {2}
    forget(restored)
    switch(settings)
    for fact in told + fresh:
        arrive(fact)
    assert PublicRow.objects.filter(generation=DataSet.objects.get(uid=restored.uid).generation).count() == 3


def test_a_set_whose_records_are_there_is_left_alone(on_inner: str, market_bureau: Department, editor: User) -> None:
    dataset = published(market_bureau, [pharmacy(1)])
    for fact in facts(dataset):
        if fact.topic == sending.ROWS:
            restorers.rows_again(fact)
    assert AGAIN not in login(editor).get(f"/catalogue/datasets/{dataset.uid}/").content.decode()


def test_a_new_definition_that_was_lost_describes_the_set_again(on_inner: str, market_bureau: Department) -> None:
    dataset = published(market_bureau, [pharmacy(1)])
    services.save_draft(dataset, Definition.model_validate(PHARMACIES | {"name": "医保药店"}), by="何苗")
    services.publish(dataset, by="罗宁")
    told = [fact for fact in facts(dataset) if fact.topic == sending.PUBLISHED]
    describe(dataset, Definition.model_validate(PHARMACIES))
    dataset.current = dataset.versions.get(number=1)
    dataset.save()
    dataset.versions.get(number=2).delete()
    restorers.dataset_again(told[-1])
    dataset.refresh_from_db()
    assert (dataset.name, dataset.current and dataset.current.number) == ("医保药店", 2)


def load_again(dataset: DataSet, records: int) -> None:
    stock.replace(dataset, Definition.model_validate(PHARMACIES), [pharmacy(n) for n in range(1, records + 1)])
    sending.send_all(dataset)
