"""Facts about data sets that arrive on the outer side. Registered in ``apps.ready``."""

from typing import Literal

from django.conf import settings
from pydantic import AwareDatetime, BaseModel, Field, ValidationError

from identity.models import Department
from matters.datasets import receiving
from matters.datasets.catalogue import describe
from matters.datasets.definition import Definition
from matters.datasets.sending import PUBLISHED, ROWS
from matters.datasets.services import digest_of
from matters.models import DataSet, DataSetVersion
from sync.registry import Fact, Reject, handles


class SetRecord(BaseModel):
    """Whose set it is, and the key under which its secrets are looked up."""

    uid: str = Field(min_length=36, max_length=36)
    slug: str = Field(min_length=1, max_length=60)
    department: str = Field(min_length=1)
    built_in: bool
    key: str = Field(min_length=64, max_length=64)


class VersionRecord(BaseModel):
    """The definition, published or withdrawn."""

    number: int = Field(ge=1)
    state: Literal["published", "withdrawn"]
    content: dict
    digest: str = Field(min_length=64, max_length=64)
    published_at: AwareDatetime
    published_by_name: str = ""


class Published(BaseModel):
    """Payload of ``dataset.published``, version 1."""

    dataset: SetRecord
    version: VersionRecord


class RowRecord(BaseModel):
    """One record as the public may see it."""

    ref: str = Field(min_length=24, max_length=24)
    values: dict[str, str]
    hashes: dict[str, str]


class FinalRecord(BaseModel):
    """What the whole load must be."""

    mode: Literal["replace", "upsert"]
    parts: int = Field(ge=1)
    count: int = Field(ge=0)
    digest: str = Field(min_length=64, max_length=64)
    total: int = Field(ge=0)
    loaded_at: AwareDatetime


class Rows(BaseModel):
    """Payload of ``dataset.rows``, version 1."""

    dataset: str = Field(min_length=36, max_length=36)
    version: int = Field(ge=1)
    load: int = Field(ge=1)
    part: int = Field(ge=0)
    rows: list[RowRecord]
    final: FinalRecord | None


@handles(PUBLISHED, from_side="inner")
def published(fact: Fact) -> None:
    """Keep a definition; it is shown with the first load that was made for it. A withdrawn set loses its records at once."""
    _refuse_on_inner()
    keep_definition(fact)


def keep_definition(fact: Fact) -> DataSetVersion:
    """What the fact says of a definition."""
    try:
        record = Published.model_validate(dict(fact.payload))
        Definition.model_validate(record.version.content)
    except ValidationError as error:
        raise Reject(f"数据集格式不对：{error.errors()[0]['loc']}") from error
    if digest_of(record.version.content) != record.version.digest:
        raise Reject("数据集的定义和摘要不一致。")
    dataset = _dataset(record)
    version = _version(dataset, record.version)
    if record.version.state == "withdrawn":
        DataSetVersion.objects.filter(pk=version.pk).update(state=DataSetVersion.State.WITHDRAWN)
        receiving.forget(dataset)
    return version


@handles(ROWS, from_side="inner")
def rows(fact: Fact) -> None:
    """Keep one part of a load; the last one that was missing switches to it."""
    _refuse_on_inner()
    try:
        record = Rows.model_validate(dict(fact.payload))
    except ValidationError as error:
        raise Reject(f"数据集的记录格式不对：{error.errors()[0]['loc']}") from error
    dataset = DataSet.objects.select_related("department", "current", "generation").filter(uid=record.dataset).first()
    version = dataset.versions.filter(number=record.version).first() if dataset else None
    if dataset is None or version is None:
        raise Reject("还没有收到这个数据集的定义。")
    final = record.final.model_dump(mode="json") if record.final else None
    try:
        receiving.take_part(
            dataset, version, record.load, record.part, [row.model_dump() for row in record.rows], final
        )
    except receiving.Mismatch as error:
        raise Reject(str(error)) from error


def _refuse_on_inner() -> None:
    if not settings.IS_OUTER:
        raise Reject("数据集由内网维护，不接受外网传来的内容。")


def _dataset(record: Published) -> DataSet:
    department = Department.objects.filter(code=record.dataset.department).first()
    if department is None:
        raise Reject(f"还没有收到部门 {record.dataset.department} 的信息，数据集 {record.dataset.slug} 无处归属。")
    known = DataSet.objects.select_related("department").filter(uid=record.dataset.uid).first()
    if known is not None:
        return known
    dataset = DataSet(uid=record.dataset.uid, slug=record.dataset.slug, department=department)
    dataset.built_in, dataset.key_hex = record.dataset.built_in, record.dataset.key
    describe(dataset, Definition.model_validate(record.version.content))
    dataset.save()
    return dataset


def _version(dataset: DataSet, record: VersionRecord) -> DataSetVersion:
    """The stored version; a published one never changes, so what is here already is only compared."""
    known = dataset.versions.filter(number=record.number).first()
    if known is not None:
        if known.digest != record.digest:
            raise Reject(f"数据集定义第 {record.number} 版已经收到过，但内容不同。")
        return known
    return dataset.versions.create(
        number=record.number,
        state=record.state,
        content=record.content,
        digest=record.digest,
        published_at=record.published_at,
        published_by_name=record.published_by_name,
    )
