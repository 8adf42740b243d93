"""Load the demo city into this site: staff and catalogue on the inner side, applicants on the outer. Twice is as once."""

import json
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.utils import timezone
from holidays import country_holidays

from hall.demo import city, datasets, drafts, lives, packages, searching
from hall.demo.city import City, DepartmentEntry, EnterpriseEntry, PersonEntry, StaffEntry
from identity import services as people
from identity.fields import keyed_hash
from identity.models import Agency, Department, Enterprise, Role, User
from matters import publishing, queries
from matters import services as catalogue
from matters.guide import GuideContent
from matters.models import CalendarYear, Matter
from matters.workdays import Calendar

Say = Callable[[str], None]
# The guides are in force since before the first case of the history.
IN_FORCE_MONTHS = 15
PUBLISHED_AT = time(9)
WRITTEN_BEFORE = timedelta(days=6)


def load(say: Say) -> None:
    """Load what belongs on this side; ``say`` gets one line per step."""
    demo = city.load()
    if settings.IS_OUTER:
        _load_outer(demo, say)
    else:
        _load_inner(demo, say)
    _write_accounts(demo)


def _load_inner(demo: City, say: Say) -> None:
    changed = sum(_department(entry) for entry in demo.departments)
    say(f"部门 {len(demo.departments)} 个，新增或更新 {changed} 个")
    say(f"工作人员 {len(demo.staff['inner'])} 人，新增 {_staff(demo, demo.staff['inner'])} 人")
    say("工作日历：" + ("录入今年的放假安排" if _calendar(timezone.localdate().year) else "已有"))
    files = city.guide_files()
    published = sum(_guide(demo, path) for path in files)
    say(f"办事指南 {len(files)} 份，发布 {published} 份")
    say(f"正在编写的草稿，新增 {drafts.load()} 份")
    publisher = User.objects.get(username=demo.publisher)
    joined = sum(packages.publish(path, publisher) for path in packages.files())
    say(f"一件事 {len(packages.files())} 件，发布 {joined} 件")
    say(f"查询服务 {len(datasets.entries())} 项，新增 {datasets.load()} 项")
    say(f"编写、审核、待生效和核对的例子：新增 {lives.lead()} 个")
    say(f"同义词 {len(searching.SYNONYMS)} 条，新增 {searching.keep_synonyms(publisher)} 条")


def _load_outer(demo: City, say: Say) -> None:
    # An operator's post needs a department, and the inner side's copy may not have crossed yet; it will be the same.
    for entry in demo.staff["outer"]:
        for post in entry.posts:
            _save(demo.department(post.department))
    say(f"外网运维人员 {len(demo.staff['outer'])} 人，新增 {_staff(demo, demo.staff['outer'])} 人")
    password = _password_hash(demo.password)
    added = sum(_person(entry, password) for entry in demo.people)
    say(f"申请人 {len(demo.people)} 人，新增 {added} 人")
    added = sum(_enterprise(demo, entry) for entry in demo.enterprises)
    say(f"企业 {len(demo.enterprises)} 家，新增 {added} 家")
    searching.search_for_two_weeks(timezone.localdate())


# --- departments, staff
@transaction.atomic
def _department(entry: DepartmentEntry) -> bool:
    """Save and publish a department that is new or differs."""
    if _is_current(entry):
        return False
    people.publish_department(_save(entry))
    return True


def _save(entry: DepartmentEntry) -> Department:
    values = entry.model_dump()
    return people.save_department(values.pop("code"), values.pop("name"), **values)


def _is_current(entry: DepartmentEntry) -> bool:
    known = Department.objects.filter(**entry.model_dump(exclude={"offices"})).first()
    if known is None:
        return False
    offices = set(known.offices.values_list("name", "phone"))
    return {(office.name, office.phone) for office in entry.offices} <= offices


def _staff(demo: City, entries: list[StaffEntry]) -> int:
    known = set(User.objects.values_list("username", flat=True))
    departments = {department.code: department for department in Department.objects.all()}
    password = _password_hash(demo.password)
    new = [entry for entry in entries if entry.username not in known]
    for entry in new:
        posts = [(departments[post.department], post.role, post.office) for post in entry.posts]
        with transaction.atomic():
            user = people.save_staff(entry.username, entry.name, "", posts)
            User.objects.filter(pk=user.pk).update(password=password)
    return len(new)


def _password_hash(password: str) -> str:
    """Hashed once for all: a hundred slow hashes of the password on the log-in page would protect nothing."""
    validate_password(password)
    return make_password(password)


# --- calendar, guides
def _calendar(year: int) -> bool:
    """Enter the year's notice from the holiday package, as an editor would from the State Council's."""
    if CalendarYear.objects.filter(year=year).exists():
        return False
    names, days = country_holidays("CN", years=year), Calendar()
    notice: dict[date, tuple[bool, str]] = {}
    for offset in range((date(year + 1, 1, 1) - date(year, 1, 1)).days):
        day = date(year, 1, 1) + timedelta(days=offset)
        if days.is_workday(day) != (day.weekday() < 5):
            works = days.is_workday(day)
            notice[day] = (works, "调休上班" if works else str(names.get(day, "放假")))
    publishing.publish_calendar(year, notice)
    return True


def _guide(demo: City, path: Path) -> bool:
    """Publish a guide that is new, or that was never published as it is now; what somebody works on is left alone."""
    content = city.guide_content(path, settings.HALL_OUTER_URL)
    digest = publishing.digest_of(GuideContent.model_validate(content).model_dump(mode="json"))
    code = content["header"]["code"]
    known = Matter.objects.filter(code=code).first()
    if known and (known.versions.filter(digest=digest).exists() or queries.unpublished(known)):
        return False
    department = Department.objects.get(code=content["guide"]["department"]["code"])
    publisher = User.objects.get(username=demo.publisher)
    since = timezone.localdate() - relativedelta(months=IN_FORCE_MONTHS)
    with transaction.atomic():
        if known is not None:
            catalogue.publish(catalogue.save_draft(content, department), by=publisher)
            return True
        for version, day in lives.versions(path.stem, content, since):
            at = timezone.make_aware(datetime.combine(day, PUBLISHED_AT))
            draft = catalogue.save_draft(version, department, by=lives.confirmer(), at=at - WRITTEN_BEFORE)
            catalogue.publish(draft, by=publisher, effective_on=day, at=at)
    return True


# --- applicants
def _person(entry: PersonEntry, password: str) -> bool:
    if User.objects.filter(username=entry.username).exists():
        return False
    user = User(username=entry.username, password=password)
    people.register_person(user, name=entry.name, id_number=entry.id_number, phone=entry.phone)
    return True


def _enterprise(demo: City, entry: EnterpriseEntry) -> bool:
    enterprise = Enterprise.objects.filter(uscc_hash=keyed_hash(entry.uscc)).first()
    is_new = enterprise is None
    if enterprise is None:
        enterprise = people.register_enterprise(
            User.objects.get(username=entry.manager),
            name=entry.name,
            uscc=entry.uscc,
            legal_representative=entry.legal_representative,
            address=entry.address,
        )
    names = {person.username: person.name for person in demo.people}
    for username in entry.agents:
        if not Agency.objects.filter(enterprise=enterprise, user__username=username).exists():
            people.add_agent(enterprise, username=username, name=names[username])
    return is_new


# --- accounts for the log-in page
def accounts(demo: City) -> list[dict[str, str]]:
    """The accounts to show on this side's log-in page."""
    entries: list[tuple[str, str, str]] = []
    short = {department.code: department.short_name for department in demo.departments}
    for staff in demo.staff[settings.HALL_SIDE]:
        if staff.listed:
            post = staff.posts[0]
            who = f"{staff.name} · {short[post.department]} · {Role(post.role).label}"
            entries.append((staff.username, who, staff.can))
    if settings.IS_OUTER:
        listed = [(p.username, p.name, p.can) for p in demo.people if p.listed]
        entries = listed + entries
    return [
        {"side": settings.HALL_SIDE, "username": username, "password": demo.password, "who": who, "can": can}
        for username, who, can in entries
    ]


def _write_accounts(demo: City) -> None:
    path = settings.HALL_DATA_DIR / "demo_accounts.json"
    text = json.dumps(accounts(demo), ensure_ascii=False, indent=1) + "\n"
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")
