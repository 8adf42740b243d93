"""Heads and seals cross the gap both ways, and each side finds what the other did to its own past."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from applications import check_proof, evidence_handlers, seals, sync_handlers, verifying_seals
from applications.models import Application, Event, EvidenceSeal, PeerHead, PeerSeal, SealedHead
from identity.models import User
from sync.models import Outbox
from sync.registry import Fact, Reject
from tests.applications.test_crossing import facts, forget
from tests.helpers import move, unguarded

SAMPLE = Path(__file__).parents[1] / "sync" / "samples" / "evidence.sealed.v1.json"


def seal_fact(**changes: Any) -> Fact:
    payload = json.loads(SAMPLE.read_text()) | changes
    return Fact("evidence.sealed", 1, "evidence:outer", 1, 1, payload, [], timezone.now())


def peer_findings() -> list[str]:
    return [str(one) for one in verifying_seals.from_the_peer()]


def test_a_seal_leaves_as_a_fact_of_the_golden_shape(received: Application) -> None:
    evidence_handlers.sealed(seal_fact())
    assert seals.seal_changed() == 1
    assert seals.seal_changed() == 0
    told = facts("evidence.sealed")[0]
    assert told.key == "evidence:inner"
    assert set(told.payload) == set(json.loads(SAMPLE.read_text()))
    assert told.payload["witness"] == {"number": 1, "digest": json.loads(SAMPLE.read_text())["digest"]}


def test_the_sample_is_kept_and_told_twice_is_kept_once(on_outer: str, db: None) -> None:
    evidence_handlers.sealed(seal_fact())
    evidence_handlers.sealed(seal_fact())
    assert PeerSeal.objects.get().number == 1
    assert peer_findings() == []


def test_a_seal_that_does_not_fit_its_digest_is_rejected(on_outer: str, db: None) -> None:
    with pytest.raises(Reject, match="摘要与内容不符"):
        evidence_handlers.sealed(seal_fact(cases=9))


def test_what_the_other_side_saw_is_remembered(received: Application, clerk: User) -> None:
    """The other side tells with its seals which of ours it has: rewriting ours does not help."""
    seals.seal_changed()
    own = EvidenceSeal.objects.get()
    evidence_handlers.sealed(seal_fact(witness={"number": 1, "digest": own.digest}))
    assert peer_findings() == []
    with unguarded():
        own.cases, own.root = 2, "0" * 64
        own.digest = seals.digest_of(own)
        own.save()
    assert peer_findings() == ["对方见到过我方第 1 次封存，现在我方的不同。"]
    with unguarded():
        SealedHead.objects.all().delete()
        EvidenceSeal.objects.all().delete()
    assert peer_findings() == ["对方见到过我方第 1 次封存，现在我方的不见了。"]


def test_the_head_of_the_chain_travels_with_every_move(received: Application, clerk: User, settings: Any) -> None:
    move(received, "accept", by=clerk)
    told = facts("application.moved")[-1]
    last = Event.objects.get(application=received, action="accept")
    assert told.payload["head"] == {"place": last.place, "digest": last.digest}
    evidence_handlers.keep_head(told.payload["uid"], told.payload)
    assert PeerHead.objects.get(place=3).digest == last.digest


def test_the_outer_head_travels_with_the_submission(received: Application, settings: Any) -> None:
    fact, uid = facts("application.submitted")[0], received.uid
    submit = Event.objects.get(application=received, action="submit")
    head = submit.digest
    forget(received)
    sync_handlers.submitted(fact)
    assert PeerHead.objects.get(case_uid=uid).digest == head


def test_facts_of_older_sites_have_no_head_and_are_read(received: Application) -> None:
    fact = facts("application.submitted")[0]
    del fact.payload["head"]  # type: ignore[attr-defined]
    forget(received)
    sync_handlers.submitted(fact)
    assert not PeerHead.objects.exists()


@pytest.mark.parametrize("head", [{"place": 0, "digest": "a" * 64}, {"place": 1, "digest": "x"}, {"place": "1"}])
def test_nonsense_is_rejected(on_outer: str, db: None, head: dict[str, Any]) -> None:
    with pytest.raises(Reject, match="写法不对"):
        evidence_handlers.keep_head("00000000-0000-0000-0000-000000000000", {"head": head})


def test_a_peer_that_tells_one_place_twice_is_found_out(received: Application) -> None:
    for digest in ("a" * 64, "b" * 64):
        evidence_handlers.keep_head(str(received.uid), {"head": {"place": 3, "digest": digest}})
    assert peer_findings() == [f"{received.number}第 3 条：对方前后两次告诉的摘要不同，对方的记录被重写过。"]


def test_what_the_other_side_keeps_is_compared_as_a_file(
    received: Application, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The strongest proof: a file from the other side, for whoever holds all keys of this database."""
    seals.seal_changed()
    own, last = EvidenceSeal.objects.get(), Event.objects.get(application=received, place=2)
    kept = tmp_path / "kept.json"
    kept.write_text(json.dumps({"seals": [[1, own.digest]], "heads": [[str(received.uid), 2, last.digest]]}))
    call_command("verify_evidence", against=kept)
    with unguarded():
        Event.objects.filter(pk=last.pk).update(digest="0" * 64)
        Application.objects.filter(pk=received.pk).update(event_head="0" * 64)
    with pytest.raises(CommandError):
        call_command("verify_evidence", against=kept)
    assert f"{received.number}第 2 条：对方保存的这一条摘要" in capsys.readouterr().err


def test_kept_heads_are_written_for_the_other_side(received: Application, tmp_path: Path) -> None:
    evidence_handlers.sealed(seal_fact())
    evidence_handlers.keep_head(str(received.uid), {"head": {"place": 3, "digest": "a" * 64}})
    call_command("verify_evidence", kept_to=tmp_path / "kept.json")
    kept = json.loads((tmp_path / "kept.json").read_text())
    assert kept["heads"] == [[str(received.uid), 3, "a" * 64]]
    assert kept["seals"][0][0] == 1


def test_a_proof_stands_alone(
    awaiting_decision: Application, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seals.seal_changed()
    path = tmp_path / "proof.json"
    call_command("verify_evidence", case=awaiting_decision.number, proof_to=path)
    assert check_proof.main(str(path)) == 0
    assert "5 条记录完整，封存到第 5 条" in capsys.readouterr().out
    proof = json.loads(path.read_text())
    proof["events"][2]["actor"] = ["staff", "别人"]
    assert list(check_proof.problems(proof)) == ["第 3 条的内容与摘要不符。"]
    proof = json.loads(path.read_text())
    proof["seals"][0]["seal"]["root"] = "0" * 64
    assert len(list(check_proof.problems(proof))) == 2


def test_one_seal_proves_many_cases(received: Application, wang_fang: User, tmp_path: Path) -> None:
    from tests import factories

    for day in range(3, 7):
        factories.submitted(wang_fang, received.matter, f"2026-03-0{day} 10:00")
    assert seals.seal_changed() == 5
    assert EvidenceSeal.objects.get().cases == 5
    for case in Application.objects.all():
        call_command("verify_evidence", case=case.number, proof_to=tmp_path / "proof.json")
        assert check_proof.main(str(tmp_path / "proof.json")) == 0


def test_a_seal_is_one_fact_however_many_cases(received: Application) -> None:
    before = Outbox.objects.count()
    seals.seal_changed()
    assert Outbox.objects.count() == before + 1
