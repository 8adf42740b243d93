"""What applicants had done on the outer side and a backup lost: done again from what the office has of it.

Who has no account in the backup asks with number and code: an online case changes hands never. Drafts, wishes about notices and what was read are lost.
"""

from collections.abc import Mapping
from typing import Any

from applications import actors, evidence, issuing, requests, sync_handlers
from applications.counter import owners
from applications.joint import order, splitting
from applications.models import Application, Booking, JointCase, Rating, Request
from applications.models.booking import BookingState
from applications.ratings.sync_handlers import rating_of
from applications.restored import numbers
from applications.restored.common import case_of, is_known, moment, settle_if_done
from applications.talking.booking_handlers import keep_booking
from matters.models import JointVersion
from sync import rows
from sync.registry import Fact, Reject, restores


@restores("application.submitted")
def submitted_again(fact: Fact) -> None:
    """An application was submitted: with its number, its code and a receipt; the backup may hold the draft."""
    _submit(fact.payload)


@restores("joint.submitted")
def joint_again(fact: Fact) -> None:
    """A package was submitted. Tables of the joint form are lost unless the backup holds the draft; every member's part is not."""
    said = fact.payload
    version = JointVersion.objects.filter(uid=said["version"]).first()
    if version is None:
        raise Reject("本地没有这个“一件事”的这一版。")
    first, applicant = said["members"][0]["applicant"], said["applicant"]
    whose = owners.of(first["kind"], first["id"], first["name"])
    names = {"version": version, "applicant_kind": applicant["kind"], "applicant_name": applicant["name"]}
    joint, _ = JointCase.objects.get_or_create(uid=said["uid"], defaults=names | whose)
    if not joint.is_draft:
        return
    stages = {member.code: member.stage for member in version.package.members}
    codes = [member["matter"] for member in said["members"]]
    for member in said["members"]:
        _submit(member, joint_case=joint, waits_its_turn=order.is_later(stages, codes, member["matter"]))
    if not joint.answers:
        joint.answers = splitting.joined(joint.package, {one["matter"]: one["answers"] for one in said["members"]})
    joint.number, joint.query_code = said["number"], said["query_code"]
    joint.declared_at, joint.submitted_at = moment(said["declared_at"]), moment(said["submitted_at"])
    joint.save()
    numbers.note_application(joint.number)


def _submit(payload: Mapping[str, Any], **columns: Any) -> None:
    before, applicant = case_of(payload["uid"]), payload["applicant"]
    if before is not None and not before.is_draft:
        return
    if before is None:
        columns |= owners.of(applicant["kind"], applicant["id"], applicant["name"])
    case = sync_handlers.create_case(payload, onto=before, **columns)
    sync_handlers.replay_submission(case, payload)
    issuing.freeze_documents(case, case.events.latest("place"), render=False)
    numbers.note_application(payload["number"])


@restores("application.requested")
def requested_again(fact: Fact) -> None:
    """The applicant asked something of a running case."""
    payload = fact.payload
    if is_known(payload["uid"]):
        return
    request = Request.objects.create(
        uid=payload["uid"],
        application_id=sync_handlers.pk_of(payload["application"]),
        action=payload["action"],
        at=moment(payload["at"]),
        reason=payload["reason"],
        changes=payload["changes"],
    )
    requests.record_ask(request, actor=actors.applicant_named(request.application.applicant_name))
    settle_if_done(request)


@restores("rating.given")
def rating_again(fact: Fact) -> None:
    """A rating was given."""
    case = case_of(fact.payload["application"])
    if case is None:
        raise Reject(f"本地没有申请 {fact.payload['application']}。")
    if Rating.objects.filter(application=case).exists():
        return
    rating = rating_of(fact.payload, case.pk)
    rows.insert(rating)
    evidence.record_act(case, "rate", actor=actors.applicant_named(case.applicant_name), at=rating.given_at)


@restores("booking.changed")
def booking_again(fact: Fact) -> None:
    """An appointment was made, moved or given back. Without a case its account is lost: the place is not."""
    payload = fact.payload
    before = Booking.objects.filter(uid=payload["uid"]).first()
    if before is not None and before.changes >= payload["changes"]:
        return
    case = Application.objects.filter(uid=payload["application"]).first() if payload["application"] else None
    columns: dict[str, Any] = {"owner": before.owner if before else case.owner if case else None}
    if before is not None and before.attended:  # noted for what it is now: that came again first
        columns |= {"attended": before.attended, "attended_at": before.attended_at}
    _refuse_taken(payload)
    keep_booking(payload, **columns)


def _refuse_taken(payload: Mapping[str, Any]) -> None:
    same = Booking.objects.filter(
        department__code=payload["department"], day=payload["day"], starts=payload["starts"], place=payload["place"]
    )
    taken = same.filter(standing=BookingState.BOOKED).exclude(uid=payload["uid"]).exists()
    if taken and payload["standing"] == BookingState.BOOKED:
        raise Reject(
            f"{payload['day']} {payload['starts']} 的这个号在恢复以后又约给了别人，{payload['name']} 的预约无法补回。"
            "请打电话另约，再放弃这条记录。"
        )
