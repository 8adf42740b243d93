"""The operator's page: what waits, was sent, came, was refused; disk out, disk in."""

import io
from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from identity.models import User
from sync import batch_out, blobs, intake, outbox, overview, registry
from sync.models import Batch, DeadLetter, Quarantine, SentVolume
from tests.people import PASSWORD
from tests.sync.conftest import rows
from tests.sync.peer import TOPIC, Peer

pytestmark = pytest.mark.usefixtures("topic")


def shown(page: Client) -> str:
    answer = page.get(reverse("sync:operator"))
    assert answer.status_code == 200
    return answer.content.decode()


def after(page: Client, name: str, data: dict | None = None, *args: object) -> str:
    return page.post(reverse(f"sync:{name}", args=args), data or {}, follow=True).content.decode()


def upload(page: Client, path: Path) -> str:
    return after(page, "upload", {"file": SimpleUploadedFile(path.name, path.read_bytes())})


def test_empty_page_says_what_would_be_here(peer: Peer, page: Client) -> None:
    text = shown(page)
    assert "没有等待封装的内容" in text
    assert peer.keys.card.fingerprint in text


@pytest.mark.django_db
def test_page_without_keys_and_peer_says_what_to_do(data_dir: Path, page: Client) -> None:
    text = shown(page)
    assert "make_keys" in text
    assert "enrol_peer" in text
    assert "make_keys" in after(page, "seal")


def test_seal_and_download(peer: Peer, site: object, page: Client) -> None:
    assert "没有等待发出的内容，未生成文件" in after(page, "seal")
    outbox.record(TOPIC, "application:1", {"n": 1})
    assert "application:1" in shown(page)
    assert "已封装 1 个批次" in after(page, "seal")
    answer = page.get(reverse("sync:download", args=[1, 1]))
    assert answer["Content-Disposition"].startswith("attachment")
    path = peer.home / "carried.zip"
    path.write_bytes(b"".join(answer.streaming_content))  # type: ignore[attr-defined]
    assert peer.read(path, peer.recipient)[0].records == 1
    assert page.get(reverse("sync:download", args=[2, 1])).status_code == 404
    assert page.get(reverse("sync:download", args=[1, 2])).status_code == 404


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OSError(28, "No space left on device"), "磁盘空间不足"),
        (OperationalError("database is locked"), "数据库暂时不可用，本次没有改动任何内容"),
    ],
)
def test_a_failing_disk_or_database_is_told_of_in_a_sentence(
    error: Exception, told: str, peer: Peer, page: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(batch_out, "seal_all", fail)
    assert told in after(page, "seal")
    monkeypatch.setattr(intake, "open_path", fail)
    assert told in upload(page, peer.batch())


def test_every_volume_of_a_batch_can_be_downloaded(peer: Peer, page: Client, settings: Settings) -> None:
    """One that is not offered would be missing on the disk that is carried over."""
    settings.HALL_BATCH_VOLUME_MB = 2
    outbox.record(TOPIC, "k:1", {"n": 1}, blobs=[blobs.put(io.BytesIO(bytes([n]) * 1_500_000)) for n in range(2)])
    after(page, "seal")
    volumes = Batch.objects.get().volumes.count()
    text = shown(page)
    assert volumes > 1
    for vol in range(1, volumes + 1):
        url = reverse("sync:download", args=[1, vol])
        assert f'href="{url}"' in text
        assert page.get(url)["Content-Disposition"].startswith("attachment")


def test_a_batch_whose_files_are_not_made_yet_can_be_downloaded(peer: Peer, page: Client, tmp_path: Path) -> None:
    """It was sealed, and then the power went: the file is made when somebody asks for it."""
    outbox.record(TOPIC, "k:1", {"n": 1})
    after(page, "seal")
    SentVolume.objects.all().delete()
    Batch.objects.update(state=Batch.State.SEALED, file_path="")
    url = reverse("sync:download", args=[1, 1])
    assert f'href="{url}"' in shown(page)
    assert page.get(url)["Content-Disposition"].startswith("attachment")


def test_upload_good_and_again(peer: Peer, page: Client) -> None:
    path = peer.batch()
    assert "已应用" in upload(page, path)
    assert "以前已经应用过" in upload(page, path)
    assert rows() == ["k:1#1"]


def test_upload_waits_for_what_is_missing(peer: Peer, page: Client) -> None:
    first, second = peer.batch(), peer.batch()
    assert "前面还缺批次" in upload(page, second)
    assert "缺少前面的批次" in shown(page)
    upload(page, first)
    assert rows() == ["k:1#1", "k:1#2"]


def test_upload_bad_shows_the_reason_here_and_in_the_list(peer: Peer, page: Client, data_dir: Path) -> None:
    path = peer.batch()
    path.write_bytes(path.read_bytes()[:-3])
    assert "文件不完整" in upload(page, path)
    assert "truncated" in shown(page)
    assert Quarantine.objects.get().file_name == path.name
    assert list((data_dir / "batches" / "upload").iterdir()) == []


def test_upload_nothing_or_an_empty_file(peer: Peer, page: Client) -> None:
    assert "请选择要上传的批次文件" in after(page, "upload")
    assert "文件是空的" in after(page, "upload", {"file": SimpleUploadedFile("x.zip", b"")})


@pytest.mark.parametrize("name", ["../../evil.zip", "a" * 300 + ".zip", "第一批.zip", "批" * 250 + ".zip", "<b>.zip"])
def test_upload_with_a_strange_name(name: str, peer: Peer, page: Client, data_dir: Path) -> None:
    text = after(page, "upload", {"file": SimpleUploadedFile(name, b"x")})
    assert "这不是批次文件" in text
    assert "<b>.zip" not in text


def test_dead_letter_retry_and_dismiss(peer: Peer, page: Client) -> None:
    upload(page, peer.batch(peer.records(("a", {"n": 1, "bad": 1}), ("a", {"n": 2}), ("b", {"n": 3, "bad": 1}))))
    assert "坏记录" in shown(page)
    first, second = DeadLetter.objects.order_by("id")
    assert "仍然无法应用" in after(page, "retry", None, first.pk)
    assert "请写明放弃的原因" in after(page, "dismiss", {"note": ""}, first.pk)
    assert "已放弃" in after(page, "dismiss", {"note": "重复"}, first.pk)
    assert rows() == ["a#2"]
    registry.forget(TOPIC)
    registry.handles(TOPIC)(lambda fact: Group.objects.create(name=f"{fact.key}#{fact.payload['n']}"))
    assert "记录已应用" in after(page, "retry", None, second.pk)
    assert page.post(reverse("sync:retry", args=[second.pk])).status_code == 404


def test_frozen_stream_is_an_alarm(peer: Peer, page: Client) -> None:
    upload(page, peer.batch(keep_heads=True))
    assert "接收已冻结" in upload(page, peer.batch(peer.records(("z", {"n": 9}))))
    assert "交换已冻结" in shown(page)


@pytest.mark.parametrize("name", ["seal", "upload"])
def test_only_by_post(name: str, peer: Peer, page: Client) -> None:
    assert page.get(reverse(f"sync:{name}")).status_code == 405


@pytest.mark.parametrize("name", ["operator", "seal", "upload", "download", "retry", "dismiss", "let-pass"])
def test_closed_to_strangers_and_clerks(name: str, peer: Peer, client: Client, clerk: User) -> None:
    url = reverse(
        f"sync:{name}", args={"download": [1, 1], "retry": [1], "dismiss": [1], "let-pass": [1]}.get(name, [])
    )
    assert client.post(url).status_code == 302
    client.login(username=clerk.username, password=PASSWORD)
    assert client.post(url).status_code == 403


def test_few_queries_with_much_on_the_page(peer: Peer, page: Client, django_assert_max_num_queries: object) -> None:
    for n in range(30):
        outbox.record(TOPIC, f"k:{n}", {"n": n})
        upload(page, peer.batch())
    with django_assert_max_num_queries(46):  # type: ignore[operator]
        shown(page)


def test_long_lists_are_folded_until_a_person_is_needed(peer: Peer, site: object, page: Client) -> None:
    first, second = peer.batch(), peer.batch()
    upload(page, second)
    assert "<details open>\n  <summary>最近 1 批" in shown(page)  # it waits for the first one
    upload(page, first)
    assert "<details>\n  <summary>最近 2 批" in shown(page)
    after(page, "seal")
    assert "<details open>\n  <summary>共 1 批" in shown(page)  # to be carried
    Batch.objects.update(state=Batch.State.ACKNOWLEDGED)
    assert "<details open>" not in shown(page)


def test_an_older_page_of_what_was_sent_is_open(peer: Peer, page: Client) -> None:
    """Whoever turned to it reads it, and does not look for it once more."""
    for n in range(overview.ROWS + 1):
        outbox.record(TOPIC, "k:1", {"n": n})
        batch_out.seal_all(batch_out.outgoing_folder())
    Batch.objects.update(state=Batch.State.ACKNOWLEDGED)
    assert "<details open>" not in shown(page)
    text = page.get(reverse("sync:operator"), {"page": 2}).content.decode()
    assert "<details open>\n  <summary>共 21 批" in text
