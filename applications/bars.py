"""Bars on applying again (行政许可法 78, 79): made and lifted by an approver on the inner side, kept on both."""

from datetime import date, datetime

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.utils import timezone

from applications import evidence, grounds, issuing, sync_facts
from applications.actors import Actor
from applications.effects import day_of
from applications.errors import DataMissing, NotAllowed, NotPossible
from applications.models import Application, Bar, Event, Licence
from applications.models.bar import BarGround
from applications.models.licence import LicenceState
from matters.models import Matter

YEARS = {BarGround.FALSE_MATERIALS: 1, BarGround.FRAUD: 3}
NOT_GRANTED = ("refuse", "refuse_intake")


def is_barred(applicant_id_hash: str, matter: Matter, on: date) -> Bar | None:
    """The bar that keeps this applicant from applying for this matter on the day; None when nothing does."""
    return matter.bars.in_force(applicant_id_hash, on).order_by("-ends").first()


def sentence(bar: Bar) -> str:
    """What the applicant is told: why, until when, and how to object."""
    return (
        f"您（单位）因{BarGround(bar.ground).label}，自 {_chinese(bar.begins)}至 {_chinese(bar.ends)}不得再次申请“{bar.matter.name}”。"
        "对这一决定有异议的，可以向作出决定的机关陈述申辩，也可以依法申请行政复议或者提起行政诉讼，办法写在《警告及不得再次申请告知书》里。"
    )


def refusal(case: Application, ground: str) -> str:
    """The sentence that says why no bar can be made from this case on this ground; empty when one can."""
    if case.bars.filter(ground=ground).exists():
        return "这件申请已经以这一情形作出过警告。"
    if ground == BarGround.FALSE_MATERIALS:
        decided = case.events.filter(action__in=NOT_GRANTED).exists()
        return (
            "" if decided else "隐瞒情况或者提供虚假材料的，先作出不予受理或者不予许可的决定（行政许可法第七十八条）。"
        )
    licence = Licence.objects.filter(application=case, ground=grounds.FRAUD).exclude(standing=LicenceState.VALID)
    if not licence.exists():
        return "以欺骗、贿赂等不正当手段取得许可的，先撤销这份证照（行政许可法第六十九条第二款、第七十九条）。"
    return ""


def possible(case: Application) -> list[str]:
    """The grounds on which a bar can be made from this case now."""
    return [ground for ground in BarGround.values if not refusal(case, ground)]


def impose(pk: int, *, actor: Actor, ground: str, reason: str, at: datetime | None = None) -> Bar:
    """Warn the applicant of a case and, where its matter touches safety (guide header ``public_safety``), bar them.

    One year for false materials (art. 78), three for a licence got by fraud (art. 79); otherwise the warning only.
    Raises NotAllowed, NotPossible, DataMissing.
    """
    at = at or timezone.now()
    with transaction.atomic():
        case = _locked(pk)
        _check_person(case, actor)
        if ground not in BarGround.values or not reason.strip():
            raise DataMissing({"reason": "请选择情形，并写明事实和理由。"})
        said = refusal(case, ground)
        if said:
            raise NotPossible(said)
        bar = Bar.objects.create(
            application=case,
            matter=case.matter,
            applicant_id_hash=case.applicant_id_hash,
            ground=ground,
            reason=reason.strip(),
            begins=day_of(at),
            ends=_last_day(case, BarGround(ground), day_of(at)),
            by_name=actor.name,
        )
        event = record(case, bar, actor=actor, at=at)
        issuing.freeze_one("bar", case, event)
        sync_facts.record_bar(bar)
    return bar


def lift(pk: int, *, actor: Actor, reason: str, at: datetime | None = None) -> Bar:
    """End a bar early, with a reason. Raises NotAllowed, NotPossible, DataMissing."""
    at = at or timezone.now()
    with transaction.atomic():
        case = _locked(Bar.objects.values_list("application_id", flat=True).get(pk=pk))
        bar = Bar.objects.select_for_update(of=("self",)).get(pk=pk)
        _check_person(case, actor)
        if bar.lifted_on is not None or bar.ends is None or bar.ends < day_of(at):
            raise NotPossible("这一限制已经解除、已经届满，或者只是警告，不用解除。")
        if not reason.strip():
            raise DataMissing({"reason": "请填写解除的理由。"})
        bar.lifted_on, bar.lifted_reason, bar.lifted_by = day_of(at), reason.strip(), actor.name
        bar.save(update_fields=["lifted_on", "lifted_reason", "lifted_by"])
        record_lift(case, bar, actor=actor, at=at)
        sync_facts.record_bar(bar)
    return bar


def record(case: Application, bar: Bar, *, actor: Actor, at: datetime) -> Event:
    """Put a bar on the record of its (locked) case."""
    data = {"ground": bar.ground, "reason": bar.reason, "ends": bar.ends.isoformat() if bar.ends else None}
    return evidence.record_act(case, "bar", actor=actor, at=at, note=_note(bar), data=data)


def record_lift(case: Application, bar: Bar, *, actor: Actor, at: datetime) -> Event:
    """Put on the record of the (locked) case that its bar was lifted."""
    data = {"ground": bar.ground, "reason": bar.lifted_reason}
    return evidence.record_act(case, "bar_lift", actor=actor, at=at, note="解除不得再次申请的限制。", data=data)


def _locked(pk: int) -> Application:
    rows = Application.objects.select_for_update(of=("self",))
    return rows.select_related("guide_version", "matter", "department").get(pk=pk)


def _check_person(case: Application, actor: Actor) -> None:
    if not actor.holds("approver", case.responsible_departments()):
        raise NotAllowed("只有承办部门的负责人可以作出或者解除不得再次申请的限制。")


def _last_day(case: Application, ground: BarGround, begins: date) -> date | None:
    """The same day one or three years later (民法典 200-202); None where the matter does not touch safety."""
    return begins + relativedelta(years=YEARS[ground]) if case.guide_version.header.public_safety else None


def _note(bar: Bar) -> str:
    until = f"，{_chinese(bar.ends)}前不得再次申请本事项" if bar.ends else ""
    return f"给予警告{until}。"


def _chinese(day: date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else ""
