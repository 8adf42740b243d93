"""Applying a trust file is broken off at any step: the same file again, or the next opening, does the rest, once."""

import fcntl
from pathlib import Path
from typing import Any

import pytest

from sync import batch_out, intake, keys, new_epochs, peers, proposals, quarantine, receipts, trusting
from sync.models import Batch, InboxBatch, Quarantine, Receipt, SentVolume
from sync.models import Peer as PeerRow
from tests.sync.conftest import open_one
from tests.sync.stolen import Victim
from tests.sync.test_epochs import current
from tests.sync.test_rotation import seal
from tests.sync.trust.keys_here import states
from tests.sync.trust.test_forged_epochs import forge, nothing_is_left

pytestmark = pytest.mark.usefixtures("topic")

STEPS = {
    "forget": (batch_out, "forget_files"),
    "revoke": (keys, "revoke_key"),
    "remember": (keys, "remember_peer"),
    "set apart": (quarantine, "keep"),
    "withdraw": (proposals, "withdraw"),
    "receipt": (receipts, "issue"),
}


class Killed(Exception):
    """The machine stopped here."""


def dies(*_: Any, **__: Any) -> None:
    raise Killed


@pytest.fixture
def busy(one: Victim, tmp_path: Path) -> Victim:
    """Files lie here in both directions: one sealed to the stolen key, two by it that wait."""
    open_one(one.peer.batch())
    seal(tmp_path / "a", 1)
    one.peer.batch()
    open_one(one.peer.batch())
    return one


def all_is_done(one: Victim, data_dir: Path) -> None:
    stolen, new = one.stolen.card, one.replaced.card
    expected = {stolen.sign_id: "revoked", stolen.seal_id: "revoked", new.sign_id: "active", new.seal_id: "active"}
    assert states() == expected
    assert [card.sign_id for card in keys.revoked_peers(data_dir)] == [stolen.sign_id]
    assert peers.peer_card() in keys.remembered_peers(data_dir)
    assert not InboxBatch.objects.filter(state="parked").exists()
    assert new_epochs.waiting() is None
    assert set(Quarantine.objects.values_list("code", flat=True)) == {"key_revoked"}
    assert Receipt.objects.filter(stream__direction="in").latest("number").body["missing"] == []
    assert not SentVolume.objects.exists()
    assert Batch.objects.get().state == Batch.State.SEALED
    assert PeerRow.objects.get().trust_version == 1


def break_off(data: bytes, step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as killed:
        killed.setattr(*STEPS[step], dies)
        with pytest.raises(Killed):
            trusting.apply(data)


@pytest.mark.parametrize("step", [step for step in STEPS if step != "withdraw"])
@pytest.mark.parametrize("how", ["same file", "opening"])
def test_broken_off_at(step: str, how: str, busy: Victim, data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = busy.trust()
    break_off(data, step, monkeypatch)
    if how == "opening":
        intake.open_files([])
    else:
        trusting.apply(data)
    all_is_done(busy, data_dir)
    once_more_changes_nothing(data)


@pytest.mark.parametrize("step", ["set apart", "withdraw", "receipt"])
def test_a_forged_epoch_goes_all_the_same(step: str, one: Victim, monkeypatch: pytest.MonkeyPatch) -> None:
    open_one(one.peer.batch())
    forge(one)
    data = one.trust()
    break_off(data, step, monkeypatch)
    trusting.apply(data)
    nothing_is_left()
    assert current().frozen == ""


def test_no_file_is_made_meanwhile(busy: Victim, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever seals must not write a file to the stolen key while those are forgotten."""
    asked = []
    real = batch_out.forget_files

    def forget() -> int:
        with (batch_out.kept_folder().parent / ".seal.lock").open("a") as lock, pytest.raises(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        asked.append(True)
        return real()

    monkeypatch.setattr(batch_out, "forget_files", forget)
    trusting.apply(busy.trust())
    assert asked == [True]


def once_more_changes_nothing(data: bytes) -> None:
    batch_out.seal_all(batch_out.outgoing_folder())
    before = everything()
    assert trusting.apply(data) == trusting.Applied(1, changed=False)
    trusting.settle()
    assert everything() == before


def everything() -> list[Any]:
    models = (PeerRow, Batch, SentVolume, InboxBatch, Receipt, Quarantine)
    files = sorted(path for path in batch_out.kept_folder().iterdir())
    return [files, *(list(model.objects.order_by("pk").values()) for model in models)]
