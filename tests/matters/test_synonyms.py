"""Synonyms: kept by staff on the inner side, understood on both."""

import json

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from identity.models import Department, User
from matters import search, synonyms
from matters.models import Matter, SearchedWord, Synonym, SynonymChange
from matters.synonyms import NotKept
from matters.word_handlers import synonyms_published
from sync.models import Outbox
from sync.registry import Reject
from tests.matters.conftest import fact, publish
from tests.people import login

pytestmark = pytest.mark.django_db
WORDS = "/catalogue/words/"


def names(text: str) -> list[str]:
    return [hit.matter.name for hit in search.find(text)]


@pytest.fixture
def driving(market_bureau: Department, editor: User) -> Synonym:
    """驾照 means 驾驶证, of which there is a matter."""
    publish(market_bureau, "YC-1", "机动车驾驶证换领", header={"aliases": [], "name_en": ""})
    return synonyms.add("驾照", "驾驶证", by=editor)


@pytest.mark.usefixtures("driving")
@pytest.mark.parametrize("text", ["驾照", "jiazhao", "jz", "驾照换领", "驾照 换领"])
def test_the_word_is_understood(text: str) -> None:
    assert names(text) == ["机动车驾驶证换领"]


@pytest.mark.usefixtures("driving")
def test_what_it_means_is_marked() -> None:
    hit = search.find("驾照")[:1][0]
    assert [part.text for part in hit.title if part.marked] == ["驾驶证"]


def test_the_word_itself_still_counts_more(driving: Synonym, market_bureau: Department) -> None:
    publish(market_bureau, "YC-2", "国际驾照认证", header={"aliases": [], "name_en": ""})
    assert names("驾照") == ["国际驾照认证", "机动车驾驶证换领"]


def test_it_does_not_work_backwards(driving: Synonym, market_bureau: Department) -> None:
    publish(market_bureau, "YC-2", "国际驾照认证", header={"aliases": [], "name_en": ""})
    assert names("驾驶证") == ["机动车驾驶证换领"]


@pytest.mark.parametrize(
    ("word", "means", "why"),
    [
        ("", "驾驶证", "请写出"),
        ("驾照", "，", "请写出"),
        ("驾照", "驾 照", "一样"),
        ("很" * 21, "驾驶证", "20"),
        ("驾照", "驾驶证", "已经有了"),
    ],
)
def test_what_would_do_nothing_is_refused(driving: Synonym, editor: User, word: str, means: str, why: str) -> None:
    with pytest.raises(NotKept, match=why):
        synonyms.add(word, means, by=editor)
    assert Synonym.objects.count() == 1


def test_every_change_is_recorded_and_crosses(driving: Synonym, editor: User, publisher: User) -> None:
    synonyms.change(driving, "驾照", "机动车驾驶证", by=publisher)
    synonyms.change(driving, "驾照", "机动车驾驶证", by=publisher)
    synonyms.remove(driving, by=editor)
    changes = SynonymChange.objects.values_list("by_name", "action")
    assert list(changes) == [("何苗", "removed"), ("罗宁", "changed"), ("何苗", "added")]
    facts = [json.loads(row.payload) for row in Outbox.objects.filter(topic="synonyms.published").order_by("pk")]
    assert [len(payload["synonyms"]) for payload in facts] == [1, 1, 0]


def test_the_other_side_copies_them(driving: Synonym, on_outer: str) -> None:
    payload = json.loads(Outbox.objects.get(topic="synonyms.published").payload)
    Synonym.objects.all().delete()
    Synonym.objects.create(word="旧词", means="旧义", added_at=timezone.now())
    for _ in range(2):
        synonyms_published(fact(payload, "synonyms.published"))
    assert [str(one) for one in Synonym.objects.all()] == ["驾照 → 驾驶证"]
    assert names("jiazhao") == ["机动车驾驶证换领"]


def test_the_office_takes_none_from_outside(driving: Synonym, on_inner: str) -> None:
    payload = json.loads(Outbox.objects.get(topic="synonyms.published").payload)
    with pytest.raises(Reject):
        synonyms_published(fact(payload, "synonyms.published"))


def test_a_bad_fact_is_rejected(on_outer: str) -> None:
    with pytest.raises(Reject):
        synonyms_published(fact({"at": "x", "synonyms": []}, "synonyms.published"))


# --- the page


@pytest.mark.usefixtures("on_inner")
class TestPage:
    def test_keepers_add_change_and_remove(self, editor: User, publisher: User) -> None:
        client = login(editor)
        assert client.post(WORDS, {"word": "驾照", "means": "驾驶证"}).status_code == 302
        synonym = Synonym.objects.get()
        assert "驾照" in client.get(WORDS).text
        other = login(publisher)
        edit = reverse("catalogue:word", args=[synonym.pk])
        assert other.post(edit, {"word": "驾照", "means": "机动车驾驶证"}).status_code == 302
        assert other.post(reverse("catalogue:word-remove", args=[synonym.pk])).status_code == 302
        assert not Synonym.objects.exists()

    def test_what_was_typed_is_not_lost(self, editor: User) -> None:
        answer = login(editor).post(WORDS, {"word": "驾照", "means": "驾照"})
        assert answer.status_code == 422
        assert "两种说法是一样的" in answer.text
        assert 'value="驾照"' in answer.text

    def test_a_missed_word_is_put_into_the_form(self, editor: User) -> None:
        SearchedWord.objects.create(day=timezone.localdate(), text="换驾照", searches=3, missed=3)
        page = login(editor).get(WORDS).text
        assert "?word=%E6%8D%A2%E9%A9%BE%E7%85%A7#add" in page
        assert 'value="换驾照"' in login(editor).get(f"{WORDS}?word=换驾照").text
        synonyms.add("换驾照", "驾驶证换领", by=editor)
        assert "已设同义词" in login(editor).get(WORDS).text

    def test_clerks_and_strangers_are_refused(self, clerk: User, client: Client) -> None:
        assert login(clerk).get(WORDS).status_code == 403
        assert login(clerk).post(WORDS, {"word": "驾照", "means": "驾驶证"}).status_code == 403
        assert client.get(WORDS).status_code == 302
        assert not Synonym.objects.exists()

    def test_removing_by_a_link_is_refused(self, driving: Synonym, editor: User) -> None:
        assert login(editor).get(reverse("catalogue:word-remove", args=[driving.pk])).status_code == 405

    def test_an_unknown_synonym_is_not_found(self, editor: User) -> None:
        assert login(editor).get(reverse("catalogue:word", args=[99])).status_code == 404

    def test_rows_cost_no_queries(self, editor: User, food: Matter, django_assert_max_num_queries) -> None:
        for number in range(30):
            SearchedWord.objects.create(day=timezone.localdate(), text=f"词{number}", searches=2, missed=number % 2)
            synonyms.add(f"词{number}", f"义{number}", by=editor)
        client = login(editor)
        client.get(WORDS)
        with django_assert_max_num_queries(12):
            client.get(WORDS)


def test_the_public_site_has_no_such_page(client: Client, on_outer: str) -> None:
    assert client.get(WORDS).status_code == 404
