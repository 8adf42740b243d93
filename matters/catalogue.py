"""What lists, filters and search read about a matter, taken from the guide in force. The same on both sides."""

from datetime import date

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from identity import revision
from identity.models import Office
from matters import codes
from matters.guide import GuideContent
from matters.lifeevents import life_events
from matters.models import GuideVersion, Matter, MatterTag
from matters.search import index


def bring_due_into_force(today: date, matter: Matter | None = None) -> int:
    """Put published guides in force whose day has come, of one matter or of all; returns how many.

    For publishing, for arriving facts, and for the daily clock of either side; running it again changes nothing.
    """
    waiting = (
        _may_be_in_force(today)
        .filter(Q(matter__current=None) | Q(number__gt=F("matter__current__number")))
        .select_related("matter__department")
        .order_by("matter", "number")
    )
    if matter is not None:
        waiting = waiting.filter(matter=matter)
    newest = {version.matter_id: version for version in waiting}
    for version in newest.values():
        _bring_into_force(version)
    return len(newest)


def _may_be_in_force(today: date) -> QuerySet[GuideVersion]:
    """Published versions whose day has come. One older than one that was withdrawn out of force does not come back; one
    withdrawn while it still waited for its day changes nothing for the others."""
    was_in_force = Q(withdrawn_on=None) | Q(effective_on__lte=F("withdrawn_on"))
    withdrawn_later = GuideVersion.objects.filter(
        was_in_force, matter=OuterRef("matter"), state=GuideVersion.State.WITHDRAWN, number__gt=OuterRef("number")
    )
    published = GuideVersion.objects.filter(state=GuideVersion.State.PUBLISHED, effective_on__lte=today)
    return published.exclude(Exists(withdrawn_later))


def settle_after_withdrawal(matter: Matter, today: date) -> None:
    """Let the version stay in force that may be after a withdrawal; without one the matter leaves the catalogue."""
    stays = (
        _may_be_in_force(today).filter(matter=matter).order_by("-number").select_related("matter__department").first()
    )
    if stays is None:
        matter.current, matter.active = None, False
        matter.save(update_fields=["active", "current"])
        index.remove(matter)
        revision.bump()
    elif stays.pk != matter.current_id:
        _bring_into_force(stays)
        matter.refresh_from_db()


@transaction.atomic
def _bring_into_force(version: GuideVersion) -> None:
    matter = version.matter
    matter.current = version
    matter.active = True
    describe(matter, version.parsed)
    matter.save()
    _tag(matter)
    index.add(matter)
    revision.bump()


def describe(matter: Matter, content: GuideContent) -> None:
    """Set the matter's columns from a guide; does not save."""
    header, guide = content.header, content.guide
    matter.base_code = header.base_code
    matter.name = guide.matter_name
    matter.name_en = header.name_en
    matter.type_code = header.type_code
    matter.case_kind = header.case_kind
    matter.level = guide.handling_level.level
    matter.office = Office.objects.filter(department=matter.department, name=guide.responsible_office.name).first()
    matter.audiences = header.audiences
    matter.themes = header.themes
    matter.aliases = header.aliases
    matter.life_events = life_events(header)
    matter.depth = _farthest(guide.service_capability.depth)
    matter.promised_value = guide.promised_limit.value
    matter.promised_unit = guide.promised_limit.unit
    matter.visits_needed = guide.service_capability.visits
    matter.online = bool(content.form.sections)


def _farthest(depths: list[str]) -> str:
    return max((depth for depth in depths if depth != codes.OTHER_DEPTH), default="".join(depths[:1]))


def _tag(matter: Matter) -> None:
    wanted = {(MatterTag.Kind.AUDIENCE, value) for value in matter.audiences}
    wanted |= {(MatterTag.Kind.THEME, value) for value in matter.themes}
    wanted |= {(MatterTag.Kind.LIFE, value) for value in matter.life_events}
    for tag in matter.tags.all():
        if (tag.kind, tag.value) not in wanted:
            tag.delete()
    MatterTag.objects.bulk_create(
        [MatterTag(matter=matter, kind=kind, value=value) for kind, value in sorted(wanted)], ignore_conflicts=True
    )
