"""What casework does with facts that arrive. Registered by topic in ``apps.ready``; sync itself knows no case."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from applications import actors, evidence_handlers, ownership, requests, services, sync_facts
from applications.actors import Actor
from applications.documents import issue
from applications.errors import MoveRefused
from applications.models import Application, Document, JointCase, Licence, Material, Request
from applications.models.document import DocumentState
from applications.models.request import RequestState
from applications.states import Way
from applications.talking import noticing, parcels
from identity.fields import keyed_hash
from matters import situations
from matters.models import GuideVersion, Matter
from sync import returning, rows
from sync.registry import Fact, Reject, handles


def submitted_together(facts: Sequence[Fact]) -> None:
    """Inner: several applications came in. Looked up, and written where nothing is asked in between, for all at once;
    filed and received case by case, by the same moves as one."""
    payloads = [fact.payload for fact in facts]
    for payload in payloads:
        ownership.check_online_number(payload["number"])
    known = Known()
    cases = [_draft(payload, known) for payload in payloads]
    Application.objects.bulk_create(cases)
    pairs = list(zip(cases, payloads, strict=True))
    rows.insert_all([_material(case, row) for case, payload in pairs for row in payload["materials"]])
    awaited, stuck = returning.is_awaited(), returning.stuck()
    for case, payload in pairs:
        parcels.arrive(case, payload.get("postal"))
        _file(case, payload, waits=awaited or sync_facts.key_of(case) in stuck)
    evidence_handlers.keep_heads(payloads)


@handles("application.submitted", from_side="outer", many=submitted_together)
def submitted(fact: Fact) -> None:
    """Inner: an application came in. It is filed with its outer moment and received at once (C29)."""
    file(fact.payload)


def file(payload: Mapping[str, Any], *, joint: JointCase | None = None, waits: bool = False) -> None:
    """File a submitted application as it travelled, by itself or as a part of a joint case, and receive it.

    ``waits``: it is of a later stage of its package and is received when its turn has come.
    """
    ownership.check_online_number(payload["number"])
    case = create_case(payload, joint_case=joint, waits_its_turn=waits)
    # ``tick`` receives it when its turn has come (applications.joint.order); in a site that was restored the receipt may
    # be on its way back, or be stuck (applications.restored.waiting)
    _file(case, payload, waits=waits or not returning.may_answer(sync_facts.key_of(case)))
    evidence_handlers.keep_head(payload["uid"], payload)


def _file(case: Application, payload: Mapping[str, Any], *, waits: bool) -> None:
    replay_submission(case, payload)
    if not waits:
        receive(case, _moment(payload["submitted_at"]))


def receive(case: int | Application, at: datetime | None) -> None:
    """Receive a case that was filed, dated as its submission."""
    services.perform(case, "receive", actor=actors.system(), seen=None, at=at)


@handles("application.requested", from_side="outer")
def requested(fact: Fact) -> None:
    """Inner: the applicant asks something of a running case; perform it or refuse it with the reason."""
    payload = fact.payload
    ownership.check_request(payload["action"], payload["changes"])
    request = Request.objects.create(
        uid=payload["uid"],
        application_id=pk_of(payload["application"]),
        action=payload["action"],
        at=_moment(payload["at"]),
        reason=payload["reason"],
        changes=payload["changes"],
    )
    if returning.may_answer(sync_facts.key_of(request.application)):  # else applications.restored.waiting does it
        requests.answer(request)
    evidence_handlers.keep_head(payload["application"], payload)


@handles("application.moved", from_side="inner")
def moved(fact: Fact) -> None:
    """Outer: the office made a move; repeat it here."""
    payload = fact.payload
    ownership.check_move(payload["action"])
    case = replay_move(payload)
    evidence_handlers.keep_head(payload["uid"], payload)
    noticing.of_move(case, payload["action"], dict(payload["data"]), at=_moment(payload["at"]))


@handles("request.answered", from_side="inner")
def answered(fact: Fact) -> None:
    """Outer: the office refused what the applicant asked."""
    payload = fact.payload
    request = Request.objects.filter(uid=payload["uid"]).first()
    if request is None:
        raise Reject("本地没有这个请求。")
    standing = RequestState(payload["standing"])
    requests.note_answer(request, standing=standing, answer=payload["answer"], at=fact.occurred_at)


@handles("document.issued", from_side="inner")
def document_issued(fact: Fact) -> None:
    """Outer: a document is ready for the applicant and for whoever checks its code."""
    keep_document(fact.payload)


def keep_document(payload: Mapping[str, Any]) -> Document:
    """The document of a fact, ready, and on the record of its case."""
    document = Document.objects.create(
        uid=payload["uid"],
        application_id=pk_of(payload["application"]),
        kind=payload["kind"],
        title=payload["title"],
        number=payload["number"],
        content=payload["content"],
        content_sha256=payload["content_sha256"],
        check_code=payload["check_code"],
        created_at=_moment(payload["created_at"]),
        rendered_at=_moment_or_none(payload["rendered_at"]),
        blob=payload["blob"],
        state=DocumentState.READY,
    )
    issue.record_issue(document)
    return document


def create_case(payload: Mapping[str, Any], *, onto: Application | None = None, **columns: Any) -> Application:
    """The case a submission tells of, as a draft with its files; ``columns`` beside those of the payload. Reject with a reason.

    ``onto`` is the draft that it was, where a restored backup still holds it.
    """
    case = _draft(payload, Known(), **columns)
    if onto is None:
        case.save(force_insert=True)
    else:
        _overwrite(onto, case)
    Material.objects.bulk_create(_material(case, row) for row in payload["materials"])
    parcels.arrive(case, payload.get("postal"))
    return case


# What the draft knows and the submission does not tell.
_OF_THE_DRAFT = (
    *("owner_id", "enterprise_id", "handler_id", "channel", "joint_case_id", "sections_done"),
    *("created_at", "event_count", "event_head", "sealed_count"),
)


def _overwrite(draft: Application, case: Application) -> None:
    case.pk = draft.pk
    for name in _OF_THE_DRAFT:
        setattr(case, name, getattr(draft, name))
    case.save(force_update=True)
    draft.materials.all().delete()
    parcels.forget(draft)


class Known:
    """The matters with their guides that submissions name, each looked up once."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], tuple[Matter, GuideVersion]] = {}

    def named(self, matter: str, guide: str) -> tuple[Matter, GuideVersion]:
        """The matter with this code and its guide with this uid; Reject when they are not here."""
        if (matter, guide) not in self._found:
            found = GuideVersion.objects.select_related("matter__department").filter(uid=guide, matter__code=matter)
            version = found.first()
            if version is None:
                raise Reject(f"本地没有事项 {matter} 的这一版办事指南。")
            self._found[matter, guide] = version.matter, version
        return self._found[matter, guide]


def _draft(payload: Mapping[str, Any], known: Known, **columns: Any) -> Application:
    """The row of ``create_case``, not written yet."""
    applicant = payload["applicant"]
    matter, guide = known.named(payload["matter"], payload["guide"])
    return Application(
        uid=payload["uid"],
        number=payload["number"],
        query_code=payload["query_code"],
        matter=matter,
        guide_version=guide,
        department=matter.department,
        # Absent from sites older than renewals and changes; then it is a new one.
        purpose=payload.get("purpose", "new"),
        about_licence=_licence_or_none(payload.get("about_licence")),
        change_asked=payload.get("change_asked") or [],
        applicant_kind=applicant["kind"],
        applicant_name=applicant["name"],
        applicant_id=applicant["id"],
        applicant_id_hash=keyed_hash(applicant["id"]) if applicant["id"] else "",
        contact_name=applicant["contact_name"],
        contact_phone=applicant["contact_phone"],
        address=applicant["address"],
        # Absent from sites older than the scenario; then the case keeps the whole guide.
        situation=situations.clean(guide.scenario, payload.get("situation") or {}),
        answers=payload["answers"],
        declared_at=_moment_or_none(payload["declared_at"]),
        # Absent from sites older than 告知承诺 and 容缺受理.
        way=payload.get("way", Way.ORDINARY),
        deferral_agreed_at=_moment_or_none(payload.get("deferral_agreed_at")),
        **columns,
    )


def replay_submission(case: Application, payload: Mapping[str, Any]) -> None:
    """Submit the case as its applicant did, at the moment it was done on the other side."""
    at = _moment(payload["submitted_at"])
    who = actors.applicant_named(case.applicant_name)
    _replay(case, "submit", who, at=at, version=1, to_state="SUBMITTED", data={})


def replay_move(payload: Mapping[str, Any]) -> Application:
    """Repeat the move of a case as it travelled."""
    return _replay(
        pk_of(payload["uid"]),
        payload["action"],
        Actor(payload["actor_kind"], payload["actor_name"]),
        at=_moment(payload["at"]),
        version=payload["version"],
        to_state=payload["to_state"],
        data=dict(payload["data"]),
    )


def _replay(
    pk: int | Application, action: str, who: Actor, *, at: datetime, version: int, to_state: str, data: dict[str, Any]
) -> Application:
    try:
        return services.replay(pk, action, actor=who, at=at, version=version, to_state=to_state, data=data)
    except MoveRefused as refused:
        raise Reject(refused.message) from refused


def pk_of(uid: str) -> int:
    """The key of the case with this uid; Reject when it is not here."""
    pk = Application.objects.filter(uid=uid).values_list("pk", flat=True).first()
    if pk is None:
        raise Reject(f"本地没有申请 {uid}。")
    return pk


def _licence_or_none(uid: str | None) -> Licence | None:
    found = Licence.objects.filter(uid=uid).first() if uid else None
    if uid and found is None:
        raise Reject(f"本地没有证照 {uid}。")
    return found


def _material(case: Application, row: Mapping[str, Any]) -> Material:
    return Material(
        application=case,
        key=row["key"],
        file_name=row["file_name"],
        content_type=row["content_type"],
        size=row["size"],
        sha256=row["sha256"],
        uploaded_at=_moment(row["uploaded_at"]),
    )


def _moment(text: str | None) -> datetime:
    """A moment that must be there; Reject says so when it is not."""
    if not text:
        raise Reject("缺少必要的时间。")
    return datetime.fromisoformat(text)


def _moment_or_none(text: str | None) -> datetime | None:
    return _moment(text) if text else None
