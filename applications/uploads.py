"""Materials of an application: hand in, take back, use again what was given before.

A draft's files have round 0. While a correction is awaited, files for the materials it names have round 1 and leave with
the supplement (requests.ask). Bytes go to the blob store first; the row is written under the lock of its application.
"""

import errno
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F, QuerySet, Sum, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from applications import file_checks
from applications.errors import NotPossible
from applications.file_checks import CheckedFile, FileRefused
from applications.models import Application, Material
from applications.models.owed import OwedState
from applications.models.request import RequestState
from applications.states import UNDER_REVIEW, State
from matters import guide
from sync import blobs

FIRST, CORRECTION = 0, 1
SUPPLIED = ("supplement", "supply_owed")
REUSED_PER_MATERIAL = 5


@dataclass(frozen=True)
class Stored:
    """Bytes that are in the blob store and were checked."""

    sha256: str
    file: CheckedFile


def open_round(case: Application) -> int | None:
    """The round whose files may be changed now; None when nothing may be. Each supply that was sent ends its round."""
    if case.state == State.DRAFT:
        return FIRST
    if case.state != State.CORRECTION and not (case.state in UNDER_REVIEW and case.owed_due):
        return None
    if case.requests.filter(standing=RequestState.SENT).exists():
        return None
    return CORRECTION + case.requests.filter(action__in=SUPPLIED, standing=RequestState.DONE).count()


def open_materials(case: Application) -> list[guide.Material]:
    """The materials that take files now: all electronic ones of a draft, those of the notice during a correction."""
    turn = open_round(case)
    # Inside, files come in at the window only, where every paper can be scanned.
    everything = not settings.IS_OUTER
    electronic = [one for one in case.guide.materials if (one.electronic or everything) and not one.shared_data]
    if turn == FIRST:
        return electronic
    if turn is None:
        return []
    return [one for one in electronic if one.key in asked_keys(case)]


def asked_keys(case: Application) -> set[str]:
    """The materials of the notice that wait to be supplied, or those that are owed."""
    if case.state == State.CORRECTION:
        return {item.key for item in case.corrections.all() if item.kind == "material" and not item.supplied}
    return set(case.owed.filter(standing=OwedState.OWED).values_list("key", flat=True))


def add(case: Application, key: str, file: UploadedFile) -> Material:
    """Check and keep one file of the material ``key``. The same bytes again are the same row: a retry does no harm.

    Raises FileRefused with a sentence for the person, or NotPossible when nothing may be handed in now.
    """
    material = _material(case, key)
    limit = min(material.max_mb, settings.HALL_MAX_UPLOAD_MB)
    checked = file_checks.check(file, file.name or "", file.size or 0, formats=material.formats, max_mb=limit)
    _check_room(case, material, checked.size, "")
    return _keep(case, material, Stored(store(file), checked))


def reuse(case: Application, key: str, pk: int) -> Material:
    """Hand in again a file that this applicant gave with an earlier application; NotPossible for any other."""
    material = _material(case, key)
    earlier = given_before(case).filter(pk=pk).first()
    if earlier is None or not fits(earlier, material) or not blobs.exists(earlier.sha256):
        raise NotPossible("这份文件不能再次使用，请重新上传。")
    checked = CheckedFile(earlier.file_name, earlier.content_type, earlier.size)
    return _keep(case, material, Stored(earlier.sha256, checked))


def remove(case: Application, pk: int) -> None:
    """Take a file back; NotPossible when it has left already."""
    turn = open_round(case)
    with transaction.atomic():
        Application.objects.select_for_update().get(pk=case.pk)
        deleted, _rows = case.materials.filter(pk=pk, round=turn).delete() if turn is not None else (0, {})
    if not deleted:
        raise NotPossible("这份文件已经随申请提交，不能删除。")


def unneeded(case: Application) -> QuerySet[Material]:
    """Files of materials that the applicant's situation no longer asks for: kept while it is a draft, not submitted."""
    needed = {one.key for one in case.guide.materials}
    known = {one.key for one in case.guide_version.guide.materials}
    return case.materials.filter(key__in=known - needed)


def drop_unneeded(case: Application) -> None:
    """Leave out what the office does not need to see (个人信息保护法 art. 6), inside the submission's transaction."""
    unneeded(case).delete()


def handed_in(case: Application) -> dict[str, list[Material]]:
    """The files of the open round (of the first when none is open), by material."""
    rows: dict[str, list[Material]] = {}
    for row in case.materials.filter(round=open_round(case) or FIRST):
        rows.setdefault(row.key, []).append(row)
    return rows


def given_before(case: Application) -> QuerySet[Material]:
    """What the same applicant (person or enterprise) handed in with other, submitted applications."""
    earlier = Application.objects.exclude(pk=case.pk).exclude(state=State.DRAFT)
    if case.enterprise_id:
        earlier = earlier.filter(enterprise=case.enterprise_id)
    elif case.owner_id is None:  # begun at a window: nobody's account, so nobody's files
        earlier = earlier.none()
    else:
        earlier = earlier.filter(owner=case.owner_id, enterprise=None)
    return Material.objects.filter(application__in=earlier, replaced=False)


def reusable(case: Application) -> dict[str, list[Material]]:
    """For each open material the newest files given before under the same name of material, each content once."""
    open_now = {one.key: one for one in open_materials(case)}
    held = {(row.key, row.sha256) for rows in handed_in(case).values() for row in rows}
    newest_first = (
        given_before(case)
        .filter(key__in=open_now)
        .annotate(place=Window(RowNumber(), partition_by=["key", "sha256"], order_by=F("uploaded_at").desc()))
    )
    found: dict[str, list[Material]] = {}
    for row in newest_first.filter(place=1).select_related("application__matter").order_by("-uploaded_at")[:200]:
        rows = found.setdefault(row.key, [])
        if (row.key, row.sha256) not in held and fits(row, open_now[row.key]) and len(rows) < REUSED_PER_MATERIAL:
            rows.append(row)
    return found


def store(file: Any) -> str:
    """Put the bytes into the blob store; FileRefused when the disk is full."""
    try:
        return blobs.put(file)
    except OSError as error:
        if is_full(error):
            raise disk_full() from error
        raise


def is_full(error: OSError) -> bool:
    """Whether there was no room on the disk, or none left to this account."""
    return error.errno in (errno.ENOSPC, errno.EDQUOT)


def disk_full() -> FileRefused:
    """Nothing can be stored now; it is not the applicant's fault."""
    return FileRefused(
        "disk_full",
        "系统的存储空间暂时用完了，这个文件没有存下来；您已经填写和上传的内容都在。请过一会儿再传，或拨打咨询电话。",
    )


def _material(case: Application, key: str) -> guide.Material:
    for one in open_materials(case):
        if one.key == key:
            return one
    raise NotPossible("这份申请现在不能上传这项材料，请刷新页面查看最新情况。")


def fits(row: Material, material: guide.Material) -> bool:
    """Whether a file that was given once is of a kind and size that this material takes."""
    limit = min(material.max_mb, settings.HALL_MAX_UPLOAD_MB) * 1024 * 1024
    return row.size <= limit and row.file_name.rpartition(".")[2].lower() in {*material.formats, *_twins(material)}


def _twins(material: guide.Material) -> set[str]:
    return {long for long, short in file_checks.SAME.items() if short in material.formats}


def _keep(case: Application, material: guide.Material, stored: Stored) -> Material:
    with transaction.atomic():
        locked = Application.objects.select_for_update().get(pk=case.pk)
        turn = open_round(locked)
        if turn is None:
            raise NotPossible("这份申请已经提交，不能再上传材料。")
        same = locked.materials.filter(key=material.key, sha256=stored.sha256, round=turn).first()
        if same is not None:
            return same
        _check_room(locked, material, stored.file.size, stored.sha256)
        return Material.objects.create(
            application=locked,
            key=material.key,
            file_name=stored.file.file_name,
            content_type=stored.file.content_type,
            size=stored.file.size,
            sha256=stored.sha256,
            round=turn,
            uploaded_at=timezone.now(),
        )


def _check_room(case: Application, material: guide.Material, size: int, sha256: str) -> None:
    """FileRefused when the material has its number of files, or the application its share of the disk."""
    held = case.materials.filter(key=material.key, round=open_round(case) or FIRST)
    if held.count() >= material.max_files and not held.filter(sha256=sha256).exists():
        raise FileRefused(
            "too_many",
            f"这项材料最多 {material.max_files} 个文件，已经传满。请先删除不要的，或把几页合成一个 PDF。",
        )
    used = case.materials.aggregate(total=Sum("size"))["total"] or 0
    if used + size > settings.HALL_MAX_CASE_MB * 1024 * 1024:
        raise FileRefused(
            "quota",
            f"一份申请的材料总共不能超过 {settings.HALL_MAX_CASE_MB} MB，已经用了 {used // (1024 * 1024)} MB。请压缩或删除一些再传。",
        )
