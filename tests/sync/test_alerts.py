"""What needs a person is said on top of the operator's page, and a stream that halts can be let go on there."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sync import alerts, courier_state, epochs, intake, marks, new_epochs, overlap, registry, returning
from sync.epochs import EpochRefused
from sync.marks import Behind
from sync.models import CourierState, Halt, Rejection, Stream
from sync.registry import Fact, Reject
from tests.sync.conftest import open_one, rows
from tests.sync.peer import Peer, line
from tests.sync.test_epochs import begin

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("topic")]
STRICT = "ledger.closed"


@pytest.fixture
def strict() -> Iterator[None]:
    """Facts of this topic are never applied, and must not be skipped."""

    @registry.handles(STRICT, halts=True)
    def close(fact: Fact) -> None:
        raise Reject("账本没有打开")

    yield
    registry.forget(STRICT)


def now() -> list[alerts.Alert]:
    return alerts.now(new_epochs.waiting(), Stream.objects.filter(current=True))


def titles() -> list[str]:
    return [alert.title for alert in now()]


def test_nothing_to_say(peer: Peer) -> None:
    assert now() == []


def test_silence_and_failure_of_the_courier(peer: Peer, page: Client) -> None:
    courier_state.fell_silent()
    courier_state.failed("磁盘空间不足。")
    assert titles() == ["对端失联", "自动交换连续失败"]
    text = page.get(reverse("sync:operator")).content.decode()
    assert "从未收到过对端的任何内容" in text
    assert "磁盘空间不足。" in text
    courier_state.heard()
    courier_state.worked()
    assert titles() == []


def test_batches_that_the_peer_has_sealed_and_nobody_has_brought(peer: Peer) -> None:
    open_one(peer.batch())
    stream = Stream.objects.get(direction="in")
    courier_state.heard()
    CourierState.objects.update(peer_stream=stream.epoch, peer_seq=4)
    [alert] = now()
    assert "还有 3 批没有到" in alert.text


def test_a_new_epoch_that_waits(peer: Peer) -> None:
    open_one(peer.batch([line(1), line(2)]))
    open_one(begin(peer, [line(1)]))
    [alert] = [one for one in now() if "纪元" in one.title]
    assert "第 2 纪元（磁盘损坏）" in alert.text
    assert "它丢失的有 1 条" in alert.text


def test_a_database_that_is_behind(peer: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    def behind() -> None:
        raise Behind("数据库疑似恢复过备份。")

    monkeypatch.setattr(marks, "check", behind)
    assert titles() == ["停止封装"]


def test_what_the_peer_cannot_read_yet(peer: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overlap, "held_back", lambda: "对端版本较旧。")
    assert [(alert.kind, alert.text) for alert in now()] == [("warning", "对端版本较旧。")]


@pytest.mark.usefixtures("strict")
def test_a_halted_stream_is_let_go_on_with_a_reason(peer: Peer, page: Client) -> None:
    path = peer.batch([line(1), line(2, "k:2", topic=STRICT), line(3, "k:3")])
    assert open_one(path).code == "halted"
    assert "接收在此停下" in page.get(reverse("sync:operator")).content.decode()
    halt = Halt.objects.get()
    url = reverse("sync:let-pass", args=[halt.pk])
    assert "请写明" in page.post(url, {"note": " "}, follow=True).content.decode()
    assert "已放行" in page.post(url, {"note": "已在窗口另行办理"}, follow=True).content.decode()
    halt.refresh_from_db()
    assert (halt.passed_by, halt.passed_note) == ("xuhang", "已在窗口另行办理")
    intake.open_path(path)
    assert rows() == ["k:1#1", "k:3#3"]
    assert page.post(url, {"note": "再来一次"}).status_code == 404


def test_what_the_peer_gave_up(peer: Peer, page: Client) -> None:
    stream = Stream.objects.create(direction="out", epoch=peer.stream, chain="0" * 64)
    given_up = {"topic": "ledger.noted", "key": "k:7", "reason": "已在窗口另行办理"}
    Rejection.objects.create(stream=stream, rseq=7, rejected_at=timezone.now(), **given_up)
    text = page.get(reverse("sync:operator")).content.decode()
    assert "对端没有采用的记录" in text
    assert "已在窗口另行办理" in text
    assert not Group.objects.exists()


def test_what_is_awaited_after_a_restoration(peer: Peer, capsys: pytest.CaptureFixture[str]) -> None:
    stream = Stream.objects.create(direction="out", epoch="5e9f4f3e-0000-4000-8000-000000000001", chain="")
    with pytest.raises(EpochRefused, match="没有在等待"):
        epochs.stop_waiting()
    Stream.objects.filter(pk=stream.pk).update(awaits_return=True)
    assert titles() == ["等待对端退还"]
    call_command("new_epoch", "--stop-waiting")
    assert "已不再等待" in capsys.readouterr().out
    assert titles() == []


def test_what_waited_goes_on_when_nobody_waits_any_more(peer: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    gone_on: list[bool] = []
    monkeypatch.setattr(registry, "all_returned", lambda: gone_on.append(returning.is_awaited()))
    Stream.objects.create(direction="out", epoch="5e9f4f3e-0000-4000-8000-000000000001", chain="", awaits_return=True)
    epochs.stop_waiting()
    assert gone_on == [False]
