"""Reading packages: what the public sees, what staff keep, and which members changed since."""

from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from identity.models import Department, User
from matters import editors, search
from matters.joint.checks import Known
from matters.joint.guide import JointContent, Member, Package
from matters.joint.materials import MemberGuide
from matters.models import JointMatter, JointMember, JointVersion, Matter

# A member whose guide is not the one that the merge was made of, or that is no longer offered.
CHANGED = Q(matter__current=None) | Q(matter__active=False) | ~Q(matter__current__uid=F("guide_uid"))


@dataclass(frozen=True)
class Change:
    """A member that is no longer what it was when the package was published; ``number`` None when it is gone."""

    code: str
    name: str
    number: int | None


def published() -> QuerySet[JointMatter]:
    """Packages the public can see, with their lead department; without the version in force and the texts for search."""
    found = JointMatter.objects.filter(active=True, current__isnull=False)
    return found.select_related("lead").defer("search", "title_search")


def get_published(code: str) -> JointMatter | None:
    """The package with this code and its version in force; None when the public cannot see it."""
    return published().select_related("lead", "current").filter(code=code).first()


def narrowed(joints: QuerySet[JointMatter], *, audience: str = "", life_event: str = "") -> QuerySet[JointMatter]:
    """Only packages for this audience and of this stage of life; empty ones do not narrow."""
    if audience:
        joints = joints.filter(audiences__contains=f",{audience},")
    return joints.filter(life_event=life_event) if life_event else joints


def find(text: str) -> QuerySet[JointMatter]:
    """Published packages in which every word occurs, by name."""
    wanted = search.words(text)
    found = published() if wanted else published().none()
    for word in wanted:
        found = found.filter(search__contains=word)
    return found.order_by("name", "pk")


def packages_of(matter: Matter) -> QuerySet[JointMatter]:
    """Published packages that the matter is a member of."""
    return (
        JointMatter.objects.filter(active=True, current__isnull=False, members__matter=matter)
        .only("code", "name", "name_en")
        .order_by("name", "pk")
    )


def kept_by(user: User, *roles: str) -> QuerySet[JointMatter]:
    """The packages whose lead department this person keeps with one of the roles (default: either)."""
    return JointMatter.objects.filter(lead__in=editors.departments_for(user, *roles)).select_related("lead", "current")


def with_changes(joints: QuerySet[JointMatter]) -> QuerySet[JointMatter]:
    """Each with ``has_changes``: whether a member's guide changed since it was published."""
    return joints.annotate(has_changes=_stale())


def only_changed(joints: QuerySet[JointMatter]) -> QuerySet[JointMatter]:
    """Those of which a member's guide changed since they were published."""
    return joints.filter(_stale())


def _stale() -> Exists:
    return Exists(JointMember.objects.filter(CHANGED, joint=OuterRef("pk")))


def changes_of(joint: JointMatter) -> list[Change]:
    """The members of the version in force that changed since, by name."""
    rows = joint.members.filter(CHANGED).select_related("matter__current").order_by("matter__name", "pk")
    return [Change(row.matter.code, row.matter.name, _number(row.matter)) for row in rows]


def offered(package: Package) -> dict[str, Matter]:
    """The members that are published now, by code: with what lists say of them, not their guides."""
    matters = Matter.objects.filter(code__in=[member.code for member in package.members])
    return {matter.code: matter for matter in matters.filter(active=True, current__isnull=False)}


def _number(matter: Matter) -> int | None:
    return matter.current.number if matter.active and matter.current else None


def open_version(joint: JointMatter) -> JointVersion | None:
    """The draft, or the version that waits for review; a package has one at most."""
    return joint.versions.filter(state__in=[JointVersion.State.DRAFT, JointVersion.State.REVIEW]).first()


def guides_of(members: list[Member]) -> list[MemberGuide]:
    """The guides in force of the members, each member once; members without one are left out."""
    wanted = {member.code: member for member in reversed(members)}
    matters = Matter.objects.filter(code__in=wanted, active=True, current__isnull=False).select_related("current")
    return [_guide(wanted[matter.code], matter) for matter in matters]


def _guide(member: Member, matter: Matter) -> MemberGuide:
    assert matter.current is not None
    version = matter.current
    return MemberGuide(member.code, member.stage, member.when, str(version.uid), version.number, version.parsed)


def known(content: JointContent) -> Known:
    """What the checks need to know besides the content."""
    departments = Department.objects.values_list("code", "name", "coordinates")
    return Known(
        guides=guides_of(content.members),
        departments={code: name for code, name, _coordinates in departments},
        coordinating=frozenset(code for code, _name, coordinates in departments if coordinates),
    )
