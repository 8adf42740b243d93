"""The keepers' pages: who may open them, a set made from nothing to the public, and refusals that lose nothing."""

from typing import Any

import pytest
from django.test import Client

from identity.models import Department, Role, User
from matters.datasets import services
from matters.datasets.definition import Definition
from matters.models import DataSet
from tests.matters.datasets import PHARMACIES, drafted, pharmacy, published
from tests.matters.test_datasets_loading import table
from tests.people import login, make_staff

pytestmark = pytest.mark.django_db
BASE = "/catalogue/datasets/"


@pytest.fixture
def stranger_editor(housing_bureau: Department) -> User:
    """An editor and publisher of another department."""
    return make_staff("bieren", "别人", housing_bureau, Role.EDITOR, Role.PUBLISHER)


def paths(dataset: DataSet) -> list[str]:
    own = f"{BASE}{dataset.uid}/"
    return [own, *(f"{own}{part}" for part in ("edit/", "fields/new/", "fields/name/", "data/", "data/template.xlsx"))]


def test_another_departments_set_is_not_there(on_inner: str, market_bureau: Department, stranger_editor: User) -> None:
    dataset = published(market_bureau, [pharmacy(1)])
    other = login(stranger_editor)
    assert [other.get(path).status_code for path in paths(dataset)] == [404] * 6
    for part in ("publish/", "withdraw/"):
        assert other.get(f"{BASE}{dataset.uid}/{part}").status_code == 404
    for part in ("resend/", "fields/name/move/"):
        assert other.post(f"{BASE}{dataset.uid}/{part}").status_code == 404
    assert "定点零售药店" not in other.get(BASE).content.decode()


def test_clerks_and_strangers_are_refused(
    on_inner: str, market_bureau: Department, clerk: User, client: Client
) -> None:
    dataset = published(market_bureau, [pharmacy(1)])
    assert {login(clerk).get(path).status_code for path in [BASE, *paths(dataset)]} == {403}
    assert {client.get(path).status_code for path in [BASE, *paths(dataset)]} == {302}


def test_editors_do_not_publish_and_publishers_do_not_write(
    on_inner: str, market_bureau: Department, editor: User, publisher: User
) -> None:
    dataset = drafted(market_bureau)
    assert login(editor).get(f"{BASE}{dataset.uid}/publish/").status_code == 404
    assert login(editor).post(f"{BASE}{dataset.uid}/publish/").status_code == 404
    assert login(publisher).get(f"{BASE}{dataset.uid}/edit/").status_code == 404
    assert login(publisher).get(f"{BASE}{dataset.uid}/data/").status_code == 404


FIELD = {
    "label": "编号",
    "key": "code",
    "kind": "code",
    "required": "on",
    "search": "exact",
    "in_list": "on",
    "in_detail": "on",
}


def test_a_set_from_nothing_to_the_public(
    on_inner: str, market_bureau: Department, editor: User, publisher: User
) -> None:
    writer = login(editor)
    start = {"department": market_bureau.pk, "slug": "scales", "name": "计量器具", "description": "查检定结果。"}
    start |= {"theme": "质量监督", "source": "检定台账", "frequency": "year"}
    answer = writer.post(f"{BASE}new/", start)
    dataset = DataSet.objects.get(slug="scales")
    own = f"{BASE}{dataset.uid}/"
    assert answer.url == own
    assert "请指定一个必填字段作为主键" in writer.get(own).content.decode()
    seen = services.working(dataset).revision
    assert writer.post(f"{own}fields/new/", FIELD | {"seen": seen}).status_code == 302
    assert writer.post(f"{own}edit/", start | {"key": "code", "seen": seen + 1}).status_code == 302
    assert writer.post(f"{own}data/", {"file": _csv("编号\r\nA-1\r\nA-2\r\n"), "mode": "replace"}).status_code == 302
    assert "检查通过" in writer.get(f"{own}data/").content.decode()
    load = dataset.loads.get()
    assert writer.post(f"{own}data/{load.uid}/").status_code == 302
    assert dataset.stock.count() == 2
    checker = login(publisher)
    assert "核对无误就发布" in checker.get(f"{own}publish/").content.decode()
    assert checker.post(f"{own}publish/").status_code == 302
    dataset.refresh_from_db()
    assert dataset.current is not None
    assert dataset.current.published_by_name == "罗宁"
    assert "已发布" in checker.get(BASE).content.decode()


def _csv(text: str) -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile("数据.csv", text.encode())


def test_who_holds_both_roles_still_needs_another_person(on_inner: str, market_bureau: Department) -> None:
    both = make_staff("shuangren", "双任", market_bureau, Role.EDITOR, Role.PUBLISHER)
    dataset = drafted(market_bureau, by=both)
    page = login(both).get(f"{BASE}{dataset.uid}/publish/").content.decode()
    assert "要由另一个人发布" in page
    answer = login(both).post(f"{BASE}{dataset.uid}/publish/")
    assert answer.status_code == 422
    dataset.refresh_from_db()
    assert dataset.current is None


def test_faults_of_a_file_are_listed_with_their_cells(on_inner: str, market_bureau: Department, editor: User) -> None:
    dataset = drafted(market_bureau)
    writer = login(editor)
    file = table(pharmacy(1, beds="很多"), pharmacy(2, since="昨天"))
    file.name = "药店.xlsx"
    writer.post(f"{BASE}{dataset.uid}/data/", {"file": file, "mode": "replace"})
    text = writer.get(f"{BASE}{dataset.uid}/data/").content.decode()
    assert "有 2 处问题" in text
    assert "很多" in text
    assert "昨天" in text
    dropped = writer.post(f"{BASE}{dataset.uid}/data/{dataset.loads.get().uid}/", {"drop": "1"})
    assert dropped.status_code == 302
    assert dataset.loads.get().state == "dropped"


def test_a_stale_form_is_shown_again_with_what_was_typed(
    on_inner: str, market_bureau: Department, editor: User
) -> None:
    dataset = drafted(market_bureau)
    services.save_draft(dataset, Definition.model_validate(PHARMACIES | {"name": "别人改的"}), by="别人")
    answer = login(editor).post(f"{BASE}{dataset.uid}/edit/", {"name": "我改的", "seen": 0})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "别人保存过" in text
    assert "我改的" in text
    assert services.working(dataset).definition.name == "别人改的"


def test_fields_move_and_go(on_inner: str, market_bureau: Department, editor: User) -> None:
    dataset = drafted(market_bureau)
    writer, own = login(editor), f"{BASE}{dataset.uid}/fields/"
    writer.post(f"{own}name/move/", {"move": "up"})
    writer.post(f"{own}note/move/", {"move": "delete"})
    keys = [field.key for field in services.working(dataset).definition.fields]
    assert keys[:2] == ["name", "code"]
    assert "note" not in keys
    assert writer.post(f"{own}note/move/", {"move": "up"}).status_code == 302


def test_a_renamed_key_stays_the_key(on_inner: str, market_bureau: Department, editor: User) -> None:
    dataset = drafted(market_bureau)
    seen = services.working(dataset).revision
    login(editor).post(f"{BASE}{dataset.uid}/fields/code/", FIELD | {"key": "number", "seen": seen})
    assert services.working(dataset).definition.key == "number"


@pytest.mark.parametrize("change", [{"key": "1"}, {"key": "name"}, {"label": ""}, {"kind": "nonsense"}])
def test_a_bad_field_is_refused(on_inner: str, market_bureau: Department, editor: User, change: dict[str, str]) -> None:
    dataset = drafted(market_bureau)
    answer = login(editor).post(f"{BASE}{dataset.uid}/fields/new/", FIELD | {"key": "extra", "seen": 0} | change)
    assert answer.status_code == 422


@pytest.mark.parametrize("slug", ["all", "new", "大写", "A_B", "pharmacies", "-x"])
def test_an_address_that_cannot_be_is_refused(
    on_inner: str, market_bureau: Department, editor: User, slug: str
) -> None:
    drafted(market_bureau)
    answer = login(editor).post(f"{BASE}new/", {"department": market_bureau.pk, "slug": slug, "name": "某某"})
    assert answer.status_code == 422


def test_withdrawing_needs_a_reason(on_inner: str, market_bureau: Department, publisher: User) -> None:
    dataset = published(market_bureau, [pharmacy(1)])
    own = f"{BASE}{dataset.uid}/withdraw/"
    assert login(publisher).post(own, {"reason": " "}).status_code == 422
    assert login(publisher).post(own, {"reason": "协议终止"}).status_code == 302
    dataset.refresh_from_db()
    assert dataset.current is None


def test_the_template_has_the_right_heading(on_inner: str, market_bureau: Department, editor: User) -> None:
    dataset = drafted(market_bureau)
    answer = login(editor).get(f"{BASE}{dataset.uid}/data/template.xlsx")
    content = b"".join(answer.streaming_content)
    assert content[:2] == b"PK"


def test_the_list_costs_the_same_for_many(
    on_inner: str, market_bureau: Department, editor: User, django_assert_max_num_queries: Any
) -> None:
    for at in range(12):
        drafted(market_bureau, slug=f"set-{at}")
    writer = login(editor)
    with django_assert_max_num_queries(12):
        assert writer.get(BASE).status_code == 200
