"""Data sets from draft to the public: four eyes, versions, withdrawal; what crosses is masked."""

import json
from typing import Any

import pytest

from identity.models import Department, User
from matters.datasets import services, stock
from matters.datasets.definition import Definition
from matters.datasets.services import NotPublishable
from matters.models import DataSet, DataSetVersion, PublicRow
from sync.models import Outbox
from sync.registry import Reject
from tests.matters import datasets
from tests.matters.datasets import (
    PHARMACIES,
    SUBSIDIES,
    ZHANG,
    ZHANG_ID,
    arrive,
    crossed,
    drafted,
    facts,
    pharmacy,
    published,
)

pytestmark = pytest.mark.django_db


def test_a_published_set_crosses_with_its_records(on_inner: str, market_bureau: Department, settings: Any) -> None:
    dataset = published(market_bureau, [pharmacy(n) for n in range(1, 6)])
    outer = crossed(dataset, settings)
    assert (outer.name, outer.row_count, outer.source) == ("定点零售药店", 5, "云川市医疗保障局定点协议台账")
    row = PublicRow.objects.filter(generation=outer.generation).order_by("sort_1").first()
    assert row is not None
    assert row.values["owner"] == "赵*"
    assert row.values["address"] == "云川市青溪区***"
    assert row.values["owner_id"].count("*") == 16
    assert "note" not in row.values


def test_what_is_masked_or_hidden_never_leaves(on_inner: str, market_bureau: Department) -> None:
    rows = [pharmacy(n, owner=f"赵无名{n}") for n in range(1, 4)]
    published(market_bureau, rows)
    published(market_bureau, [ZHANG], SUBSIDIES, "subsidies")
    sent = "".join(Outbox.objects.values_list("payload", flat=True))
    secrets = [row[key] for row in rows for key in ("owner", "owner_id", "owner_phone", "note")] + [
        "滨河路",
        ZHANG_ID,
        "张大山",
    ]
    assert [secret for secret in secrets if secret in sent] == []
    assert "赵*" in sent


def test_raw_records_are_not_readable_in_the_database(on_inner: str, market_bureau: Department) -> None:
    from django.db import connection

    published(market_bureau, [ZHANG], SUBSIDIES, "subsidies")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM matters_stockrow")
        stored = repr(cursor.fetchall())
    assert ZHANG_ID not in stored
    assert "张大山" not in stored


def test_the_writer_of_a_draft_cannot_publish_it(
    on_inner: str, market_bureau: Department, editor: User, publisher: User
) -> None:
    dataset = drafted(market_bureau, by=editor)
    with pytest.raises(NotPublishable, match="另一位"):
        services.publish(dataset, by=editor)
    assert not Outbox.objects.exists()
    version = services.publish(dataset, by=publisher)
    assert (version.state, version.published_by_name) == ("published", "罗宁")


def test_a_draft_with_faults_is_refused_with_all_of_them(on_inner: str, market_bureau: Department) -> None:
    content = PHARMACIES | {"source": "", "key": "area", "fields": [*PHARMACIES["fields"]]}
    content["fields"][7] = content["fields"][7] | {"mask": ""}
    dataset = drafted(market_bureau, content)
    with pytest.raises(NotPublishable) as refused:
        services.publish(dataset, by="罗宁")
    words = str(refused.value)
    assert all(part in words for part in ("数据来源", "主键", "身份证号"))


def test_changing_a_published_set_makes_a_version_and_leaves_the_public_one(
    on_inner: str, market_bureau: Department, editor: User, publisher: User
) -> None:
    dataset = published(market_bureau, [pharmacy(1)])
    before = Outbox.objects.count()
    changed = Definition.model_validate(PHARMACIES | {"name": "定点药店"})
    draft = services.save_draft(dataset, changed, by=editor)
    dataset.refresh_from_db()
    assert (draft.number, draft.state, dataset.name, Outbox.objects.count()) == (2, "draft", "定点零售药店", before)
    services.publish(dataset, by=publisher)
    dataset.refresh_from_db()
    assert (dataset.name, dataset.current.number) == ("定点药店", 2)
    assert DataSetVersion.objects.get(dataset=dataset, number=1).content["name"] == "定点零售药店"


def test_records_that_do_not_fit_a_changed_definition_stop_it(on_inner: str, market_bureau: Department) -> None:
    dataset = published(market_bureau, [pharmacy(1, area="")])
    fields = [field | ({"required": True} if field["key"] == "area" else {}) for field in PHARMACIES["fields"]]
    services.save_draft(dataset, Definition.model_validate(PHARMACIES | {"fields": fields}), by="何苗")
    with pytest.raises(NotPublishable, match="P5199000001"):
        services.publish(dataset, by="罗宁")


def test_a_changed_key_asks_for_the_records_anew(on_inner: str, market_bureau: Department) -> None:
    dataset = published(market_bureau, [pharmacy(1)])
    services.save_draft(dataset, Definition.model_validate(PHARMACIES | {"key": "name"}), by="何苗")
    with pytest.raises(NotPublishable, match="主键改过"):
        services.publish(dataset, by="罗宁")


def test_an_editor_who_saw_an_older_draft_is_told(on_inner: str, market_bureau: Department, editor: User) -> None:
    dataset = drafted(market_bureau)
    first = Definition.model_validate(PHARMACIES | {"name": "甲"})
    services.save_draft(dataset, first, by=editor, seen=0)
    with pytest.raises(services.DraftMoved):
        services.save_draft(dataset, Definition.model_validate(PHARMACIES | {"name": "乙"}), by=editor, seen=0)


def test_withdrawing_removes_the_records_outside(on_inner: str, market_bureau: Department, settings: Any) -> None:
    dataset = published(market_bureau, [pharmacy(1)])
    services.withdraw(dataset, by="罗宁", reason="协议终止")
    outer = crossed(dataset, settings)
    assert outer.current is None
    assert not PublicRow.objects.exists()


def test_a_withdrawn_set_can_come_back(on_inner: str, market_bureau: Department, settings: Any) -> None:
    dataset = published(market_bureau, [pharmacy(1)])
    services.withdraw(dataset, by="罗宁", reason="核对数据")
    services.save_draft(dataset, Definition.model_validate(PHARMACIES), by="何苗")
    services.publish(dataset, by="罗宁")
    outer = crossed(dataset, settings)
    assert (outer.current and outer.current.number, outer.row_count) == (2, 1)


def test_the_inner_side_takes_no_data_sets_from_outside(on_inner: str, market_bureau: Department) -> None:
    dataset = published(market_bureau, [pharmacy(1)])
    for fact in facts(dataset):
        with pytest.raises(Reject, match="内网维护"):
            arrive(fact)


def test_a_definition_that_was_altered_is_rejected(on_inner: str, market_bureau: Department, settings: Any) -> None:
    dataset = published(market_bureau, [pharmacy(1)])
    told = facts(dataset)
    told[0].payload["version"]["content"]["name"] = "另一个"
    datasets.forget(dataset)
    datasets.switch(settings)
    with pytest.raises(Reject, match="摘要"):
        arrive(told[0])


def test_a_set_of_a_department_that_has_not_crossed_is_rejected(
    on_inner: str, market_bureau: Department, settings: Any
) -> None:
    dataset = published(market_bureau, [pharmacy(1)])
    told = facts(dataset)
    told[0].payload["dataset"]["department"] = "YC-NONE"
    datasets.forget(dataset)
    datasets.switch(settings)
    with pytest.raises(Reject, match="部门"):
        arrive(told[0])


def test_every_change_is_on_record(on_inner: str, market_bureau: Department, editor: User, publisher: User) -> None:
    dataset = drafted(market_bureau, by=editor)
    services.publish(dataset, by=publisher)
    services.withdraw(dataset, by=publisher, reason="试运行结束")
    rows = list(DataSet.objects.get(pk=dataset.pk).changes.values_list("action", "by_name", "note"))
    assert rows == [("withdrawn", "罗宁", "试运行结束"), ("published", "罗宁", ""), ("drafted", "何苗", "")]


def test_stock_is_updated_by_key(on_inner: str, market_bureau: Department) -> None:
    dataset = published(market_bureau, [pharmacy(1), pharmacy(2)])
    definition = Definition.model_validate(PHARMACIES)
    changed = list(stock.put(dataset, definition, [pharmacy(1), pharmacy(2, name="改名药房"), pharmacy(3)]))
    assert [row["name"] for row in changed] == ["改名药房", "云川市康宁大药房第3分店"]
    assert dataset.stock.count() == 3
    assert json.dumps(list(stock.read(dataset)), ensure_ascii=False).count("改名药房") == 1
