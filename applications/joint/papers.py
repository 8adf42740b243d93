"""The one set of materials of a joint draft: a paper that several members want is handed in once and is a material of each.

The files are ``Material`` rows of the children, equal in every child that wants the paper; their bytes are one blob.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from applications import uploads
from applications.errors import NotPossible
from applications.models import Application, JointCase, Material
from matters.guide import Material as GuideMaterial
from matters.joint.guide import MergedMaterial, member_of

NECESSITIES = ("必要", "可容缺", "非必要")


@dataclass(frozen=True)
class Taker:
    """A child that wants the paper, and as which of its own materials."""

    case: Application
    material: GuideMaterial


@dataclass(frozen=True)
class Paper:
    """A row of the joint checklist with the children that take files for it now."""

    row: MergedMaterial
    takers: list[Taker]

    @property
    def key(self) -> str:
        """Its name in addresses."""
        return key_of(self.row)

    @property
    def necessity(self) -> str:
        """The strictest of those who want it."""
        said = {taker.material.necessity for taker in self.takers}
        return next((word for word in NECESSITIES if word in said), "")

    @property
    def formats(self) -> list[str]:
        """What every taker accepts."""
        first, *others = [taker.material.formats for taker in self.takers]
        return [one for one in first if all(one in other for other in others)]

    @property
    def max_mb(self) -> int:
        """The smallest of the takers' sizes."""
        return min(taker.material.max_mb for taker in self.takers)

    @property
    def max_files(self) -> int:
        """The smallest of the takers' numbers."""
        return min(taker.material.max_files for taker in self.takers)

    @property
    def is_needed(self) -> bool:
        """Whether nothing can be submitted without it."""
        return any(taker.material.is_uploaded for taker in self.takers)

    def files(self) -> list[Material]:
        """What was handed in, each content once."""
        found: dict[str, Material] = {}
        for taker in self.takers:
            for row in uploads.handed_in(taker.case).get(taker.material.key, []):
                found.setdefault(row.sha256, row)
        return list(found.values())


def key_of(row: MergedMaterial) -> str:
    """The row's name in addresses: its first reference without the slash."""
    return row.refs[0].replace("/", ".")


def papers(joint: JointCase) -> list[Paper]:
    """Every row that takes files now, in the package's order; the joint form itself is filled in, not handed in."""
    children = {child.matter.code: child for child in children_of(joint)}
    open_now = {code: {one.key: one for one in uploads.open_materials(child)} for code, child in children.items()}
    found = []
    for row in joint.package.materials:
        if row.is_form:
            continue
        wanted = [(member_of(ref), ref.partition("/")[2]) for ref in row.refs]
        takers = [Taker(children[code], open_now[code][key]) for code, key in wanted if key in open_now.get(code, {})]
        if takers:
            found.append(Paper(row, takers))
    return found


def children_of(joint: JointCase) -> list[Application]:
    """The children in the order of the package."""
    order = {member.code: place for place, member in enumerate(joint.version.package.members)}
    rows = joint.children.select_related("matter__current", "guide_version", "department", "handler")
    rows = rows.prefetch_related("corrections", "pauses", "requests")
    return sorted(rows, key=lambda child: order.get(child.matter.code, len(order)))


def paper(joint: JointCase, key: str) -> Paper:
    """The row of this name; NotPossible when it takes no files (any more)."""
    for one in papers(joint):
        if one.key == key:
            return one
    raise NotPossible("这份申请现在不能上传这项材料，请刷新页面查看最新情况。")


def add(joint: JointCase, key: str, file: UploadedFile) -> None:
    """Hand in one file of a paper, to every member that wants it or to none. Raises FileRefused and NotPossible."""

    def hand_in(taker: Taker) -> None:
        file.seek(0)
        uploads.add(taker.case, taker.material.key, file)

    _for_each(paper(joint, key), hand_in)


def reuse(joint: JointCase, key: str, pk: int) -> None:
    """Hand in again a file that was given with an earlier application."""
    _for_each(paper(joint, key), lambda taker: _reuse(taker, pk))


def _reuse(taker: Taker, pk: int) -> None:
    uploads.reuse(taker.case, taker.material.key, pk)


def _for_each(one: Paper, act: Callable[[Taker], None]) -> None:
    with transaction.atomic():
        for taker in one.takers:
            act(taker)


def remove(joint: JointCase, key: str, sha256: str) -> None:
    """Take a file back from every member; one that is gone already does no harm. NotPossible after submission."""
    if not joint.is_draft:
        raise NotPossible("这份文件已经随申请提交，不能删除。")
    with transaction.atomic():
        for taker in paper(joint, key).takers:
            for row in taker.case.materials.filter(key=taker.material.key, sha256=sha256):
                uploads.remove(taker.case, row.pk)


def reusable(one: Paper) -> list[Material]:
    """Files given before, with whatever application, under one of the paper's names, that fit every taker; each content once."""
    held = {row.sha256 for row in one.files()}
    found: dict[str, Material] = {}
    for taker in one.takers:
        for row in uploads.reusable(taker.case).get(taker.material.key, []):
            if row.sha256 not in held and all(uploads.fits(row, other.material) for other in one.takers):
                found.setdefault(row.sha256, row)
    return list(found.values())


def level(joint: JointCase) -> None:
    """Give every member the files of the papers it shares: it may have been added, or begun to want one, after the upload."""
    for one in papers(joint):
        files = one.files()
        for taker in one.takers if len(one.takers) > 1 else []:
            held = set(taker.case.materials.filter(key=taker.material.key).values_list("sha256", flat=True))
            missing = [row for row in files if row.sha256 not in held]
            Material.objects.bulk_create(_copy(row, taker) for row in missing if uploads.fits(row, taker.material))


def _copy(row: Material, taker: Taker) -> Material:
    return Material(
        application=taker.case,
        key=taker.material.key,
        file_name=row.file_name,
        content_type=row.content_type,
        size=row.size,
        sha256=row.sha256,
        uploaded_at=row.uploaded_at,
    )
