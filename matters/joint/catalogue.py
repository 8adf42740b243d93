"""What lists and search read about a package, taken from the version in force. The same on both sides."""

from datetime import date

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from identity import revision
from identity.models import Department
from matters import search
from matters.codes import LIFE_EVENTS
from matters.joint.guide import JointContent, Package
from matters.models import JointMatter, JointMember, JointVersion, Matter


def bring_due_into_force(today: date, joint: JointMatter | None = None) -> int:
    """Put published versions in force whose day has come, of one package or of all; returns how many.

    Running it again changes nothing. A version older than one that was withdrawn does not come back.
    """
    withdrawn_later = JointVersion.objects.filter(
        joint=OuterRef("joint"), state=JointVersion.State.WITHDRAWN, number__gt=OuterRef("number")
    )
    waiting = (
        JointVersion.objects.filter(state=JointVersion.State.PUBLISHED, effective_on__lte=today)
        .filter(Q(joint__current=None) | Q(number__gt=F("joint__current__number")))
        .exclude(Exists(withdrawn_later))
        .select_related("joint")
        .order_by("joint", "number")
    )
    if joint is not None:
        waiting = waiting.filter(joint=joint)
    newest = {version.joint_id: version for version in waiting}
    for version in newest.values():
        _bring_into_force(version)
    return len(newest)


@transaction.atomic
def _bring_into_force(version: JointVersion) -> None:
    joint = version.joint
    joint.current = version
    joint.active = True
    describe(joint, version.parsed)
    joint.save()
    _enrol(joint, version)
    revision.bump()


def describe(joint: JointMatter, content: JointContent) -> None:
    """Set the columns of a package from a version; does not save."""
    joint.name = content.name[:200] or joint.code
    joint.name_en = content.name_en[:200]
    joint.life_event = content.life_event
    joint.audiences = f",{','.join(content.audiences)}," if content.audiences else ""
    package = content.package or Package()
    joint.limit = package.limit if content.package else None
    joint.outline = [member.model_dump(include={"code", "name", "name_en"}) for member in package.members]
    lead = Department.objects.filter(code=content.lead).first()
    if lead is not None:
        joint.lead = lead
    index(joint, content)


def index(joint: JointMatter, content: JointContent) -> None:
    """Prepare the search texts; does not save."""
    titles, others = search_texts(content)
    joint.title_search = "\n".join(search.spellings(text) for text in titles)
    joint.search = "\n".join([joint.title_search, *(search.spellings(text) for text in others)])


def search_texts(content: JointContent) -> tuple[list[str], list[str]]:
    """What people may look for: names first, then what else belongs to the package."""
    titles = [content.name, *content.aliases]
    event = str(LIFE_EVENTS.get(content.life_event, ""))
    members = [member.name for member in content.package.members] if content.package else []
    others = [content.name_en, event, *content.themes, *members]
    return [text for text in titles if text], [text for text in others if text]


def _enrol(joint: JointMatter, version: JointVersion) -> None:
    wanted = {member.code: member.guide_uid for member in version.package.members}
    joint.members.all().delete()
    JointMember.objects.bulk_create(
        JointMember(joint=joint, matter=matter, guide_uid=wanted[matter.code])
        for matter in Matter.objects.filter(code__in=wanted)
    )
