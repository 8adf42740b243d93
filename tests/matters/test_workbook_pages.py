"""The page of the office: download, upload, result, save; who may, and what is said."""

import csv
import io

import pytest
from django.test import Client

from identity.models import Department, Role, User
from matters import services
from matters.models import GuideImport, GuideVersion, Matter
from matters.workbook import reading
from tests.matters.guides import whole
from tests.matters.workbooks import at, download, edited, put, three_matters
from tests.people import login, make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_inner")]
PAGE = "/catalogue/exchange/"


def upload(client: Client, file: io.BytesIO, name: str = "事项.xlsx") -> GuideImport:
    file.seek(0)
    file.name = name
    answer = client.post(PAGE, {"file": file})
    assert answer.status_code == 302, answer.content.decode()
    return GuideImport.objects.get()


def test_the_way_of_a_clerk(food: Matter, editor: User) -> None:
    client = login(editor)
    page = client.get(PAGE).content.decode()
    assert "上传并检查" in page
    assert 'aria-current="page">导入导出' in page
    batch = upload(client, edited(put("材料", "材料名称", "平面布置图", 3)))
    page = client.get(f"{PAGE}{batch.uid}/").content.decode()
    assert "可以保存" in page
    assert "所需要件和表格" in page
    answer = client.post(f"{PAGE}{batch.uid}/apply/", {"digest": batch.digest}, follow=True)
    assert "已保存为草稿" in answer.content.decode()
    assert f"/catalogue/{food.uid}/" in answer.content.decode()
    assert GuideVersion.objects.get(state="draft").changes.get().by == editor
    assert "已保存：新增 0，修改 1" in client.get(PAGE).content.decode()


@pytest.mark.parametrize("kind", ["xlsx", "json"])
def test_downloads_hold_what_was_chosen(
    market_bureau: Department, housing_bureau: Department, editor: User, kind: str
) -> None:
    three_matters(market_bureau)
    services.save_draft(whole(header={"code": "ZJ-1"}), housing_bureau)
    client = login(editor)
    answer = client.get(f"{PAGE}download/", {"format": kind})
    assert f"3%E9%A1%B9.{kind}" in answer["Content-Disposition"]
    data = b"".join(answer.streaming_content)
    assert b"ZJ-1" not in data or kind == "xlsx"
    for query in ({"q": "许可之2"}, {"code": ["YC-2"]}):
        answer = client.get(f"{PAGE}download/", {"format": kind} | query)
        assert f"1%E9%A1%B9.{kind}" in answer["Content-Disposition"]
    for query in ({"department": "YC-ZJ"}, {"standing": "published"}, {"format": "exe"}, {"code": "ZJ-1"}):
        assert client.get(f"{PAGE}download/", {"format": kind} | query).status_code == 422


def test_nothing_yet_gives_an_empty_workbook(editor: User) -> None:
    answer = login(editor).get(f"{PAGE}download/", {"format": "xlsx"})
    with reading.opened(io.BytesIO(b"".join(answer.streaming_content))) as book:
        assert reading.is_ours(book)


def test_problems_are_shown_by_sheet_and_all_can_be_taken_along(market_bureau: Department, editor: User) -> None:
    three_matters(market_bureau)

    def damage(book) -> None:
        at(book, "事项", "办件类型").value = "=承诺见"
        at(book, "材料", "必要性").value = "-必须"
        for _ in range(250):
            book["申请条件"].append(["YC-1", "短"])

    client = login(editor)
    batch = upload(client, edited(damage))
    page = client.get(f"{PAGE}{batch.uid}/").content.decode()
    assert "还不能保存" in page
    assert "全部保存" not in page
    assert "材料!E2" in page
    assert "这里显示前 200 处" in page
    answer = client.get(f"{PAGE}{batch.uid}/problems.csv")
    rows = [*csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig")))]
    assert len(rows) == 1 + batch.errors + batch.lacks
    assert rows[2][5] == "'-必须"
    answer = client.post(f"{PAGE}{batch.uid}/apply/", {"digest": batch.digest})
    assert answer.status_code == 409
    assert "没有保存" in answer.content.decode()


def test_a_moved_draft_is_named_on_the_page(market_bureau: Department, editor: User) -> None:
    services.save_draft(whole(), market_bureau)
    client = login(editor)
    batch = upload(client, edited(put("事项", "业务名称", "食品销售许可")))
    services.save_draft(whole(matter_name="别人改了"), market_bureau)
    answer = client.post(f"{PAGE}{batch.uid}/apply/", {"digest": batch.digest})
    assert answer.status_code == 409
    assert "食品销售许可（YC-SCJG-0001）" in answer.content.decode()


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", None])
def test_files_that_are_refused_keep_the_page(editor: User, data: bytes | None) -> None:
    file = {} if data is None else {"file": io.BytesIO(data)}
    answer = login(editor).post(PAGE, file)
    assert answer.status_code == 422
    assert "请先改正下面的内容" in answer.content.decode()
    assert not GuideImport.objects.exists()


def test_oversize_is_refused(editor: User, settings) -> None:
    settings.HALL_MAX_UPLOAD_MB = 0
    answer = login(editor).post(PAGE, {"file": io.BytesIO(b"PK" * 100)})
    assert "超过 0 MB" in answer.content.decode()


def test_nobody_else_sees_an_import(food: Matter, market_bureau: Department, editor: User, clerk: User) -> None:
    batch = upload(login(editor), edited(put("事项", "业务名称", "食品销售许可")))
    colleague = make_staff("zhujie", "祝捷", market_bureau, Role.EDITOR)
    for path in ("", "problems.csv"):
        assert login(colleague).get(f"{PAGE}{batch.uid}/{path}").status_code == 404
        assert login(clerk).get(f"{PAGE}{batch.uid}/{path}").status_code == 403
    assert login(colleague).post(f"{PAGE}{batch.uid}/apply/", {"digest": batch.digest}).status_code == 404
    assert login(clerk).get(PAGE).status_code == 403
    assert login(clerk).get(f"{PAGE}download/").status_code == 403
    assert Client().get(PAGE).status_code == 302
    assert not GuideVersion.objects.filter(state="draft").exists()


def test_a_publisher_downloads_but_does_not_import(food: Matter, publisher: User) -> None:
    page = login(publisher).get(PAGE).content.decode()
    assert "不能导入" in page
    assert "上传并检查</button>" not in page
    batch = upload(login(publisher), download())
    assert batch.errors


def test_the_result_asks_as_often_for_many(
    market_bureau: Department, editor: User, django_assert_max_num_queries
) -> None:
    three_matters(market_bureau)
    client = login(editor)

    def rename(book) -> None:
        for row in (2, 3, 4):
            at(book, "事项", "业务名称", row).value = f"改名{row}"
        for number in range(60):
            book["事项"].append([f"NEW-{number}", None, "新"])

    batch = upload(client, edited(rename))
    with django_assert_max_num_queries(12):
        client.get(f"{PAGE}{batch.uid}/")
