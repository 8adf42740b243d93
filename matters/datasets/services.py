"""Writing data sets: drafts, publication by somebody else, withdrawal. Inner side only."""

import hashlib
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from identity.models import Department, User
from matters.datasets import record, sending, stock
from matters.datasets.catalogue import describe
from matters.datasets.checks import RESERVED_SLUGS, SLUG, Fault, faults
from matters.datasets.definition import Definition
from matters.datasets.trial import check
from matters.datasets.values import BadValue
from matters.models import DataSet, DataSetChange, DataSetVersion
from sync import canonical

State, Action = DataSetVersion.State, DataSetChange.Action
SHOWN_BAD_ROWS = 20


class NotPublishable(Exception):
    """The draft has faults; ``faults`` says which."""

    def __init__(self, found: list[Fault]) -> None:
        self.faults = found
        super().__init__("；".join(fault.message for fault in found))


class DraftMoved(Exception):
    """Somebody saved the draft since the form was shown."""


def slug_fault(slug: str) -> str:
    """Why a set cannot have this address; empty when it can."""
    if not SLUG.fullmatch(slug) or len(slug) > 60 or slug in RESERVED_SLUGS:
        return "网址标识只用小写字母、数字和短横，例如 designated-hospitals。"
    return "这个网址标识已经有数据集在用，请换一个。" if DataSet.objects.filter(slug=slug).exists() else ""


@transaction.atomic
def create(
    slug: str, department: Department, content: Mapping[str, Any], *, by: User | str, built_in: bool = False
) -> DataSet:
    """A new set with its first draft. ValueError for an address that is taken or none."""
    if fault := slug_fault(slug):
        raise ValueError(fault)
    definition = Definition.model_validate(content)
    dataset = DataSet(slug=slug, department=department, built_in=built_in, key_hex=sending.new_key())
    describe(dataset, definition)
    dataset.save()
    version = dataset.versions.create(number=1, content=definition.model_dump(mode="json"))
    record.note(dataset, version, Action.DRAFTED, by)
    return dataset


def draft_of(dataset: DataSet) -> DataSetVersion | None:
    """The draft being worked on; a set has at most one."""
    return dataset.versions.filter(state=State.DRAFT).first()


def working(dataset: DataSet) -> DataSetVersion:
    """What a page of the staff shows and a file is tried against: the draft, else the newest version."""
    return draft_of(dataset) or dataset.versions.order_by("-number")[0]


@transaction.atomic
def save_draft(dataset: DataSet, definition: Definition, *, by: User | str, seen: int | None = None) -> DataSetVersion:
    """Keep a definition as the draft, begun anew when the set has none: a published version never changes.

    ``seen`` is the revision that the writer was shown (of ``working``): DraftMoved when another one is there.
    """
    dataset = _locked(dataset)
    before, content = working(dataset), definition.model_dump(mode="json")
    if seen is not None and seen != before.revision:
        raise DraftMoved
    if before.content == content and before.state != State.WITHDRAWN:
        return before
    if before.state == State.DRAFT:
        DataSetVersion.objects.filter(pk=before.pk).update(content=content, revision=before.revision + 1)
        draft = DataSetVersion.objects.get(pk=before.pk)
        record.note(dataset, draft, Action.EDITED, by)
    else:
        last = dataset.versions.aggregate(last=Max("number"))["last"]
        draft = dataset.versions.create(number=last + 1, content=content, revision=before.revision + 1)
        record.note(dataset, draft, Action.DRAFTED, by)
    if dataset.current_id is None:
        describe(dataset, definition)
        dataset.save()
    return draft


@transaction.atomic
def publish(dataset: DataSet, *, by: User | str) -> DataSetVersion:
    """Let the draft out, by somebody who did not write it (four eyes); every record is sent anew, masked as it now says.

    NotPublishable with everything that is wrong; ValueError when there is no draft.
    """
    dataset = _locked(dataset)
    version = draft_of(dataset)
    if version is None:
        raise ValueError("没有等待发布的草稿。")
    if isinstance(by, User) and record.has_edited(version, by):
        raise NotPublishable([Fault("", "您写过这份草稿，请由另一位有发布权限的同事核对后发布。")])
    found = publication_faults(dataset, version)
    if found:
        raise NotPublishable(found)
    version.digest = digest_of(version.content)
    version.state, version.published_at, version.published_by_name = State.PUBLISHED, timezone.now(), str(by)
    version.save()
    dataset.current = version
    describe(dataset, version.definition)
    dataset.save()
    record.note(dataset, version, Action.PUBLISHED, by)
    sending.record_version(version)
    sending.send_all(dataset)
    return version


def publication_faults(dataset: DataSet, version: DataSetVersion) -> list[Fault]:
    """What is wrong with a draft, then with the records that it would show."""
    return faults(version.definition) or _bad_rows(dataset, version.definition)


def _bad_rows(dataset: DataSet, definition: Definition) -> list[Fault]:
    found: list[Fault] = []
    for values, key_hash in dataset.stock.order_by("pk").values_list("values", "key_hash").iterator(stock.BATCH):
        if len(found) >= SHOWN_BAD_ROWS:
            break
        if not values.get(definition.key) or stock.key_of(definition, values) != key_hash:
            return [Fault(definition.key, "主键改过，已有的记录要按新主键整批重新装入。")]
        for field in definition.fields:
            try:
                check(field, values.get(field.key))
            except BadValue as error:
                found.append(Fault(field.key, f"已有记录 {values[definition.key]} 的“{field.label}”：{error}"))
    return found


@transaction.atomic
def withdraw(dataset: DataSet, *, by: User | str, reason: str) -> None:
    """Take a set from the public; its records are deleted on the outer side. ValueError when it is not published."""
    dataset = _locked(dataset)
    version = dataset.current
    if version is None:
        raise ValueError("这个数据集没有发布。")
    version.state = State.WITHDRAWN
    version.save(update_fields=["state"])
    dataset.current = None
    dataset.save(update_fields=["current"])
    record.note(dataset, version, Action.WITHDRAWN, by, reason)
    sending.record_version(version)


def digest_of(content: Mapping[str, Any]) -> str:
    """SHA-256 of a definition in canonical JSON, hex."""
    return hashlib.sha256(canonical.encode(dict(content))).hexdigest()


def _locked(dataset: DataSet) -> DataSet:
    return DataSet.objects.select_for_update(of=("self",)).select_related("department", "current").get(pk=dataset.pk)
