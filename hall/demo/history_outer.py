"""Outer side of the history: file the cases of the past year, and answer what the office asked since."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from applications import actors, drafts, requests, sync_facts, uploads
from applications.models import Application
from applications.states import State, Way
from hall.demo import city, fates, filing, joint_filing, marks, officetime
from hall.demo.fates import Fate
from hall.demo.filing import Applicants, DemoIncomplete
from matters import calendar, dailies
from matters.models import Matter
from matters.workdays import Calendar

Say = Callable[[str], None]
PAST_DAYS = 425  # about fourteen months
RECENT_SHARE = 0.3  # of the cases fall into the last weeks, so that the desks are full
RECENT_DAYS = 35
DRAFTS = (
    ("liming", "food-business-licence"),
    ("wangfang", "remote-medical-treatment-filing"),
    ("zhoudahai", "residence-permit"),
)
VIEWS_PER_CASE = 23
# How often each matter is applied for; the others are rare.
DEMAND = {
    "food-business-licence": 14,
    "remote-medical-treatment-filing": 9,
    "employment-registration": 8,
    "real-estate-transfer": 8,
    "enterprise-change-registration": 8,
    "residence-permit": 6,
    "public-place-hygiene-licence": 6,
    "subsistence-allowance": 5,
    "work-injury-recognition": 5,
    "special-equipment-registration": 5,
    "road-freight-licence": 4,
    "construction-permit": 4,
    "labour-dispatch-licence": 4,
    "public-gathering-fire-inspection": 4,
    "disability-subsidies": 4,
}


@dataclass(frozen=True)
class Filing:
    """One case to be filed."""

    number: int
    fate: Fate
    at: datetime


def submit(count: int, say: Say, *, now: datetime | None = None) -> None:
    """File the first ``count`` cases that are not here yet, oldest first, and send what applicants owe the office."""
    now = now or timezone.now()
    applicants = Applicants.here([person.username for person in city.load().people])
    matters = _matters()
    waiting = _to_file(count, calendar.current(), now)
    for done, filing_ in enumerate(waiting, 1):
        _file(filing_, applicants, matters, now)
        if done % 50 == 0:
            say(f"已提交 {done}/{len(waiting)} 件")
    dailies.send(now.astimezone(officetime.ZONE).date())
    say(
        f"提交历史办件 {len(waiting)} 件，联合申请 {joint_filing.submit(applicants, matters, now)} 件；补正 {_supplement(now)} 件；"
        f"评价 {marks.give(now)} 件；起草 {_begin_drafts(applicants, matters)} 件"
    )


def _matters() -> dict[str, Matter]:
    """The demo's matters by the name of their file; DemoIncomplete while the catalogue has not crossed."""
    files = {city.guide_content(path)["header"]["code"]: path.stem for path in city.guide_files()}
    known = {files[m.code]: m for m in Matter.objects.filter(code__in=files, active=True).select_related("current")}
    if len(known) < len(files):
        raise DemoIncomplete("办事指南还没有从内网送到，请先交换一次批次文件。")
    return known


def _to_file(count: int, days: Calendar, now: datetime) -> list[Filing]:
    here = set(Application.objects.filter(uid__in=list(fates.all_uids(count))).values_list("uid", flat=True))
    rows = [
        Filing(number, fates.fate_of(number), _moment(number, days, now))
        for number in range(count)
        if fates.uid_of(number) not in here
    ]
    return sorted(rows, key=lambda row: row.at)


def _moment(number: int, days: Calendar, now: datetime) -> datetime:
    """When the case was filed."""
    chance, fate, today = fates.chance_of(number, "when"), fates.fate_of(number), now.astimezone(officetime.ZONE).date()
    if fate.age is not None:
        day: date = officetime.workdays_before(days, today, fate.age)
    else:
        past = RECENT_DAYS if chance.random() < RECENT_SHARE else PAST_DAYS
        day = today - timedelta(days=chance.randint(1, past))
    at = officetime.online(day, chance)
    return at if at < now else now - timedelta(minutes=chance.randint(2, 50))


def _file(row: Filing, applicants: Applicants, matters: dict[str, Matter], now: datetime) -> None:
    chance = fates.chance_of(row.number, "form")
    matter = matters[row.fate.matter or _demanded(matters, chance)]
    applicant = applicants.one_for(matter, chance)
    with transaction.atomic():
        case = filing.write_draft(applicants, applicant, matter, at=row.at, chance=chance, uid=fates.uid_of(row.number))
        filing.hand_in(case)
        case.materials.update(uploaded_at=row.at - timedelta(minutes=4))
        Application.objects.filter(pk=case.pk).update(created_at=row.at - timedelta(minutes=chance.randint(9, 90)))
        way = Way.PLEDGE if row.fate.pledge else Way.ORDINARY
        filing.submit(case, applicant, way=way, deferral_agreed=row.fate.owed, at=row.at, render=False)
        Matter.objects.filter(pk=matter.pk).update(visits=F("visits") + VIEWS_PER_CASE)
        if row.fate.ending == "withdraw":
            _withdraw(case, _soon_after(row.at, now, chance), applicant.user.display_name)


def _soon_after(at: datetime, now: datetime, chance: Random) -> datetime:
    """The next day at some time, or now when that has not come."""
    return min(officetime.online((at + timedelta(days=1)).astimezone(officetime.ZONE).date(), chance), now)


def _demanded(matters: dict[str, Matter], chance: Random) -> str:
    names = sorted(matters)
    return chance.choices(names, [DEMAND.get(name, 1.5) for name in names])[0]


def _withdraw(case: Application, at: datetime, name: str) -> None:
    case.refresh_from_db()
    requests.ask(case, "withdraw", actor=actors.applicant_named(name), reason="计划有变，暂时不办了。", at=at)


def _supplement(now: datetime) -> int:
    """Answer the corrections that the history says are answered."""
    count = 0
    for case in Application.objects.filter(
        uid__gte=fates.uid_of(0), uid__lte=fates.uid_of(10**12 - 1), state=State.CORRECTION
    ):
        number = fates.number_of(case.uid)
        fate, chance = fates.fate_of(number), fates.chance_of(number, "supplement")
        asked = case.events.filter(action="ask_correction").latest("place").at
        at = officetime.online((asked + timedelta(days=chance.randint(1, 12))).date(), chance)
        if fate.stop is State.RESUBMITTED:  # lately, so that silence has not accepted it before anybody looked
            at = max(asked + timedelta(hours=1), now - timedelta(hours=chance.randint(4, 20)))
        owes = fate.correction == "supplied" and fate.stop is not State.CORRECTION
        if owes and asked < at <= now and not case.requests.exists():
            _answer(case, at)
            count += 1
    return count


@transaction.atomic
def _answer(case: Application, at: datetime) -> None:
    for material in uploads.open_materials(case):
        filing.hand_in_one(case, material, mark="补正")
    case.materials.filter(round=uploads.CORRECTION).update(uploaded_at=at - timedelta(minutes=3))
    rows = [sync_facts.material_row(one) for one in case.materials.filter(round=uploads.CORRECTION)]
    requests.ask(
        case, "supplement", actor=actors.applicant_named(case.contact_name), changes={"materials": rows}, at=at
    )


def _begin_drafts(applicants: Applicants, matters: dict[str, Matter]) -> int:
    """A few half-finished drafts, so that 我的办件 shows what a draft looks like."""
    begun = 0
    for username, slug in DRAFTS:
        everybody = [*applicants.enterprises, *applicants.persons]
        applicant = next((one for one in everybody if one.user.username == username), None)
        if applicant is None or Application.objects.filter(owner=applicant.user, state=State.DRAFT).exists():
            continue
        case = filing.write_draft(applicants, applicant, matters[slug], at=timezone.now(), chance=Random(username))
        drafts.save_section(case, case.guide_version.form.sections[-1].key, {}, complete=False)
        begun += 1
    return begun
