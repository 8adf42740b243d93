"""Data sets in named situations, and their way across."""

import io
import json
from typing import Any

from django.utils import timezone
from openpyxl import Workbook

from identity.models import Department, User
from matters.datasets import services, stock, sync_handlers
from matters.datasets.definition import Definition
from matters.models import DataSet, DataSetVersion, Generation, PublicLookup, PublicRow
from sync.models import Outbox
from sync.registry import Fact
from tests.conftest import switch_side
from tests.people import id_number

PHARMACIES: dict[str, Any] = {
    "name": "定点零售药店",
    "name_en": "Designated pharmacies",
    "description": "可以用医保卡买药的药店。",
    "theme": "医疗卫生",
    "source": "云川市医疗保障局定点协议台账",
    "frequency": "month",
    "key": "code",
    "order": "name",
    "fields": [
        {"key": "code", "label": "机构编码", "kind": "code", "required": True, "search": "exact", "cross": True},
        {
            "key": "name",
            "label": "药店名称",
            "label_en": "Name",
            "required": True,
            "search": "contains",
            "cross": True,
            "in_list": True,
        },
        {"key": "area", "label": "区县", "search": "prefix", "in_list": True},
        {"key": "beds", "label": "柜台数", "kind": "number", "in_list": True, "sortable": True},
        {"key": "since", "label": "签约日期", "kind": "date", "search": "prefix"},
        {"key": "address", "label": "地址", "kind": "address", "mask": "district"},
        {"key": "owner", "label": "负责人", "kind": "person", "mask": "person", "in_list": True},
        {"key": "owner_id", "label": "负责人证件号", "kind": "id_number", "mask": "id_number", "search": "exact"},
        {"key": "owner_phone", "label": "负责人电话", "kind": "phone", "mask": "phone"},
        {"key": "note", "label": "内部备注", "mask": "hidden", "in_detail": False},
    ],
}
SUBSIDIES: dict[str, Any] = {
    "name": "职业技能提升补贴发放",
    "description": "凭姓名和身份证号查询补贴是否发放。",
    "theme": "就业创业",
    "source": "云川市就业服务中心",
    "frequency": "month",
    "personal": True,
    "key": "id",
    "fields": [
        {
            "key": "id",
            "label": "身份证号",
            "kind": "id_number",
            "required": True,
            "search": "exact",
            "mask": "id_number",
        },
        {
            "key": "name",
            "label": "姓名",
            "kind": "person",
            "required": True,
            "search": "exact",
            "mask": "person",
            "in_list": True,
        },
        {"key": "amount", "label": "金额（元）", "kind": "number", "in_list": True},
    ],
}
ZHANG_ID, LI_ID = id_number("19850101", 11), id_number("19900202", 22)
ZHANG = {"id": ZHANG_ID, "name": "张大山", "amount": "1500"}
LI = {"id": LI_ID, "name": "李小河", "amount": "800"}


def pharmacy(number: int, **changes: str) -> dict[str, str]:
    """A record of PHARMACIES."""
    row = {
        "code": f"P5199{number:06d}",
        "name": f"云川市康宁大药房第{number}分店",
        "area": "青溪区" if number % 2 else "白石县",
        "beds": str(number),
        "since": "2026-03-02",
        "address": "云川市青溪区滨河路18号",
        "owner": "赵无名",
        "owner_id": id_number("19700101", number % 1000),
        "owner_phone": f"138{number:08d}",
        "note": "内部核查记录",
    }
    return row | changes


def drafted(
    department: Department, content: dict[str, Any] = PHARMACIES, slug: str = "pharmacies", *, by: User | str = "何苗"
) -> DataSet:
    """A set with a whole draft."""
    return services.create(slug, department, content, by=by)


def published(
    department: Department, rows: list[dict[str, str]], content: dict[str, Any] = PHARMACIES, slug: str = "pharmacies"
) -> DataSet:
    """A public set with these records, on the inner side."""
    dataset = drafted(department, content, slug)
    stock.replace(dataset, Definition.model_validate(content), rows)
    services.publish(dataset, by="罗宁")
    dataset.refresh_from_db()
    return dataset


def facts(dataset: DataSet) -> list[Fact]:
    """What was recorded of a set, as it arrives."""
    rows = Outbox.objects.filter(key=f"dataset:{dataset.uid}").order_by("pk")
    return [
        Fact(
            row.topic, row.version, row.key, row.agg_version, row.pk, json.loads(row.payload), row.blobs, timezone.now()
        )
        for row in rows
    ]


def forget(dataset: DataSet) -> None:
    """Make this side as if it had never heard of the set."""
    DataSet.objects.filter(pk=dataset.pk).update(generation=None, current=None)
    PublicLookup.objects.filter(generation__dataset=dataset).delete()
    PublicRow.objects.filter(generation__dataset=dataset).delete()
    Generation.objects.filter(dataset=dataset).delete()
    DataSetVersion.objects.filter(dataset=dataset).delete()
    dataset.stock.all().delete()
    dataset.delete()


def arrive(fact: Fact) -> None:
    """Apply one fact."""
    {"dataset.published": sync_handlers.published, "dataset.rows": sync_handlers.rows}[fact.topic](fact)


def crossed(dataset: DataSet, settings: Any) -> DataSet:
    """The set on the outer side: this test goes on there."""
    told, uid = facts(dataset), dataset.uid
    forget(dataset)
    switch(settings)
    for fact in told:
        arrive(fact)
    return DataSet.objects.select_related("current", "department").get(uid=uid)


def switch(settings: Any, side: str = "outer") -> None:
    """The test goes on on the other side."""
    switch_side(settings, side)


def workbook(*lines: list[Any]) -> io.BytesIO:
    """An .xlsx file of these lines."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("数据")
    for line in lines:
        sheet.append(line)
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    return file
