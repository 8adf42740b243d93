"""What each document says beside the facts of its case, read from the move that makes it."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from applications import deferral, hearings, joint_handling, licence_faces, licence_papers, licence_terms
from applications.effects import day_of
from applications.models import Application, Event, PostalWish
from applications.models.application import Channel
from applications.states import SpecialProcedure, State, Way

Extra = dict[str, Any]
PAPERS_SERVED = ("grant", "refusal", "renewal", "licence_change", "licence")


def receipt(case: Application, event: Event) -> Extra:
    if case.channel == Channel.COUNTER:
        receiver = f"{event.data['taken_in_by']}（{event.data['window']}）"
        return {"received_at": event.at, "receiver": receiver, "presenter": event.data["presenter"]}
    return {"received_at": event.at, "receiver": "网上办事大厅（系统自动收件）"}


def acceptance(case: Application, event: Event) -> Extra:
    return {
        "accepted_on": case.accepted_on,
        "law_due": case.law_due,
        "promise_due": case.promise_due,
        "tacit": event.action == "deem_accepted",
    }


def correction(case: Application, event: Event) -> Extra:
    items = [
        {
            "name": item["label"],
            "problem": item["problem"],
            "remedy": item.get("remedy") or "按办事指南的要求重新提交。",
        }
        for item in event.data["items"]
    ]
    return {"items": items, "supply_due": case.correction_due, "again": event.from_state == State.RESUBMITTED}


def intake_refusal(case: Application, event: Event) -> Extra:
    late = {"late_reason": event.data.get("late_reason", "")}
    if event.action == "tell_not_required":
        return late | {"ground": "not_required", "reason": event.data["reason"]}
    return late | {
        "ground": "not_this_organ",
        "reason": event.data["reason"],
        "competent_organ": event.data["right_organ"],
    }


def grant(case: Application, event: Event) -> Extra:
    outcome = case.guide_version.guide.outcome
    start, end = validity(case, event)
    extra: Extra = {"scope": event.data.get("scope") or f"准予办理“{case.guide_version.guide.matter_name}”。"}
    if is_licensed(case):
        extra |= {"licence_name": outcome.name, "licence_number": licence_number(case)}
        extra |= {"valid_from": start, "valid_to": end}
    return extra | {"hearing": hearings.reference(case)}


def refusal(case: Application, event: Event) -> Extra:
    facts = (
        f"本机关于{_chinese(day_of(case.submitted_at or event.at))}收到你（单位）的申请，经依法审查，不符合法定条件。"
    )
    return {
        "facts": facts,
        "reasons": [event.data["reason"]],
        "legal_basis": event.data["legal_basis"],
        "hearing": hearings.reference(case),
    }


# --- hearing and third parties
def hearing_right(case: Application, event: Event) -> Extra:
    return {"reason": event.data["reason"], "ask_due": date.fromisoformat(event.data["ask_due"])}


def hearing_notice(case: Application, event: Event) -> Extra:
    return {
        "set_for": datetime.fromisoformat(event.data["set_for"]),
        "place": event.data["place"],
        "presider": event.data["presider"],
        "began_on": case.pauses.filter(procedure=SpecialProcedure.HEARING, ended_on=None).get().began_on,
        "expected_end": date.fromisoformat(event.data["expected_end"]),
        "new_due": case.law_due,
    }


def third_party_notice(case: Application, event: Event) -> Extra:
    return {
        "party": event.data["party_name"],
        "interest": event.data["interest"],
        "answer_due": date.fromisoformat(event.data["answer_due"]),
    }


def pause(case: Application, event: Event) -> Extra:
    return {
        "procedure": SpecialProcedure(event.data["procedure"]).label,
        "reason": event.data["reason"],
        "began_on": day_of(event.at),
        "expected_end": date.fromisoformat(event.data["expected_end"]),
        "new_due": case.law_due,
        "too_late": event.data["too_late"],
    }


def extension(case: Application, event: Event) -> Extra:
    added = joint_handling.extension(case)
    return {
        "original_due": date.fromisoformat(event.data["original_due"]),
        "added_days": added.value,
        "reason": event.data["reason"],
        "approver": event.data["approver"],
        "new_due": case.law_due,
    }


def withdrawal(case: Application, event: Event) -> Extra:
    return {
        "requested_at": event.at,
        "requested_by": case.applicant_name,
        "reason": event.data.get("reason", ""),
    }


def termination(case: Application, event: Event) -> Extra:
    if event.action == "lapse":
        return {"reason": f"补正期限至{_chinese_or_none(case)}届满，未收到补正材料。", "lapsed": True}
    if event.action == "lapse_owed":
        due = deferral.last_day(case)
        until = _chinese(due) if due else "期满日"
        return {"reason": f"容缺补交期限至{until}届满，没有补交：{deferral.labels(case)}。", "lapsed": True}
    return {"reason": event.data["reason"]}


def deferral_commitment(case: Application, event: Event) -> Extra:
    return {
        "owed_items": [{"name": row.label} for row in case.owed.all()],
        "owed_due": case.owed_due,
        "signed_by": case.applicant_name,
        "signed": event.data["signed"],
    }


def commitment(case: Application, event: Event) -> Extra:
    header = case.guide_version.header
    return {
        "requirements": [one.text for one in case.guide.conditions] or ["法律、法规规定的条件。"],
        "pledge": header.commitment_text or "已经知晓并符合上列条件。",
        "check_days": header.commitment_check_days,
        "signed_by": case.applicant_name,
        "signed_at": case.declared_at or case.submitted_at or event.at,
    }


def commitment_revocation(case: Application, event: Event) -> Extra:
    paper = case.documents.filter(kind="grant").latest("id")
    return {
        "decision": f"《{paper.title}》（{paper.number}）",
        "decided_on": day_of(case.decided_at or event.at),
        "licence_number": licence_number(case) if is_licensed(case) else "",
        "reason": event.data["reason"],
        "legal_basis": event.data["legal_basis"],
    }


def _chinese_or_none(case: Application) -> str:
    due = case.clocks.filter(kind="correction").order_by("-id").values_list("due", flat=True).first()
    return _chinese(due) if due else "期满日"


def _place_of(case: Application, event: Event) -> str:
    """Where papers were handed over or sent; a parcel with its number."""
    wish = PostalWish.objects.filter(application=case).first() if event.data["method"] == "邮寄送达" else None
    place = event.data.get("place") or (wish.address if wish else case.address) or "政务服务中心窗口"
    parcel = " ".join(str(event.data[name]) for name in ("carrier", "tracking") if event.data.get(name))
    return f"{place}（{parcel}）" if parcel else str(place)


def delivery(case: Application, event: Event) -> Extra:
    papers = case.documents.filter(kind__in=PAPERS_SERVED)
    method = event.data["method"]
    electronic = method == "电子送达"
    return {
        "papers": [{"title": paper.title, "number": paper.number} for paper in papers],
        "recipient": event.data["recipient"],
        "method": method,
        "place": "申请人网上办事账户" if electronic else _place_of(case, event),
        "sent_at": event.at,
        "arrived_at": event.at if electronic else None,
        "consent": "申请人提交申请时同意电子送达" if electronic else "",
        "server": event.actor_name,
    }


def licence(case: Application, event: Event) -> Extra:
    if case.about_licence_id:
        return licence_faces.next_face(case, day_of(event.at))
    outcome = case.guide_version.guide.outcome
    start, end = validity(case, event)
    return {
        "licence_name": outcome.name,
        "licence_number": licence_number(case),
        "holder": case.applicant_name,
        "holder_code": case.applicant_id if case.applicant_kind == "enterprise" else "",
        "address": case.address,
        "lines": [{"label": "许可事项", "value": event.data.get("scope") or case.guide_version.guide.matter_name}],
        "valid_from": start,
        "valid_to": end,
    }


def is_made(kind: str, case: Application) -> bool:
    """Whether this case has such a paper at all: not every grant has a certificate, not every acceptance a pledge."""
    if kind == "licence":
        return is_licensed(case)
    return case.way == Way.PLEDGE if kind == "commitment" else True


def is_licensed(case: Application) -> bool:
    """Whether a grant of this matter produces a certificate (业务成果 type 10)."""
    return case.guide_version.guide.outcome.type == "10"


def licence_number(case: Application) -> str:
    """The certificate's number: the case number with the organ's code, unique because the case number is."""
    return f"YZ{case.number}"


def validity(case: Application, event: Event) -> tuple[date, date | None]:
    """From the day of the decision to the day before the same day when the term is over; None for good."""
    start = day_of(event.at)
    return start, licence_terms.term_of(case, start)


def _chinese(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def kinds_of(case: Application, action: str) -> tuple[str, ...]:
    """The documents that this move makes of this case, in the order in which they are numbered."""
    return licence_papers.kinds_for(case, BY_ACTION.get(action, ()))


# Move → the documents it makes, in the order in which they are numbered.
BY_ACTION: dict[str, tuple[str, ...]] = {
    "submit": ("receipt",),
    "accept": ("commitment", "acceptance"),
    "accept_with_deferral": ("commitment", "deferral", "acceptance"),
    "deem_accepted": ("acceptance",),
    "ask_correction": ("correction",),
    "refuse_intake": ("intake_refusal",),
    "tell_not_required": ("intake_refusal",),
    "grant_at_once": ("commitment", "acceptance", "grant", "licence"),
    "grant": ("grant", "licence"),
    "deem_renewed": ("grant", "licence"),
    "refuse": ("refusal",),
    "pause": ("pause",),
    "extend": ("extension",),
    "withdraw": ("withdrawal",),
    "terminate": ("termination",),
    "lapse": ("termination",),
    "lapse_owed": ("termination",),
    "find_pledge_false": ("commitment_revocation",),
    "deliver": ("delivery",),
    "tell_hearing": ("hearing_right",),
    "set_hearing": ("hearing_notice",),
    "name_third_party": ("third_party_notice",),
}
EXTRAS: dict[str, Callable[[Application, Event], Extra]] = {
    "receipt": receipt,
    "acceptance": acceptance,
    "correction": correction,
    "intake_refusal": intake_refusal,
    "grant": grant,
    "refusal": refusal,
    "pause": pause,
    "extension": extension,
    "withdrawal": withdrawal,
    "termination": termination,
    "delivery": delivery,
    "licence": licence,
    "renewal": licence_papers.renewal,
    "licence_change": licence_papers.licence_change,
    "licence_end": licence_papers.licence_end,
    "bar": licence_papers.bar,
    "hearing_right": hearing_right,
    "hearing_notice": hearing_notice,
    "third_party_notice": third_party_notice,
    "deferral": deferral_commitment,
    "commitment": commitment,
    "commitment_revocation": commitment_revocation,
}
