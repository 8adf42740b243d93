"""The keys on the operator's page: how old by what announced them, which are revoked, and what to do."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from sync import batch_out, figures, key_ages, keys, own_keys, peers, replacing, revoked, root_key, trusting
from sync.models import Batch, PeerKey
from tests.sync.peer import Peer
from tests.sync.stolen import SECRET, Victim
from tests.sync.test_operator_page import shown

pytestmark = pytest.mark.usefixtures("topic")


def ago(days: int) -> object:
    return timezone.now() - timedelta(days=days, hours=1)


def touch(data_dir: Path, days: int) -> None:
    for path in (data_dir / "keys").glob("*.pem"):
        os.utime(path, (path.stat().st_atime, (timezone.now() - timedelta(days=days)).timestamp()))


def test_times_of_files_decide_only_before_the_first_batch(peer: Peer, data_dir: Path, tmp_path: Path) -> None:
    touch(data_dir, 30)
    assert key_ages.days() == {"sync_seal": 30, "sync_sign": 30}
    batch_out.seal_all(tmp_path / "a", heartbeat=True)
    Batch.objects.filter(seq=1).update(sealed_at=ago(90))
    assert figures.read().key_days == {"sync_seal": 90, "sync_sign": 90}


def test_planned_change(peer: Peer, data_dir: Path, tmp_path: Path) -> None:
    batch_out.seal_all(tmp_path / "a", heartbeat=True)
    Batch.objects.filter(seq=1).update(sealed_at=ago(90))
    own_keys.prepare()
    assert key_ages.days()["sync_sign"] == 90
    batch_out.seal_all(tmp_path / "a")
    Batch.objects.filter(seq=2).update(sealed_at=ago(20))
    touch(data_dir, 5)
    assert key_ages.days() == {"sync_seal": 20, "sync_sign": 20}


def test_replacement(peer: Peer, tmp_path: Path) -> None:
    batch_out.seal_all(tmp_path / "a", heartbeat=True)
    own_keys.prepare()
    batch_out.seal_all(tmp_path / "a")
    Batch.objects.update(sealed_at=ago(50))
    old = peers.site_keys()
    replacing.replace("盘丢了")
    assert key_ages.days()["sync_sign"] == 0
    own = [row for row in key_ages.read(None).rows if row.own]
    assert {row.key_id for row in own if row.state == "revoked"} == {old.card.sign_id, old.older_signers[0].id()}
    assert {row.key_id for row in own if row.state == "opens"} == {old.card.seal_id, old.older_openers[0].id()}
    assert {row.reason for row in own if row.state == "revoked"} == {"盘丢了"}


def test_without_keys(db: None, data_dir: Path) -> None:
    assert key_ages.days() == {}
    assert key_ages.read(None) == key_ages.Shown([], [])


def test_page_before_and_after_a_root(peer: Peer, page: Client, data_dir: Path, tmp_path: Path) -> None:
    text = shown(page)
    assert text.count("没有根密钥") == 3  # both sides, and what to do
    assert "make_root" in text
    root_key.make(tmp_path / "medium", data_dir, SECRET)
    Victim(peer, tmp_path / "v")
    text = shown(page)
    assert text.count("有根密钥") == 2
    assert "没有根密钥" not in text
    assert "没有根公钥" not in text
    assert "信任文件用到" not in text


def test_page_after_a_theft_at_the_peer(peer: Peer, page: Client, tmp_path: Path) -> None:
    victim = Victim(peer, tmp_path / "v")
    PeerKey.objects.update(since=ago(77))
    assert "已使用 77 天" in shown(page)
    trusting.apply(victim.trust(4))
    text = shown(page)
    assert "信任文件用到第 4 版" in text
    assert "服务器被入侵" in text
    for card in (victim.stolen.card, victim.replaced.card):
        assert card.sign_id in text
    assert "已使用 77 天" not in text


def test_old_keys_and_a_broken_off_replacement(peer: Peer, page: Client, data_dir: Path, tmp_path: Path) -> None:
    batch_out.seal_all(tmp_path / "a", heartbeat=True)
    assert "rotate_key" not in shown(page)
    Batch.objects.filter(seq=1).update(sealed_at=ago(key_ages.OLD_DAYS + 1))
    assert f"已用 {key_ages.OLD_DAYS + 1} 天，建议每年更换一次" in shown(page)
    revoked.add(keys.folder(data_dir), replacing._stolen(peers.site_keys(), "盘丢了"))
    assert "没有办完" in shown(page)
