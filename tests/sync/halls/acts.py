"""What the cast does in a whole hall of its own process."""

import io
from collections import Counter
from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone
from PIL import Image

from applications import actors, bars, drafts, grounds, licences, requests, services
from applications.actors import Actor
from applications.counter import asking
from applications.counter import filing as window
from applications.counter import papers as counter_papers
from applications.documents import issue
from applications.joint import drafts as joint_drafts
from applications.joint import extending, filing, papers
from applications.models import Application, Booking, Document, JointCase, Licence
from applications.ratings import giving, remedies
from applications.talking import attending, booking, messages
from identity import services as identity_services
from identity.models import Department, Role, User
from matters import catalogue, dailies, publishing, searches, synonyms, visits
from matters.datasets import sending, stock
from matters.datasets import services as dataset_services
from matters.datasets.definition import Definition
from matters.joint import publishing as joint_publishing
from matters.models import DataSet, GuideVersion, JointMatter, Matter
from sync import blobs
from tests import factories, people
from tests.applications import counter_cases
from tests.applications.applicant import files
from tests.helpers import DATA
from tests.matters import datasets
from tests.sync.halls.seen import counters as counters
from tests.sync.halls.seen import seen as seen

PLAIN, FOOD, FIRE = "YC-TEST-0001", "YC-FOOD-0001", "YC-FIRE-0001"
MARKET, HOUSING = "YC-SCJG", "YC-ZJ"
PACKAGE = "restaurant"


def act(name: str, **words: Any) -> Any:
    """Do one of the functions below."""
    return globals()[name](**words)


# --- inside: what a hall begins with
def open_offices() -> None:
    """Two departments with their officers, a matter for one applicant alone, and two that make a package."""
    market = _department(MARKET, "云川市市场监督管理局", "市市场监管局")
    housing = _department(HOUSING, "云川市住房和城乡建设局", "市住建局")
    for department, cast in (
        (market, ("chenjing 陈静", "liuyang 刘洋", "sunli 孙立", "hemiao 何苗", "luoning 罗宁")),
        (housing, ("fengtao 冯涛", "jiangrong 蒋蓉", "shenyue 沈岳")),
    ):
        roles = (Role.CLERK, Role.REVIEWER, Role.APPROVER, Role.EDITOR, Role.PUBLISHER)
        for person, role in zip(cast, roles, strict=False):
            people.make_staff(*person.split(), department, role)
    _publish(factories.content(market, header={"public_safety": True, "express": True}), market)
    for department, code, name in ((market, FOOD, "食品经营许可"), (housing, FIRE, "消防安全检查")):
        _publish(factories.content(department, header={"code": code}, matter_name=name), department)
    offer_package("开办餐饮店一件事")


def _department(code: str, name: str, short_name: str) -> Department:
    offices = [{"name": "行政审批科", "phone": "1"}]
    department = identity_services.save_department(code, name, short_name=short_name, offices=offices)
    with transaction.atomic():
        identity_services.publish_department(department)
    return department


def _publish(content: dict[str, Any], department: Department, number: int = 1) -> None:
    """Not by ``publish``: it wants a guide without a gap."""
    code = content["header"]["code"]
    matter, _ = Matter.objects.get_or_create(code=code, defaults={"name": code, "department": department})
    names = {"state": GuideVersion.State.PUBLISHED, "digest": publishing.digest_of(content), "content": content}
    version = GuideVersion.objects.create(
        matter=matter, number=number, effective_on=date(2025, 1, 1), published_at=timezone.now(), **names
    )
    with transaction.atomic():
        catalogue.bring_due_into_force(timezone.localdate(), matter)
        version.matter.refresh_from_db()
        publishing._record(version)


# --- inside: cases
def move(number: str, action: str, by: str, **data: Any) -> str:
    """A move by an officer; the state afterwards."""
    words = DATA.get(action, {}) | data
    return str(services.perform(_case(number).pk, action, actor=_staff(by), seen=None, render=False, **words).state)


def grant(number: str, by: str = "chenjing liuyang sunli") -> None:
    """From the acceptance to the decision, by a clerk, a reviewer and an approver, with its papers."""
    clerk, reviewer, approver = by.split()
    for action, who in (("accept", clerk), ("pass_on", clerk), ("pass_on", reviewer), ("grant", approver)):
        move(number, action, who)
    render()


def answer(number: str, text: str) -> None:
    """An officer writes to the applicant."""
    messages.send(_case(number), actor=_staff("chenjing"), text=text)


def answer_rating(number: str, text: str) -> None:
    """The office answers a bad mark."""
    remedies.act(_case(number).rating.remedy.pk, "answer", actor=_staff("sunli"), text=text)


def render() -> int:
    """Every document that waits gets a file."""
    waiting = list(Document.objects.exclude(state="ready"))
    for document in waiting:
        issue.mark_ready(document, f"%PDF {document.number} {document.uid}".encode())
    return len(waiting)


def tick() -> list[str]:
    """The moves that time makes; what failed."""
    from applications import tick as clock

    return [str(one) for one in clock.run().failed]


def extend(number: str) -> None:
    """The government allows more time for a joint case."""
    given = {"reason": "需要专家论证", "approved_by": "何市长", "approval_number": "云府办批〔2026〕3号"}
    extending.extend(_joint(number), actor=_staff("sunli"), **given)


def begin_at_window() -> str:
    """王芳 came in person: everything is typed in, her plan lies on the counter; the uid of the draft."""
    return str(counter_cases.draft(_user("chenjing"), _matter(PLAIN)).uid)


def file_at_window(uid: str = "") -> str:
    """File it there; its number."""
    case = Application.objects.get(uid=uid or begin_at_window())
    clerk = _user("chenjing")
    return str(window.submit(case, clerk, seen=case.seen, declared=True, render=False).number)


def ask_at_window(number: str, action: str) -> None:
    """王芳 brings what the notice asked for, or takes her application back in person."""
    case, clerk = _case(number), _staff("chenjing")
    if action == "supplement":
        counter_papers.note(case, "plan", originals=2, copies=1, trust="A", actor=clerk)
    does = {"supplement": asking.supplement, "withdraw": asking.withdraw}[action]
    does(case, actor=clerk, seen=None, reason="办事需要")


def end_licence(number: str) -> None:
    """It was got by fraud."""
    licence = Licence.objects.get(application__number=number)
    licences.end(licence.pk, grounds.REVOKE, actor=_staff("sunli"), ground="fraud", reason="场所证明系伪造。")


def bar(number: str, ground: str, lifted: bool = False) -> None:
    """The applicant of this case may not apply again; or may, after all."""
    made = bars.impose(_case(number).pk, actor=_staff("sunli"), ground=ground, reason="场所证明系伪造。")
    if lifted:
        bars.lift(made.pk, actor=_staff("sunli"), reason="申辩成立。")


def attend(number: str) -> None:
    """王芳 came on the day of her appointment."""
    row = Booking.objects.get(application__number=number)
    attending.note(row.pk, "came", actor=_staff("chenjing"), at=timezone.now() + timedelta(days=30))


def open_counter() -> None:
    """The counter takes appointments in another way."""
    numbers = {"minutes": 20, "capacity": 3, "days_ahead": 15}
    attending.keep_plan(_matter(PLAIN).department, actor=_staff("sunli"), is_open=True, **numbers)


# --- inside: the catalogue
def write_package(title: str) -> str:
    """A draft of the package, new or of a new version; its uid."""
    known, by = JointMatter.objects.filter(code=PACKAGE).first(), _user("hemiao")
    draft = joint_publishing.revise(known, by=by) if known else None
    draft = draft or joint_publishing.begin(PACKAGE, title, Department.objects.get(code=MARKET), by=by)
    content = {
        "name": title,
        "lead": MARKET,
        "description": "开一家餐饮店要办的许可和检查，一次办齐。",
        "themes": ["准营准办"],
        "life_event": "license",
        "audiences": ["enterprise"],
        "members": [{"code": FOOD, "stage": 1}, {"code": FIRE, "stage": 2}],
        "contact": {"phone": "0839-5550102"},
        "place": {"hall_name": "政务服务中心", "address": "滨河路 18 号", "window_no": "一件事综合窗口"},
    }
    draft = joint_publishing.save(draft, content, by=by, seen=draft.revision)
    joint_publishing.submit(draft, by=by, seen=draft.revision)
    return str(draft.uid)


def offer_package(title: str = "", uid: str = "") -> None:
    """The package is published, as it is written now."""
    draft = JointMatter.objects.get(code=PACKAGE).versions.get(uid=uid) if uid else None
    if draft is None:
        draft = JointMatter.objects.get(versions__uid=write_package(title)).versions.order_by("-number")[0]
    joint_publishing.publish(draft, by=_user("luoning"), seen=draft.revision)


def end_package() -> None:
    """It is offered no more."""
    joint_publishing.withdraw(JointMatter.objects.get(code=PACKAGE), by=_user("luoning"), reason="政策调整")


def write_dataset(slug: str, title: str = "定点零售药店") -> None:
    """A draft of a set of pharmacies, new or of a new version."""
    known, content = DataSet.objects.filter(slug=slug).first(), datasets.PHARMACIES | {"name": title}
    if known is None:
        datasets.drafted(Department.objects.get(code=MARKET), content, slug)
    else:
        dataset_services.save_draft(known, Definition.model_validate(content), by="何苗")


def load_dataset(slug: str, records: int) -> None:
    """The department delivers so many records; they are shown where the set is public."""
    dataset = DataSet.objects.select_related("current").get(slug=slug)
    definition = dataset_services.working(dataset).definition
    with transaction.atomic():
        stock.replace(dataset, definition, [datasets.pharmacy(number) for number in range(1, records + 1)])
        if dataset.current:
            sending.send_all(dataset)


def publish_dataset(slug: str) -> None:
    """The draft is let out."""
    dataset_services.publish(DataSet.objects.get(slug=slug), by="罗宁")


def withdraw_dataset(slug: str) -> None:
    """The set is taken from the public."""
    dataset_services.withdraw(DataSet.objects.get(slug=slug), by="罗宁", reason="不再更新")


def lacks_records(slug: str) -> bool:
    """Whether its page asks for the file again."""
    return DataSet.objects.get(slug=slug).lacks_records


def revise_guide(**changes: Any) -> None:
    """A new guide of the matter."""
    matter = _matter(PLAIN)
    content = factories.content(matter.department, header={"public_safety": True, "express": True}, **changes)
    _publish(content, matter.department, matter.versions.count() + 1)


def withdraw_guide(code: str) -> None:
    """A matter leaves the catalogue."""
    publishing.withdraw(Matter.objects.get(code=code), by="罗宁", reason="取消")


def rename_office(title: str) -> None:
    """The department is called otherwise."""
    _department(MARKET, "云川市市场监督管理局", title)


def enter_holidays() -> None:
    """The notice of the year."""
    publishing.publish_calendar(2026, {date(2026, 10, 1): (False, "国庆节"), date(2026, 10, 10): (True, "调休")})


def add_word(word: str, means: str) -> None:
    """People who type one word find the other."""
    synonyms.add(word, means, by=_user("hemiao"))


# --- outside
def register() -> None:
    """王芳 has an account."""
    people.make_applicant("wangfang", "王芳", people.WANG_FANG_ID, "13900010001")


def begin() -> str:
    """A complete draft; its uid."""
    return str(factories.draft(_wang_fang(), _matter(PLAIN)).uid)


def file(uid: str = "", postal: bool = False) -> str:
    """Submit a draft, or a new one, perhaps with the wish to have the papers sent; its number."""
    case = Application.objects.get(uid=uid or begin())
    wish = {"recipient": "王芳", "phone": "13900010001", "address": "青溪区滨河路18号3幢201", "agreed": True}
    said = {"seen": case.seen, "declared": True, "render": False, "postal": wish if postal else None}
    return str(drafts.submit(case, actor=actors.applicant(_wang_fang()), **said).number)


def begin_package() -> str:
    """A complete joint draft; its uid."""
    joint = joint_drafts.begin(factories.applicant(_wang_fang()), JointMatter.objects.get(code=PACKAGE), [])
    for section in joint.package.form.sections:
        answers = {field.key: field.example or "12" for field in section.fields}
        joint_drafts.save_section(joint, section.key, answers, complete=True)
    for one in papers.papers(joint):
        papers.add(joint, one.key, SimpleUploadedFile(f"{one.row.name}.pdf", files.pdf(one.row.name)))
    return str(joint.uid)


def file_package(uid: str = "") -> list[str]:
    """Submit it, or a new one; its number, and those of its members in their order."""
    joint = JointCase.objects.get(uid=uid or begin_package())
    joint = filing.submit(joint, actor=actors.applicant(_wang_fang()), declared=True, render=False)
    return [str(one.number) for one in (joint, *papers.children_of(joint))]


def file_about(number: str, purpose: str) -> str:
    """Ask for the renewal or a change of the licence that this case led to; the number of the new case."""
    draft = factories.draft(_wang_fang(), _matter(PLAIN))
    draft.purpose, draft.about_licence = purpose, Licence.objects.get(application__number=number)
    if purpose == "change":
        draft.change_asked = [{"field": "holder", "old": "王芳", "new": "王芳芳"}]
    draft.save()
    return file(str(draft.uid))


def ask(number: str, action: str) -> None:
    """Ask something of a running case; a correction brings a new plan."""
    changes: dict[str, Any] = {}
    if action == "supplement":
        data = f"%PDF-1.4 {number}".encode()
        row = {"key": "plan", "file_name": "新平面图.pdf", "content_type": "application/pdf", "size": len(data)}
        row |= {"sha256": blobs.put(io.BytesIO(data)), "uploaded_at": timezone.now().isoformat()}
        changes = {"materials": [row], "round": 1}
    requests.ask(_case(number), action, actor=actors.applicant(_wang_fang()), reason="办事需要", changes=changes)


def write(number: str, text: str) -> None:
    """The applicant writes, with a file."""
    picture = io.BytesIO()
    Image.new("RGB", (8, 8)).save(picture, "PNG")
    parts = [SimpleUploadedFile("说明.png", picture.getvalue(), "image/png")] if "附件" in text else []
    messages.send(_case(number), actor=actors.applicant(_wang_fang()), text=text, files=parts)


def rate(number: str, grade: int) -> None:
    """The applicant says how it was."""
    giving.give(_case(number), actor=actors.applicant(_wang_fang()), grade=grade, text="等了很久")


def book(number: str) -> None:
    """A place at the counter for the case, put straight: which days are open is not the point here."""
    case, now = _case(number), timezone.now()
    row = Booking(department=case.department, matter=case.matter, application=case, owner=case.owner, place=1)
    row.name, row.phone, row.minutes = "王芳", "13900010001", 30
    row.day, row.starts = now.date() + timedelta(days=9), now.time().replace(microsecond=0, second=0, minute=0)
    row.made_at = row.changed_at = now
    with transaction.atomic():
        row.save()
        booking._tell(row, "booked", actors.applicant(_wang_fang()))


def look_around() -> None:
    """The public reads a guide and looks for what is not there; next morning the office is told."""
    tomorrow = timezone.localdate() + timedelta(days=1)
    for _ in range(3):
        visits.counter.count(_matter(PLAIN).pk)
    visits.counter.write()
    searches.add(timezone.localdate(), Counter({("开饭馆", False): 2, ("小餐饮", True): 1}))
    dailies.send(tomorrow)


# --- who and what
def _case(number: str) -> Application:
    return Application.objects.get(number=number)


def _joint(number: str) -> JointCase:
    return JointCase.objects.get(number=number)


def _matter(code: str) -> Matter:
    return Matter.objects.select_related("department", "current").get(code=code)


def _user(username: str) -> User:
    return User.objects.get(username=username)


def _staff(username: str) -> Actor:
    return actors.staff(_user(username))


def _wang_fang() -> User:
    return _user("wangfang")
