"""Hearings (听证, 行政许可法 46–48): what each of their moves knows and changes. Who may and when: procedure_life.py.

The days: five working days to ask, twenty to hold it, seven working days' notice. Art. 48 writes 七日; art. 82 counts an
organ's periods in working days, and the longer notice is on the safe side. From the notice to the day after the hearing
the clock pauses (art. 45) through a ``Pause`` of its own: spans that overlap another pause are merged, never counted twice.
"""

from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from applications import case_clocks, clocks
from applications.actors import Actor
from applications.errors import DataMissing
from applications.models import Application, Hearing
from applications.models.hearing import Asker
from applications.models.progress import ClockKind
from applications.models.request import RequestState
from applications.models.site_check import PaperOf
from applications.officers import Officer, named, reviewers
from applications.states import SpecialProcedure
from matters import calendar

Data = dict[str, Any]


# --- what only the deciding side knows
def facts_of_telling(case: Application, actor: Actor, data: Data) -> Data:
    """Until when a hearing may be asked for."""
    due = calendar.current().add_workdays(case.acting_on, clocks.HEARING_ASK.value)
    return {"ask_due": due.isoformat()}


def facts_of_asking(case: Application, actor: Actor, data: Data) -> Data:
    """The applicant asks in person; at the desk an officer writes down who did: the applicant or a third party."""
    if actor.kind == "applicant":
        return {"asked_by": Asker.APPLICANT.value, "asker": case.applicant_name}
    asker = str(data.get("asker") or "")
    if asker == case.applicant_name:
        return {"asked_by": Asker.APPLICANT.value, "asker": asker}
    if not case.third_parties.filter(name=asker).exists():
        raise DataMissing({"asker": "请选择谁申请听证：申请人，或者已经登记的利害关系人。"})
    return {"asked_by": Asker.THIRD_PARTY.value, "asker": asker}


def facts_of_setting(case: Application, actor: Actor, data: Data) -> Data:
    """Time and presider, checked. Raises DataMissing with the article that is missed."""
    set_for = _moment(data["set_for"])
    _check_notice(case, timezone.localdate(set_for))
    presider = _presider(case, str(data["presider"]))
    out_until = timezone.localdate(set_for) + timedelta(days=1)
    return {"set_for": set_for.isoformat(), "presider": presider.name, "expected_end": out_until.isoformat()}


def _moment(value: str | datetime) -> datetime:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    except ValueError as error:
        raise DataMissing({"set_for": "请填写听证的日期和时间，例如 2026-03-20 09:30。"}) from error
    return timezone.make_aware(moment) if timezone.is_naive(moment) else moment


def _check_notice(case: Application, day: date) -> None:
    """Seven working days ahead, and within the twenty in which it must be held while that can still be kept."""
    days = calendar.current()
    earliest = days.add_workdays(case.acting_on, clocks.HEARING_NOTICE.value)
    if day < earliest:
        raise DataMissing(
            {"set_for": f"举行听证要提前 7 个工作日通知，最早可以定在 {earliest}（行政许可法第四十八条第一款第一项）。"}
        )
    latest = case.clocks.filter(kind=ClockKind.HEARING, stopped_on=None).values_list("due", flat=True).first()
    if latest is not None and earliest <= latest < day:
        raise DataMissing(
            {"set_for": f"听证要在申请之日起二十个工作日内组织，最晚 {latest}（行政许可法第四十七条第一款）。"}
        )


def _presider(case: Application, username: str) -> Officer:
    found = named(case, [username])
    if not found:
        raise DataMissing({"presider": "请从本部门在职的工作人员中选择主持人。"})
    if found[0].name in reviewers(case):
        raise DataMissing(
            {
                "presider": f"{found[0].name}是审查这件申请的工作人员，不能主持听证，请另外指定主持人"
                "（行政许可法第四十八条第一款第三项）。"
            }
        )
    return found[0]


def facts_of_holding(case: Application, actor: Actor, data: Data) -> Data:
    """The day it was set for; its record is typed or uploaded (art. 48(1)(5))."""
    has_file = case.case_papers.filter(belongs_to=PaperOf.HEARING).exists()
    if not data.get("record") and not has_file:
        raise DataMissing(
            {"record": "请写下听证笔录，或者先在办件页上传签字的笔录（行政许可法第四十八条第一款第五项）。"}
        )
    facts = case.hearing_facts()
    if facts is None or facts.set_for is None:
        raise ValueError("a hearing that is held was set")
    return {"held_on": facts.set_for.isoformat()}


# --- effects, on both sides
def tell(case: Application, data: Data, at: datetime, actor: Actor) -> None:
    day = timezone.localdate(at)
    due = date.fromisoformat(data["ask_due"])
    Hearing.objects.create(application=case, told_on=day, ask_due=due, reason=data["reason"])
    case_clocks.start(case, ClockKind.HEARING_ASK, day, clocks.HEARING_ASK)


def ask(case: Application, data: Data, at: datetime, actor: Actor) -> None:
    """Asked at the outer moment; the third party's name stays inside."""
    day = timezone.localdate(at)
    Hearing.objects.filter(application=case).update(
        asked_on=day, asked_by=data["asked_by"], asker_name=data.get("asker", "")
    )
    case_clocks.stop(case, (ClockKind.HEARING_ASK,), day)
    case_clocks.start(case, ClockKind.HEARING, day, clocks.HEARING)
    if data.get("request"):
        case.requests.filter(uid=data["request"]).update(standing=RequestState.DONE, answered_at=at)


def set_(case: Application, data: Data, at: datetime, actor: Actor) -> None:
    """A first notice opens the pause; a new date moves its expected end."""
    day = timezone.localdate(at)
    Hearing.objects.filter(application=case).update(
        noticed_on=day,
        set_for=datetime.fromisoformat(data["set_for"]),
        place=data["place"],
        presider=data["presider"],
    )
    expected = date.fromisoformat(data["expected_end"])
    if not _open_pauses(case).update(expected_end=expected):
        case.pauses.create(
            procedure=SpecialProcedure.HEARING,
            reason="举行听证",
            began_on=day,
            expected_end=expected,
            by=actor.name,
        )


def hold(case: Application, data: Data, at: datetime, actor: Actor) -> None:
    """The clock goes on the day after the hearing, however late its record is entered."""
    held_on = date.fromisoformat(data["held_on"])
    Hearing.objects.filter(application=case).update(
        held_on=held_on, record=data.get("record", ""), confirmed_by=data.get("confirmed_by", "")
    )
    _end(case, held_on, resumes=held_on + timedelta(days=1))


def drop(case: Application, data: Data, at: datetime, actor: Actor) -> None:
    day = timezone.localdate(at)
    Hearing.objects.filter(application=case).update(dropped_on=day)
    _end(case, day, resumes=day)


def _end(case: Application, day: date, *, resumes: date) -> None:
    _open_pauses(case).update(ended_on=resumes)
    case_clocks.stop(case, (ClockKind.HEARING,), day)


def _open_pauses(case: Application) -> Any:
    return case.pauses.filter(procedure=SpecialProcedure.HEARING, ended_on=None)


# --- words
def reference(case: Application) -> str:
    """The sentence with which a decision refers to the hearing's record (art. 48(2)); empty without a hearing."""
    row = Hearing.objects.filter(application=case).exclude(held_on=None).first()
    if row is None or row.held_on is None:
        return ""
    day = row.held_on
    return (
        f"本机关于{day.year}年{day.month}月{day.day}日在{row.place}举行听证，由{row.presider}主持。"
        "本决定根据经参加人确认的听证笔录作出（行政许可法第四十八条第二款）。"
    )
