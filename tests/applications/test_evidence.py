"""The verifier finds whatever was done to the record, and says in Chinese which case, which place, what is wrong."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from applications import evidence, seals, verifying, verifying_seals
from applications.errors import DataMissing
from applications.models import Application, Event, EvidenceSeal, Licence, SealedHead
from identity.models import User
from tests.factories import moment
from tests.helpers import move, unguarded


@pytest.fixture
def case(awaiting_decision: Application, approver: User) -> Application:
    """Five moves and two acts, sealed after the third and at the end."""
    seals.seal_changed()
    case = move(awaiting_decision, "grant", by=approver, at="2026-03-05 10:00")
    seals.seal_changed()
    return case


def findings() -> list[str]:
    """Everything the verifier says."""
    parts = (
        verifying.chains(),
        verifying_seals.sealed_heads(),
        verifying_seals.own(),
        verifying_seals.from_the_peer(),
    )
    return [str(one) for part in parts for one in part]


def event(case: Application, place: int) -> Any:
    return Event.objects.filter(application=case, place=place)


def swap(case: Application) -> None:
    event(case, 2).update(place=99)
    event(case, 3).update(place=2)
    event(case, 99).update(place=3)


def remove_the_end(case: Application) -> None:
    """As a careful forger would: the head that the case names is put back, too."""
    last = event(case, case.event_count).get()
    event(case, case.event_count).delete()
    before = event(case, last.place - 1).get()
    facts = {"event_count": before.place, "event_head": before.digest, "version": before.version}
    Application.objects.filter(pk=case.pk).update(**facts, sealed_count=before.place, state=before.to_state)


def rewrite_the_chain(case: Application) -> None:
    """Every digest computed anew after a change, up to the head: the chain alone is whole again."""
    head = ""
    for row in Event.objects.filter(application=case).order_by("place"):
        row.previous, row.note = head, "改写过的说明" if row.place == 3 else row.note
        head = row.digest = evidence.digest_of(row, str(case.uid))
        row.save()
    Application.objects.filter(pk=case.pk).update(event_head=head)


def remove_the_case(case: Application) -> None:
    Event.objects.filter(application=case).delete()
    Licence.objects.filter(application=case).delete()
    for rows in (case.documents, case.materials, case.clocks, case.route_steps):
        rows.all().delete()
    Application.objects.filter(pk=case.pk).delete()


def remove_the_first_seal(case: Application) -> None:
    SealedHead.objects.filter(seal__number=1).delete()
    EvidenceSeal.objects.filter(number=1).delete()


TAMPERING: dict[str, tuple[Callable[[Application], object], str]] = {
    "a note": (lambda case: event(case, 3).update(note="别的话"), "第 3 条：内容与摘要不符"),
    "who did it": (lambda case: event(case, 3).update(actor_name="别人"), "第 3 条：内容与摘要不符"),
    "the moment": (lambda case: event(case, 3).update(at=moment("2026-03-01 10:00")), "第 3 条：内容与摘要不符"),
    "the inner record": (lambda case: event(case, 4).update(data={"opinion": "不同意"}), "第 4 条：内容与摘要不符"),
    "a row gone": (lambda case: event(case, 3).delete(), "第 3 条：缺少记录"),
    "the first row gone": (lambda case: event(case, 1).delete(), "第 1 条：缺少记录"),
    "two rows exchanged": (swap, "第 2 条：与前一条不相连"),
    "the last row gone": (lambda case: event(case, case.event_count).delete(), "末尾的记录不见了"),
    "all rows gone": (lambda case: Event.objects.filter(application=case).delete(), "全部记录都不见了"),
    "the end gone, the head put back": (remove_the_end, "封存时有这一条，现在不见了"),
    "the chain written anew": (rewrite_the_chain, "这一条与封存时的不同，记录被重写过"),
    "the whole case gone": (remove_the_case, "封存时有这个办件，现在整件不见了"),
    "the state": (lambda case: Application.objects.filter(pk=case.pk).update(version=3), "办件现在是"),
    "a seal": (lambda case: EvidenceSeal.objects.filter(number=1).update(cases=7), "第 1 次封存被改动过"),
    "the first seal gone": (remove_the_first_seal, "第 1 次封存不见了"),
    "a sealed head": (lambda case: SealedHead.objects.filter(place=5).update(digest="0" * 64), "办件清单被改动过"),
    "a sealed head gone": (lambda case: SealedHead.objects.all().delete(), "登记为已封存，封存记录却不见了"),
}


def test_a_whole_record_has_no_findings(case: Application, capsys: pytest.CaptureFixture[str]) -> None:
    assert findings() == []
    call_command("verify_evidence")
    assert "办件记录完整" in capsys.readouterr().out


@pytest.mark.parametrize("name", TAMPERING)
def test_tampering_is_found(case: Application, name: str) -> None:
    tamper, sentence = TAMPERING[name]
    with unguarded():
        tamper(case)
    found = findings()
    assert any(sentence in one for one in found), found


def test_a_row_that_cannot_be_decrypted_is_a_finding(case: Application) -> None:
    from django.db import connection

    with unguarded(), connection.cursor() as cursor:
        cursor.execute("UPDATE applications_event SET data = 'v1:AAAA' WHERE place = 2")
    assert any("无法解密" in one for one in findings())


def test_the_command_names_case_and_place_and_fails(case: Application, capsys: pytest.CaptureFixture[str]) -> None:
    with unguarded():
        event(case, 3).update(note="别的话")
    with pytest.raises(CommandError, match="发现 1 处问题"):
        call_command("verify_evidence", case=case.number, since="2026-01-01")
    assert f"{case.number}第 3 条：内容与摘要不符" in capsys.readouterr().err


def test_a_case_that_is_not_there_is_not_called_whole(case: Application) -> None:
    with pytest.raises(CommandError, match="没有编号"):
        call_command("verify_evidence", case="000")
    with pytest.raises(CommandError, match="不是日期"):
        call_command("verify_evidence", since="昨天")


@pytest.mark.parametrize("value", [1.5, moment("2026-03-03 10:00"), {"x": {1, 2}}, 2**60, "\ud800", "a\x00b", {1: "x"}])
def test_what_cannot_be_recorded_is_refused_early(received: Application, clerk: User, value: object) -> None:
    with pytest.raises(DataMissing) as refused:
        move(received, "accept", by=clerk, opinion=value)
    assert set(refused.value.fields) == {"opinion"}
    assert Event.objects.filter(application=received).count() == 2


def test_a_typed_backslash_is_no_control_character(received: Application, clerk: User) -> None:
    move(received, "accept", by=clerk, opinion="a\\u0000b")
    assert findings() == []


def test_an_act_that_cannot_be_recorded_does_not_happen(
    received: Application, clerk: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full_disk(*args: object, **kwargs: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("sync.rows.insert", full_disk)
    with pytest.raises(OSError, match="disk full"):
        move(received, "accept", by=clerk)
    received.refresh_from_db()
    assert received.state == "RECEIVED"
