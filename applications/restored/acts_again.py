"""What the office did beside the machine and a backup lost: as the outer side keeps it, and on the record of its case.

The names of officers stayed inside: the department stands for them.
"""

from datetime import datetime

from applications import bars, evidence, grounds, licences
from applications.actors import Actor
from applications.joint import papers
from applications.joint import sync_handlers as joint_handlers
from applications.licence_handlers import bar_changed
from applications.models import Application, Bar, Booking, JointCase, Licence, Rating
from applications.models.licence import LicenceState
from applications.ratings import remedies
from applications.ratings import sync_handlers as rating_handlers
from applications.restored.common import case_of
from applications.talking import booking as bookings
from applications.talking import booking_handlers
from sync.registry import Fact, restores


@restores("bar.changed")
def bar_again(fact: Fact) -> None:
    """Somebody may not apply again, or may after all; who said so is known for what the backup holds."""
    before = Bar.objects.filter(uid=fact.payload["uid"]).first()
    bar_changed(fact)
    bar, case = Bar.objects.get(uid=fact.payload["uid"]), _locked(fact.payload["application"])
    if before is None:
        bars.record(case, bar, actor=_office(case), at=fact.occurred_at)
    else:
        Bar.objects.filter(pk=bar.pk).update(by_name=before.by_name)
    if bar.lifted_on and not (before and before.lifted_on):
        bars.record_lift(case, bar, actor=_office(case), at=fact.occurred_at)


@restores("joint.extended")
def extended_again(fact: Fact) -> None:
    """The government allowed more time for a joint case."""
    joint_handlers.extended(fact)
    joint = JointCase.objects.get(uid=fact.payload["uid"])
    data = {name: fact.payload[name] for name in ("reason", "approver")} | {"joint": joint.number or ""}
    for child in sorted(papers.children_of(joint), key=lambda one: one.pk):
        case = _locked(str(child.uid))
        actor = Actor("staff", joint.version.joint.lead.name)
        evidence.record_act(
            case, "extend_joint", actor=actor, at=fact.occurred_at, note=joint.extension_reason, data=data
        )


@restores("rating.answered")
def remedied_again(fact: Fact) -> None:
    """A bad mark was answered; the steps before stayed inside."""
    said = fact.payload
    rating_handlers.answered(fact)
    case = _locked(str(Rating.objects.get(uid=said["rating"]).application.uid))
    action = next(name for name, (*_, target) in remedies.ACTS.items() if target == said["standing"])
    data = {"action": action, "text": said["answer"]}
    evidence.record_act(case, "remedy", actor=_office(case), at=datetime.fromisoformat(said["answered_at"]), data=data)


@restores("booking.attended")
def attended_again(fact: Fact) -> None:
    """The counter noted whether somebody came."""
    booking_handlers.booking_attended(fact)
    row = Booking.objects.select_related("application").get(uid=fact.payload["uid"])
    if row.application and row.attended:
        case = _locked(str(row.application.uid))
        at = datetime.fromisoformat(fact.payload["at"])
        bookings.record(case, row, fact.payload["attended"], _office(case), at)


def licence_ended_again(licence: Licence, before: Licence | None, at: datetime) -> None:
    """Put the end of a licence on the record of its case; the move that a false pledge brought is there by itself."""
    if licence.standing == LicenceState.VALID or (before and before.standing == licence.standing):
        return
    case = _locked(str(licence.application.uid))
    if licence.standing == LicenceState.REVOKED and case.events.filter(action="find_pledge_false").exists():
        return
    act = next(act for act, standing in grounds.STANDINGS.items() if standing == licence.standing)
    said = {"ground": licence.ground, "reason": licence.reason}
    licences.record(case, licence, act, **said, actor=_office(case), at=at)


def _office(case: Application) -> Actor:
    return Actor("staff", case.department.name)


def _locked(uid: str) -> Application:
    case = case_of(uid)
    assert case is not None  # what was said of it has just been brought back
    return case
