"""The operator compares a new epoch of the peer on a page, and approves it there."""

from collections.abc import Callable

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from identity.models import User
from sync import intake, new_epochs
from sync.models import EpochChange, Outbox
from tests.people import login
from tests.sync.conftest import open_one, rows
from tests.sync.peer import Peer, line
from tests.sync.test_epochs import begin, current

pytestmark = pytest.mark.usefixtures("topic")


@pytest.fixture
def lost(peer: Peer) -> Peer:
    """The peer lists the first of 60 facts, has made the second again, and one that is new."""
    lines = [line(n, f"k:{n}", payload={"n": n}, agg_version=1) for n in range(1, 61)]
    open_one(peer.batch(lines))
    listed = [
        lines[0],
        line(2, "k:2", payload={"n": 200}, agg_version=1),
        line(3, "k:99", payload={"n": 99}, agg_version=1),
    ]
    assert open_one(begin(peer, listed)).code == "epoch"
    return peer


def test_it_shows_what_differs(lost: Peer, page: Client) -> None:
    assert reverse("sync:epoch") in page.get(reverse("sync:operator")).content.decode()
    text = page.get(reverse("sync:epoch")).content.decode()
    assert "磁盘损坏" in text
    assert str(new_epochs.waiting().stream.epoch) in text  # type: ignore[union-attr]
    assert "共 59 条，这里列出前 50 条" in text
    assert "k:52 第 1 条" not in text
    assert text.count("k:2 第 1 条") == 2  # lost, and made again


def test_counts_take_few_statements(lost: Peer, django_assert_max_num_queries: object) -> None:
    change = new_epochs.waiting()
    assert change is not None
    with django_assert_max_num_queries(3):  # type: ignore[operator]
        found = new_epochs.differences(change, 50)
    assert (found.known, found.lost, found.changed, change.fresh) == (1, 59, 1, 2)


def test_not_without_having_compared(lost: Peer, page: Client) -> None:
    answer = page.post(reverse("sync:epoch"), {"number": 2})
    assert "请先与对端管理员核对" in answer.content.decode()
    assert EpochChange.objects.get().approved_at is None


def test_not_another_one_than_was_shown(lost: Peer, page: Client) -> None:
    answer = page.post(reverse("sync:epoch"), {"number": 3, "compared": "on"})
    assert "请重新核对" in answer.content.decode()
    assert current().number == 1


def test_looking_approves_nothing(lost: Peer, page: Client) -> None:
    page.get(reverse("sync:epoch"), {"number": "2", "compared": "on"})
    assert current().number == 1


@pytest.mark.parametrize(
    ("trouble", "said"), [(OSError(28, "full"), "磁盘空间不足"), (OperationalError("gone"), "数据库暂时不可用")]
)
def test_trouble_before_it_is_approved(
    lost: Peer, page: Client, monkeypatch: pytest.MonkeyPatch, trouble: Exception, said: str
) -> None:
    monkeypatch.setattr(new_epochs, "_give_back", failing(trouble))
    text = page.post(reverse("sync:epoch"), {"number": 2, "compared": "on"}).content.decode()
    assert said in text
    assert "已批准" not in text
    assert (current().number, Outbox.objects.count()) == (1, 0)


def test_trouble_with_what_waited_takes_no_approval_back(
    lost: Peer, page: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both are said: that it is approved, and that the batches behind it could not be opened yet."""
    url = reverse("sync:epoch")
    with monkeypatch.context() as full:
        full.setattr(intake, "open_files", failing(OSError(28, "full")))
        text = page.post(url, {"number": 2, "compared": "on"}, follow=True).content.decode()
    assert "已批准新纪元" in text
    assert "磁盘空间不足" in text
    assert (current().number, current().seq) == (2, 0)
    intake.open_files([])
    assert current().seq == 1


def failing(trouble: Exception) -> Callable[..., None]:
    def fail(*_: object) -> None:
        raise trouble

    return fail


def test_approved(lost: Peer, page: Client, operator: User) -> None:
    text = page.post(reverse("sync:epoch"), {"number": 2, "compared": "on"}, follow=True).content.decode()
    assert "已批准新纪元" in text
    assert EpochChange.objects.get().approved_by == operator.username
    assert current().number == 2
    assert Outbox.objects.filter(topic="sync.returned").count() == 59
    assert Outbox.objects.filter(topic="sync.all_returned").count() == 1
    assert len(rows()) == 60
    text = page.get(reverse("sync:epoch"), follow=True).content.decode()
    assert "没有等待批准" in text


def test_nobody_else(lost: Peer, clerk: User, approver: User, inspector: User) -> None:
    for user in (clerk, approver, inspector):
        assert login(user).post(reverse("sync:epoch"), {"number": 2, "compared": "on"}).status_code == 403
    assert current().number == 1
