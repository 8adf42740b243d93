"""Versions of a guide in every standing, who may do what with each, and the moves as pages make them."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from identity.models import Department, User
from matters import publishing, services
from matters.models import GuideVersion
from matters.reviewing import MOVES, perform
from tests.matters.guides import whole

People = dict[str, User]
OPINION = "第十项材料少了依据，请补上。"


def written(people: People, department: Department, **changes: Any) -> GuideVersion:
    """A draft that both authors wrote."""
    services.save_draft(whole(matter_name="旧名称"), department, by=people["author"])
    return services.save_draft(whole(**changes), department, by=people["author publisher"])


def act(version: GuideVersion, name: str, by: User, **data: Any) -> GuideVersion:
    """A move with whatever it asks for, as a fresh page would make it."""
    fresh = GuideVersion.objects.get(pk=version.pk)
    move = MOVES[name]
    given = {"opinion": OPINION} if move.needs_opinion else {}
    given |= {"effective_on": timezone.localdate()} if move.needs_date else {}
    return perform(fresh, name, by=by, seen=fresh.seen, **given | data)


def bring_to(standing: str, people: People, department: Department) -> GuideVersion:
    """A version in this standing."""
    version = written(people, department)
    if standing == "draft":
        return version
    version = act(version, "submit", people["author"])
    if standing == "review":
        return version
    version = act(version, "approve", people["editor"])
    if standing == "approved":
        return version
    later = timezone.localdate() + timedelta(days=10 if standing == "scheduled" else 0)
    version = act(version, "publish", people["publisher"], effective_on=later)
    if standing == "withdrawn":
        return act(version, "withdraw", people["publisher"])
    if standing == "superseded":
        publishing.publish(services.save_draft(whole(), department, by="别人"), by="别人")
    return GuideVersion.objects.get(pk=version.pk)


EVERY_EDITOR = {"author", "author publisher", "editor", "centre editor"}
OTHERS = {"editor", "publisher", "centre editor", "centre publisher"}
AUTHORS = {"author", "author publisher"}
OTHER_PUBLISHERS = {"publisher", "centre publisher"}
EVERY_PUBLISHER = OTHER_PUBLISHERS | {"author publisher"}
# The whole table: standing -> move -> who may. What is not here nobody may.
TABLE: dict[str, dict[str, set[str]]] = {
    "draft": {"submit": EVERY_EDITOR},
    "review": {"take-back": AUTHORS, "send-back": OTHERS, "approve": OTHERS},
    "approved": {"take-back": AUTHORS, "send-back": OTHERS, "publish": OTHER_PUBLISHERS},
    "scheduled": {"withdraw": EVERY_PUBLISHER},
    "in_force": {"withdraw": EVERY_PUBLISHER},
    "superseded": {},
    "withdrawn": {},
}
