"""After a restoration the verifier explains what looks otherwise, and still finds what was done to the record."""

import json
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from applications import seals, verifying_returns, verifying_seals
from applications.models import Application, EvidenceSeal, PeerHead, SealedHead
from applications.restored import common
from sync.models import EpochChange, EpochFact, InboxRecord, Stream
from tests.applications.test_crossing import facts
from tests.helpers import unguarded

SAMPLES = Path(__file__).parents[1] / "sync" / "samples"
OLD, NEW = "a" * 64, "b" * 64
NOW = timezone.now()


def told(case: Application, place: int, digest: str, days_ago: int) -> PeerHead:
    """The other side told of the head of its chain."""
    at = NOW - timedelta(days=days_ago)
    return PeerHead.objects.create(case_uid=case.uid, place=place, digest=digest, received_at=at)


def given_back(key: str, *topics: str, days_ago: int) -> None:
    """The other side was restored; facts of this key were given back to it."""
    numbers = {"number": Stream.objects.count() + 1, "chain": "0" * 64, "current": False}
    stream = Stream.objects.create(direction=Stream.Direction.IN, epoch=uuid.uuid4(), **numbers)
    at = NOW - timedelta(days=days_ago)
    change = EpochChange.objects.create(stream=stream, previous=uuid.uuid4(), reason="磁盘损坏", approved_at=at)
    for rseq, topic in enumerate(topics, start=1):
        names = {"key": key, "agg_version": rseq, "digest": f"{rseq:064}"}
        record = InboxRecord.objects.create(stream=stream, rseq=rseq, topic=topic, state="applied", **names)
        EpochFact.objects.create(change=change, standing=EpochFact.Standing.LOST, record=record, **names)


def said() -> list[tuple[str, bool]]:
    """What is found of the other side's story."""
    return [(str(one), one.is_explained) for one in verifying_seals.from_the_peer()]


def test_two_heads_with_a_restoration_between_them_are_explained(received: Application) -> None:
    told(received, 4, OLD, days_ago=9)
    given_back(f"application:{received.uid}", "application.moved", days_ago=5)
    told(received, 4, NEW, days_ago=2)
    [(sentence, is_explained)] = said()
    assert is_explained
    assert f"{received.number}第 4 条" in sentence
    assert "对方恢复过备份" in sentence
    assert str(timezone.localdate(NOW - timedelta(days=5))) in sentence


@pytest.mark.parametrize("days_ago", [[9, 8], [3, 2]])
def test_two_heads_on_one_side_of_the_restoration_are_not(received: Application, days_ago: list[int]) -> None:
    """Of what was told before only the last was given back; what is told afterwards is one story again."""
    for digest, days in zip((OLD, NEW), days_ago, strict=True):
        told(received, 4, digest, days)
    given_back(f"application:{received.uid}", "application.moved", "document.issued", days_ago=5)
    [(sentence, is_explained)] = said()
    assert not is_explained
    assert "被重写过" in sentence


def test_a_restoration_that_lost_nothing_of_the_case_explains_nothing(received: Application) -> None:
    told(received, 4, OLD, days_ago=9)
    given_back(f"application:{uuid.uuid4()}", "application.moved", days_ago=5)
    told(received, 4, NEW, days_ago=2)
    assert [is_explained for _, is_explained in said()] == [False]


def test_only_as_many_heads_as_facts_were_given_back(received: Application) -> None:
    """The earlier ones were in the backup and must still hold."""
    heads = [told(received, place, OLD, days_ago=9) for place in (2, 3, 4)]
    given_back(f"application:{received.uid}", "application.moved", "request.answered", days_ago=5)
    assert list(verifying_returns.replaced()) == [(received.uid, heads[-1].place, OLD)]


def test_the_other_side_says_which_of_its_heads_were_replaced(
    received: Application, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own, kept = str(received.uid), tmp_path / "kept.json"
    heads = [[own, 2, OLD], [own, 3, OLD]]
    kept.write_text(json.dumps({"seals": [], "heads": heads, "replaced": [[*head, "2026-03-09"] for head in heads]}))
    call_command("verify_evidence", against=kept)
    out = capsys.readouterr().out
    assert f"说明：{received.number}：对方保存的第 2、3 条摘要是本站点恢复备份以前的" in out
    assert "2026-03-09" in out
    assert "办件记录完整。" in out
    kept.write_text(json.dumps({"seals": [], "heads": heads}))  # from a site that is a release behind
    with pytest.raises(CommandError, match="发现 2 处问题"):
        call_command("verify_evidence", against=kept)


def test_no_topic_with_a_head_is_forgotten() -> None:
    samples = {path.name.removesuffix(".v1.json"): json.loads(path.read_text()) for path in SAMPLES.glob("*.v1.json")}
    assert {topic for topic, payload in samples.items() if "head" in payload} <= set(verifying_returns.HEADED)
    assert [topic for topic, payload in samples.items() if "members" in payload] == [verifying_returns.PACKAGE]


def test_a_seal_that_came_back_has_no_list_and_says_so(received: Application) -> None:
    seals.seal_changed()
    [fact] = facts("evidence.sealed")
    with unguarded():
        SealedHead.objects.all().delete()
        EvidenceSeal.objects.all().delete()
    Application.objects.update(sealed_count=0)
    common.seal_again(fact)
    assert seals.seal_changed() == 1
    [found] = verifying_seals.own()
    assert found.is_explained
    assert "第 1 次封存（共 1 次）在本站点恢复备份时丢失" in found.sentence
    assert list(verifying_seals.own(since=timezone.now())) == []


def test_a_seal_that_never_left_may_not_lose_its_list(received: Application, wang_fang: Any) -> None:
    seals.seal_changed()
    with unguarded():
        SealedHead.objects.all().delete()
    assert any("办件清单被改动过" in str(one) and not one.is_explained for one in verifying_seals.own())
