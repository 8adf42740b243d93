"""Saving what a dry run found, as drafts: all of it or nothing, in bulk, by the rules of ``services.save_draft``."""

from collections.abc import Sequence
from itertools import islice

from django.db import transaction
from django.utils import timezone

from matters import queries, record
from matters.models import GuideImport, GuideImportItem, GuideVersion, Matter
from matters.workbook.dry_run import Keeper

AT_ONCE = 200


class CannotApply(Exception):
    """Nothing was saved; ``str()`` says why in Chinese, ``moved`` names the matters that are not as they were."""

    def __init__(self, message: str, moved: Sequence[str] = ()) -> None:
        self.moved = list(moved)
        super().__init__(message)


@transaction.atomic
def apply(batch: GuideImport, keeper: Keeper, *, digest: str) -> GuideImport:
    """Save every new and changed matter of a dry run as a draft.

    ``digest`` is the file's that the person was shown. CannotApply, and nothing saved, when the dry run is not this person's or found
    errors, when it was applied before, or when a draft moved since.
    """
    batch = GuideImport.objects.select_for_update().get(pk=batch.pk)
    _refuse(batch, keeper, digest)
    # Locked in one order, so that two imports cannot wait for each other.
    wanted = Matter.objects.filter(code__in=batch.items.values("code")).order_by("pk")
    locked = {matter.code: matter for matter in wanted.select_for_update()}
    moved = _moved(batch, keeper, locked)
    if moved:
        raise CannotApply("检查之后有人改过下面的事项，什么也没有保存。请重新下载它们，改好再上传。", moved)
    items = batch.items.select_related("department").order_by("pk").iterator(chunk_size=AT_ONCE)
    while block := list(islice(items, AT_ONCE)):
        _save(batch, keeper, block, locked)
    batch.items.update(content={})
    batch.applied_at = timezone.now()
    batch.save(update_fields=["applied_at"])
    return batch


def _refuse(batch: GuideImport, keeper: Keeper, digest: str) -> None:
    if batch.by_id != (keeper.user.pk if keeper.user else None):
        raise CannotApply("这份文件是别人检查的，请他本人保存，或者您自己上传一次。")
    if batch.digest != digest:
        raise CannotApply("这不是您检查的那份文件，请重新上传。")
    if batch.applied_at is not None:
        raise CannotApply("这份文件已经保存过了。")
    if not batch.can_be_applied:
        raise CannotApply("文件里还有必须改正的问题，或者没有要保存的改动。")


def _moved(batch: GuideImport, keeper: Keeper, locked: dict[str, Matter]) -> list[str]:
    """Items whose matter is not as it was at the dry run: edited, in review, published, made by somebody else, or no longer kept by us."""
    now = {}
    for version in queries.newest_versions(Matter.objects.filter(code__in=batch.items.values("code"))).defer("content"):
        now[version.matter_id] = version
    mine = {department.pk for department in keeper.departments.values()}
    return [
        f"{item.name or item.code}（{item.code}）"
        for item in batch.items.defer("content").iterator()
        if item.department_id not in mine or not _stands(item, locked.get(item.code), now)
    ]


def _stands(item: GuideImportItem, matter: Matter | None, now: dict[int, GuideVersion]) -> bool:
    if matter is None:
        return item.is_new
    if item.is_new or matter.department_id != item.department_id:
        return False
    version = now.get(matter.pk)
    if version is None:
        return item.seen is None
    return (version.uid, version.revision, version.state) == (item.seen, item.seen_revision, item.seen_state)


def _save(batch: GuideImport, keeper: Keeper, block: Sequence[GuideImportItem], locked: dict[str, Matter]) -> None:
    fresh = [item for item in block if item.is_new]
    made = Matter.objects.bulk_create(
        Matter(code=item.code, department=item.department, active=False, **_columns(item)) for item in fresh
    )
    _show_in_lists([(locked[item.code], item) for item in block if not item.is_new])
    matters = locked | {matter.code: matter for matter in made}
    drafts = _drafts([(matters[item.code], item) for item in block])
    record.note_imports(
        [(drafts[matters[item.code].pk], item.fields) for item in block],
        keeper.user,
        keeper.name,
        f"导入 {batch.file_name}",
    )


def _columns(item: GuideImportItem) -> dict[str, str]:
    """What lists show of a matter that has no guide in force yet."""
    header = item.content.get("header", {})
    return {
        "name": item.name or item.code,
        "type_code": header.get("type_code", ""),
        "case_kind": header.get("case_kind", ""),
    }


def _show_in_lists(pairs: Sequence[tuple[Matter, GuideImportItem]]) -> None:
    changed = []
    for matter, item in pairs:
        columns = _columns(item)
        if matter.current_id is None and any(getattr(matter, name) != value for name, value in columns.items()):
            for name, value in columns.items():
                setattr(matter, name, value)
            changed.append(matter)
    Matter.objects.bulk_update(changed, ["name", "type_code", "case_kind"])


def _drafts(pairs: Sequence[tuple[Matter, GuideImportItem]]) -> dict[int, GuideVersion]:
    """The draft of each matter with its new content, by the matter's key."""
    matters = Matter.objects.filter(pk__in=[matter.pk for matter, _ in pairs])
    newest = {version.matter_id: version for version in queries.newest_versions(matters).defer("content")}
    now = timezone.now()
    changed, fresh = [], []
    for matter, item in pairs:
        version = newest.get(matter.pk)
        if version is not None and version.state == GuideVersion.State.DRAFT:
            version.content, version.revision, version.updated_at = item.content, version.revision + 1, now
            changed.append(version)
        else:
            number = version.number + 1 if version else 1
            fresh.append(GuideVersion(matter=matter, number=number, content=item.content))
    GuideVersion.objects.bulk_update(changed, ["content", "revision", "updated_at"], batch_size=50)
    GuideVersion.objects.bulk_create(fresh)
    return {version.matter_id: version for version in [*changed, *fresh]}
