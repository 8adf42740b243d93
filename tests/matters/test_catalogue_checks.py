"""The half-yearly confirmation and the nightly check: what they find, once, until it is gone; and where links may lead."""

import http.server
import threading
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.utils import timezone
from django_q.models import OrmQ
from pytest_django import Settings

from applications import tick
from identity.models import Department, User
from matters import links, publishing, services, tasks, upkeep, validity, webprobe
from matters.models import CatalogueFinding, GuideChange, Matter
from tests.matters.conftest import publish
from tests.matters.guides import WHOLE, whole
from tests.people import login

pytestmark = pytest.mark.django_db
FORM = WHOLE["guide"]["form_downloads"][0]


def sentences(matter: Matter) -> list[str]:
    """What is open about a matter."""
    return list(matter.findings.filter(resolved_at=None).values_list("sentence", flat=True))


def checked(matter: Matter) -> list[str]:
    upkeep.check_matter(Matter.objects.select_related("current", "department").get(pk=matter.pk))
    return sentences(matter)


# --- the half-yearly check


@pytest.mark.parametrize(
    ("published", "confirmed", "due"),
    [
        (date(2026, 1, 1), None, date(2026, 7, 3)),
        (date(2026, 1, 1), date(2026, 3, 1), date(2026, 8, 31)),
        (date(2026, 5, 1), date(2026, 3, 1), date(2026, 10, 31)),
    ],
)
def test_due_half_a_year_after_the_later_of_the_two(published: date, confirmed: date | None, due: date) -> None:
    assert validity.due_on(published, confirmed, 183) == due


@pytest.fixture
def old(market_bureau: Department) -> Matter:
    """A guide published two hundred days ago."""
    draft = services.save_draft(whole(), market_bureau)
    at = timezone.now() - timedelta(days=200)
    return publishing.publish(draft, by="罗宁", at=at, effective_on=timezone.localdate(at)).matter


def test_a_guide_not_looked_at_for_half_a_year_is_found(old: Matter) -> None:
    assert [one for one in checked(old) if "核对" in one]


def test_confirming_resolves_it_and_is_recorded(old: Matter, editor: User, on_inner: str) -> None:
    checked(old)
    answer = login(editor).post(f"/catalogue/{old.uid}/confirm/", follow=True)
    assert "仍然有效" in answer.text
    old.refresh_from_db()
    assert (old.checked_on, old.checked_by_name) == (timezone.localdate(), "何苗")
    assert old.findings.get(kind="due").resolved_at is not None
    assert GuideChange.objects.get(action="confirmed").by == editor
    assert not [one for one in checked(old) if "核对" in one]


def test_others_do_not_confirm(old: Matter, clerk: User, on_inner: str) -> None:
    assert login(clerk).post(f"/catalogue/{old.uid}/confirm/").status_code == 403
    assert login(clerk).post(f"/catalogue/{old.uid}/recheck/").status_code == 403


def test_a_draft_cannot_be_confirmed(market_bureau: Department, editor: User, on_inner: str) -> None:
    matter = services.save_draft(whole(), market_bureau).matter
    for act in ("confirm", "recheck"):
        assert "没有现行有效的指南" in login(editor).post(f"/catalogue/{matter.uid}/{act}/", follow=True).text
    assert not GuideChange.objects.filter(action="confirmed").exists()


# --- what the night finds


def test_a_sound_guide_has_nothing(food: Matter) -> None:
    assert checked(food) == []


def test_todays_checks_are_asked_of_yesterdays_guides(food: Matter) -> None:
    Department.objects.filter(pk=food.department_id).update(name="改了名的局")
    Matter.objects.filter(pk=food.pk).update(name="x")
    other = publish(food.department, "YC-2", "别的许可")
    Matter.objects.filter(pk=other.pk).update(name=WHOLE["guide"]["matter_name"])
    assert any("换一个名称" in one for one in checked(food))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"form_downloads": [FORM | {"blank": "见窗口"}]}, "不是网址，也不是本站的文件"),
        ({"form_downloads": [FORM | {"sample": "/no/such/page/"}]}, "没有这个页面"),
        ({"form_downloads": [FORM | {"sample": "/static/no-such.pdf"}]}, "没有这个文件"),
        ({"form_downloads": [FORM | {"sample": "/matters/YC-NONE/"}]}, "没有发布"),
        ({"legal_basis": [WHOLE["guide"]["legal_basis"][0] | {"doc_no": "主席令第九号（已废止）"}]}, "废止"),
    ],
)
def test_what_leads_nowhere_is_found(changes: dict[str, Any], said: str, market_bureau: Department) -> None:
    found = checked(publish(market_bureau, **changes))
    assert [one for one in found if said in one], found


def test_a_generated_form_needs_a_form(food: Matter, monkeypatch: pytest.MonkeyPatch) -> None:
    from applications import form_checks

    def broken(content: dict) -> None:
        raise ValueError("没有字体")

    monkeypatch.setitem(form_checks.PAGES, "sample", broken)
    matter = publish(
        food.department, "YC-3", "要表格的许可", form_downloads=[FORM | {"blank": "generated", "sample": "generated"}]
    )
    assert [one for one in checked(matter) if "填写样表生成不出来" in one]


def test_found_again_is_the_same_row_and_gone_is_resolved(old: Matter, editor: User) -> None:
    first = upkeep.run()
    row = CatalogueFinding.objects.get()
    second = upkeep.run()
    assert (first.new, second.new, second.open) == (1, 0, 1)
    assert CatalogueFinding.objects.get().first_seen == row.first_seen
    assert CatalogueFinding.objects.get().last_seen > row.last_seen
    Matter.objects.update(checked_on=timezone.localdate())
    assert upkeep.run().resolved == 1
    Matter.objects.update(checked_on=None)
    assert upkeep.run().new == 1
    assert CatalogueFinding.objects.get().resolved_at is None


def test_withdrawn_matters_have_nothing_open(old: Matter) -> None:
    upkeep.run()
    services.withdraw(old)
    assert upkeep.run().resolved == 1


def test_the_work_is_cut_into_stretches(old: Matter, market_bureau: Department) -> None:
    second = publish(market_bureau, "YC-2", "别的许可")
    assert upkeep.run(seconds=-1).next_after == 0
    assert upkeep.run(after=old.pk).checked == 1
    assert upkeep.run(after=second.pk).checked == 0


def test_a_stretch_asks_for_the_next(old: Matter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "SECONDS_AT_ONCE", -1)
    tasks.check_catalogue_task()
    assert OrmQ.objects.count() == 1
    monkeypatch.setattr(tasks, "SECONDS_AT_ONCE", 60)
    tasks.check_catalogue_task(0)
    assert (OrmQ.objects.count(), CatalogueFinding.objects.count()) == (1, 1)


def at(text: str) -> datetime:
    return timezone.make_aware(datetime.fromisoformat(text))


def test_the_clock_asks_for_it_once_a_night(on_inner: str) -> None:
    moments = ("2026-03-02 00:30", "2026-03-02 01:05", "2026-03-02 09:00", "2026-03-03 01:05")
    assert [upkeep.enqueue_nightly(at(moment)) for moment in moments] == [False, True, False, True]
    cache.clear()
    tick.run(at("2026-03-04 09:00"))
    assert OrmQ.objects.count() == 3


def test_the_outer_side_does_not_check(on_outer: str) -> None:
    tick.run(at("2026-03-04 09:00"))
    assert OrmQ.objects.count() == 0
    with pytest.raises(CommandError, match="内网"):
        call_command("check_catalogue")


def test_the_command_says_what_it_found(old: Matter, on_inner: str) -> None:
    out = StringIO()
    call_command("check_catalogue", stdout=out)
    assert "检查 1 份指南：要处理 1 处，其中新发现 1 处" in out.getvalue()
    assert "食品经营许可：应在" in out.getvalue()


def test_recheck_at_once(old: Matter, editor: User, on_inner: str) -> None:
    assert "还有 1 处要处理" in login(editor).post(f"/catalogue/{old.uid}/recheck/", follow=True).text


# --- addresses


@pytest.mark.parametrize(
    "address", ["/", "/matters/", "/matters/YC-SCJG-0001/", "/forms/YC-SCJG-0001/blank.pdf", "/static/hall/mark.svg"]
)
def test_what_is_there_is_well(address: str, food: Matter, settings: Settings) -> None:
    settings.HALL_OUTER_URL = "https://hall.example"
    assert links.trouble_with(address) == ""
    assert links.trouble_with(f"https://hall.example{address}?a=1#top") == ""


def test_foreign_addresses_are_left_alone_by_default(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webprobe, "status_of", lambda _address: 1 / 0)
    assert settings.HALL_CHECK_LINKS is False
    assert links.trouble_with("https://elsewhere.example/") == ""
    assert links.trouble_with("//elsewhere.example/") == ""


@pytest.mark.parametrize(("status", "said"), [(200, ""), (403, ""), (404, "404"), (503, "对方网站出错")])
def test_foreign_addresses_when_wanted(
    status: int, said: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.HALL_CHECK_LINKS = True
    asked: list[str] = []
    monkeypatch.setattr(webprobe, "status_of", lambda address: asked.append(address) or status)
    for _time in range(2):
        trouble = links.trouble_with("https://elsewhere.example/")
        assert said in trouble
        assert bool(trouble) is bool(said)
    assert len(asked) == 1


class Site(http.server.BaseHTTPRequestHandler):
    """A small web site with its moods."""

    def do_HEAD(self) -> None:
        if self.path == "/no-head":
            return self._say(405 if self.command == "HEAD" else 200)
        if self.path == "/round":
            return self._say(302, "/round")
        if self.path == "/inside":
            return self._say(302, "http://10.0.0.1/")
        if self.path == "/file":
            return self._say(302, "file:///etc/passwd")
        if self.path == "/on":
            return self._say(301, "/%E5%85%AC%E5%91%8A?a=1")
        return self._say(200 if self.path.startswith("/%E5%85%AC%E5%91%8A") else 404)

    do_GET = do_HEAD  # noqa: N815

    def _say(self, status: int, location: str = "") -> None:
        self.send_response(status)
        if location:
            self.send_header("Location", location)
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def site() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def here(address: str) -> bool:
    """For these tests this machine counts as the public net."""
    return address == "127.0.0.1" or webprobe.is_public(address)


@pytest.mark.parametrize(("path", "status"), [("/公告", 200), ("/on", 200), ("/no-head", 200), ("/gone", 404)])
def test_a_site_is_asked(path: str, status: int, site: str) -> None:
    assert webprobe.status_of(site + path, allowed=here) == status


@pytest.mark.parametrize(("path", "why"), [("/round", "转来转去"), ("/inside", "内部网络"), ("/file", "不是网页")])
def test_a_site_leads_nobody_astray(path: str, why: str, site: str) -> None:
    with pytest.raises(webprobe.CannotReach, match=why):
        webprobe.status_of(site + path, allowed=here)


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/",
        "http://localhost/",
        "http://[::1]/",
        "http://10.1.2.3/",
        "http://169.254.169.254/",
        "http://[::ffff:10.0.0.1]/",
        "http://0/",
        "http://192.168.1.1:8080/",
        "http://224.0.0.1/",
    ],
)
def test_the_intranet_is_never_asked(address: str) -> None:
    with pytest.raises(webprobe.CannotReach, match=r"内部网络|连不上"):
        webprobe.status_of(address)


def test_who_does_not_answer_is_said(site: str) -> None:
    with pytest.raises(webprobe.CannotReach, match="连不上"):
        webprobe.status_of("http://127.0.0.1:1/", allowed=here)
