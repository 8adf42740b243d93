"""The clerk's pages at the window: from finding the matter to the printed receipt, and what the reviewer sees of it."""

import pytest
from django.test import Client
from django.urls import reverse

from applications import drafts, uploads
from applications.counter import filing
from applications.models import Application, Material
from applications.states import State
from identity.models import Department, User
from matters.models import Matter
from tests import factories
from tests.applications import counter_cases as cases
from tests.applications.applicant import files
from tests.helpers import move
from tests.people import WANG_FANG_ID, login

pytestmark = pytest.mark.usefixtures("on_inner", "no_rendering", "office_hours")


def url(route: str, *args: object) -> str:
    return reverse(f"applications:{route}", args=args)


@pytest.fixture
def window(clerk: User) -> Client:
    return login(clerk)


def test_a_whole_filing_without_script(window: Client, matter: Matter, clerk: User) -> None:
    page = window.get(url("counter"), {"q": "小餐饮"})
    assert f"{url('counter-begin', matter.code)}?kind=person" in page.text
    answer = window.post(f"{url('counter-begin', matter.code)}?kind=person", cases.PERSON)
    case = Application.objects.get()
    assert answer.url == url("counter-draft", case.uid)
    assert "王芳" in window.get(answer.url).text
    assert window.session["counter_window"] == "3 号窗口"
    answer = window.post(
        url("counter-section", case.uid, "place"), {"place-name": "青禾", "place-area": "20", "go": "1"}
    )
    assert answer.url == url("counter-draft", case.uid)
    answer = window.post(url("counter-upload", case.uid, "plan"), {"file": files.upload()})
    assert answer.status_code == 302
    assert "还没有选择可信等级" in window.get(url("counter-materials", case.uid)).text
    window.post(url("counter-paper", case.uid, "plan"), {"originals": "1", "copies": "", "trust": "B"})
    page = window.get(url("counter-check", case.uid))
    assert WANG_FANG_ID not in page.text
    sent = {"seen": page.context["case"].seen, "checked": page.context["checked"], "declared": "on"}
    answer = window.post(url("counter-check", case.uid), sent)
    assert answer.url == url("counter-receipt", case.uid)
    case.refresh_from_db()
    assert case.state == State.RECEIVED
    receipt = window.get(answer.url)
    for words in (
        "data-print",
        "2026年3月10日前",
        case.query_code,
        "陈静（3 号窗口）",
        "经营场所平面图",
        "不表示申请已经受理",
        "签字",
    ):
        assert words in receipt.text
    assert WANG_FANG_ID not in receipt.text
    assert window.get(url("counter-check", case.uid)).url == answer.url  # a re-sent page
    assert window.post(url("counter-check", case.uid), sent).url == answer.url


def test_wrong_numbers_stay_on_the_page_with_what_was_typed(window: Client, matter: Matter) -> None:
    answer = window.post(
        f"{url('counter-begin', matter.code)}?kind=person", cases.PERSON | {"number": WANG_FANG_ID[:-1] + "0"}
    )
    assert answer.status_code == 422
    assert "校验位" in answer.text
    assert "3 号窗口" in answer.text
    assert answer["Cache-Control"] == "private, no-store"
    assert not Application.objects.exists()


def test_who_came_is_corrected_before_filing(window: Client, matter: Matter, clerk: User) -> None:
    case = cases.draft(clerk, matter, cases.visitor("enterprise"))
    page = window.get(url("counter-identity", case.uid))
    assert page.context["form"].initial["agent_name"] == "李明"
    answer = window.post(url("counter-identity", case.uid), cases.ENTERPRISE | {"phone": "13900019999"})
    assert answer.status_code == 302
    case.refresh_from_db()
    assert case.contact_phone == "13900019999"
    assert case.counter.presenter_name == "李明"


def test_what_changed_after_checking_is_checked_again(window: Client, matter: Matter, clerk: User) -> None:
    case = cases.draft(clerk, matter)
    page = window.get(url("counter-check", case.uid))
    drafts.save_section(case, "place", {"name": "别的店", "area": "9"}, complete=True)
    sent = {"seen": case.seen, "checked": page.context["checked"], "declared": "on"}
    answer = window.post(url("counter-check", case.uid), sent)
    assert answer.status_code == 409
    assert "再核对一遍" in answer.text


def test_an_incomplete_one_is_not_filed(window: Client, matter: Matter, clerk: User) -> None:
    case = filing.begin(clerk, matter, cases.visitor())
    page = window.get(url("counter-check", case.uid))
    answer = window.post(url("counter-check", case.uid), {"seen": case.seen, "checked": page.context["checked"]})
    assert answer.status_code == 422
    assert "也没有登记纸质材料" in answer.text


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("平面图.pdf", b"MZ\x90\x00 not a pdf"),
        ("平面图.pdf.exe", b"MZ\x90\x00"),
        ("平面图.svg", b"<svg onload='alert(1)'/>"),
        ("平面图.pdf", b""),
    ],
)
def test_a_hostile_file_is_refused(window: Client, matter: Matter, clerk: User, name: str, content: bytes) -> None:
    case = filing.begin(clerk, matter, cases.visitor())
    answer = window.post(url("counter-upload", case.uid, "plan"), {"file": files.upload(name, content)})
    assert answer.status_code == 422
    assert "field-error" in answer.text
    answer = window.post(
        url("counter-upload", case.uid, "plan"),
        {"file": files.upload(name, content)},
        headers={"accept": "application/json"},
    )
    assert answer.status_code == 422
    assert answer.json()["message"]
    assert not Material.objects.exists()


def test_a_file_beyond_the_limit_is_stopped_while_it_arrives(
    window: Client, matter: Matter, clerk: User, settings
) -> None:
    settings.HALL_MAX_UPLOAD_MB = 1
    case = filing.begin(clerk, matter, cases.visitor())
    big = files.upload("平面图.pdf", b"%PDF-1.4" + b"0" * 1_100_000)
    assert window.post(url("counter-upload", case.uid, "plan"), {"file": big}).status_code == 413


def test_an_upload_without_the_token_is_refused(matter: Matter, clerk: User) -> None:
    case = filing.begin(clerk, matter, cases.visitor())
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(clerk)
    assert strict.post(url("counter-upload", case.uid, "plan"), {"file": files.upload()}).status_code == 403
    assert not Material.objects.exists()


def test_a_scan_is_looked_at_and_taken_back(window: Client, matter: Matter, clerk: User, outsider: User) -> None:
    case = filing.begin(clerk, matter, cases.visitor())
    row = files.hand_in(case, "plan")
    assert window.get(url("counter-file", case.uid, row.pk)).status_code == 200
    assert login(outsider).get(url("counter-file", case.uid, row.pk)).status_code == 404
    assert window.post(url("counter-file-delete", case.uid, row.pk)).status_code == 302
    assert not Material.objects.exists()
    assert window.post(url("counter-file-delete", case.uid, row.pk)).status_code == 302


def test_the_filled_form_can_be_printed_before_filing(
    window: Client, matter: Matter, clerk: User, outsider: User
) -> None:
    case = cases.draft(clerk, matter)
    assert window.get(url("filled-form", case.uid)).status_code == 200
    assert login(outsider).get(url("filled-form", case.uid)).status_code == 404


def test_a_draft_is_thrown_away(window: Client, matter: Matter, clerk: User) -> None:
    case = cases.draft(clerk, matter)
    assert "不能恢复" in window.get(url("counter-delete", case.uid)).text
    window.post(url("counter-delete", case.uid))
    assert not Application.objects.exists()


# --- who may
def test_other_departments_and_other_posts_see_nothing(
    matter: Matter, clerk: User, outsider: User, reviewer: User, editor: User
) -> None:
    case = cases.draft(clerk, matter)
    running = move(cases.filed(clerk, matter), "ask_correction", by=clerk)
    pages = [("counter-begin", matter.code), ("counter-correct", running.uid), ("counter-withdraw", running.uid)]
    pages += [(route, case.uid) for route in ("counter-draft", "counter-identity", "counter-materials")]
    pages += [("counter-check", case.uid), ("counter-delete", case.uid), ("counter-receipt", running.uid)]
    pages += [("counter-section", case.uid, "place"), ("counter-owed", running.uid)]
    for somebody, status in ((outsider, 404), (reviewer, 403), (editor, 403)):
        browser = login(somebody)
        for route, *args in pages:
            assert browser.get(url(route, *args)).status_code == status, (somebody, route)
        assert browser.post(url("counter-paper", case.uid, "plan"), {"trust": "A"}).status_code == status
        assert browser.post(url("counter-upload", case.uid, "plan"), {"file": files.upload()}).status_code == status
    assert not case.presented.filter(trust="A").exists()
    assert "小餐饮" not in login(outsider).get(url("counter")).text


def test_the_counter_is_not_on_the_outer_side(on_outer: str, wang_fang: User) -> None:
    assert login(wang_fang).get("/counter/").status_code in (403, 404)


def test_a_draft_of_the_window_is_on_no_work_list(window: Client, matter: Matter, clerk: User) -> None:
    case = cases.draft(clerk, matter)
    assert "王芳" not in window.get(url("worklist"), {"tab": "all"}).text
    assert "王芳" in window.get(url("counter")).text
    filing.submit(case, clerk, seen=case.seen, declared=True, render=False)
    assert "今天收的件" in window.get(url("counter")).text


# --- what the officers see
def test_the_reviewer_sees_trust_paper_and_who_came(matter: Matter, clerk: User, reviewer: User) -> None:
    case = cases.filed(clerk, matter, cases.visitor(**cases.BY_AGENT))
    page = login(reviewer).get(url("staff-case", case.number)).text
    for words in (
        "可信等级 B",
        "窗口已核验原件",
        "原件 1 份",
        "窗口申请",
        "委托代理人",
        "已收授权委托书",
        "居民身份证",
    ):
        assert words in page
    assert "没有提交" not in page.split("申请材料")[1].split("场所使用证明")[0]
    assert "申请人到窗口来办" not in page


# --- the applicant comes again
def test_a_correction_is_taken_in_at_the_window(window: Client, received: Application, clerk: User) -> None:
    items = [
        {"target": "material:plan", "label": "经营场所平面图", "problem": "缺少比例尺", "remedy": ""},
        {"target": "section:place", "label": "经营场所", "problem": "面积不对", "remedy": ""},
    ]
    case = move(received, "ask_correction", by=clerk, items=items)
    assert "来人交补正材料" in window.get(url("staff-case", case.number)).text
    here = url("counter-correct", case.uid)
    page = window.get(here)
    answer = window.post(here, {"seen": case.seen})
    assert answer.status_code == 422
    assert "还没有修改" in answer.text
    window.post(
        url("counter-correct-section", case.uid, "place"), {"place-name": "青禾", "place-area": "30", "go": "1"}
    )
    window.post(url("counter-paper", case.uid, "plan"), {"originals": "1", "trust": "B"})
    answer = window.post(here, {"seen": page.context["case"].seen, "reason": "原件当面核对"})
    assert answer.url == url("staff-case", case.number)
    case.refresh_from_db()
    assert case.state == State.RESUBMITTED
    assert case.answers["place"]["area"] == "30"
    assert window.get(here).url == url("staff-case", case.number)


def test_withdrawn_at_the_window(window: Client, received: Application) -> None:
    here = url("counter-withdraw", received.uid)
    assert window.post(here, {"seen": received.seen, "reason": "不开了"}).status_code == 422
    window.post(here, {"seen": received.seen, "reason": "不开了", "signed": "on"})
    received.refresh_from_db()
    assert received.state == State.WITHDRAWN


def test_what_is_owed_is_brought_on_paper(
    window: Client, market_bureau: Department, wang_fang: User, clerk: User
) -> None:
    materials = [
        {"key": "plan", "name": "经营场所平面图", "necessity": "必要"},
        {"key": "lease", "name": "租赁合同", "necessity": "可容缺"},
    ]
    matter = factories.matter(market_bureau, materials=materials)
    case = move(factories.submitted(wang_fang, matter), "accept_with_deferral", by=clerk)
    here = url("counter-owed", case.uid)
    assert window.get(here).status_code == 200
    assert window.post(here, {"seen": case.seen}).status_code == 422
    window.post(url("counter-paper", case.uid, "lease"), {"copies": "1", "trust": "B"})
    assert window.post(here, {"seen": case.seen}).status_code == 302
    case.refresh_from_db()
    assert case.owed.get().standing == "sent"


def test_a_form_of_situation_questions_is_asked(window: Client, market_bureau: Department, clerk: User) -> None:
    question = {
        "key": "trade",
        "text": "做什么生意？",
        "choices": [{"value": "meals", "label": "餐馆"}, {"value": "packaged", "label": "预包装", "stop": "请备案。"}],
    }
    matter = factories.matter(market_bureau)
    content = matter.current.content | {"scenario": {"questions": [question]}}  # type: ignore[union-attr]
    version = type(matter.current).objects.create(  # type: ignore[misc]
        matter=matter, number=2, state="published", content=content, effective_on="2025-01-01"
    )
    Matter.objects.filter(pk=matter.pk).update(current=version)
    matter.refresh_from_db()
    case = filing.begin(clerk, matter, cases.visitor())
    here = url("counter-situation", case.uid)
    assert "做什么生意" in window.get(here).text
    assert "请备案" in window.get(here, {"trade": "packaged"}).text
    assert window.post(f"{here}?trade=meals").status_code == 302
    case.refresh_from_db()
    assert case.situation == {"trade": ["meals"]}
    assert uploads.open_round(case) == 0
