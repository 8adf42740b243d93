"""A trust file is applied while somebody waits to seal: the stolen key is not sealed to any more."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sync import batch_out, durable, outbox, trusting
from tests.sync.peer import TOPIC
from tests.sync.repacking import members_of
from tests.sync.stolen import Victim

pytestmark = pytest.mark.usefixtures("topic")


def test_who_waited_for_the_lock_seals_to_the_new_key(
    one: Victim, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outbox.record(TOPIC, "k:1", {"n": 1})
    real = durable.exclusive

    @contextmanager
    def late(lock: Path) -> Iterator[None]:
        monkeypatch.setattr(durable, "exclusive", real)
        trusting.apply(one.trust())
        with real(lock):
            yield

    monkeypatch.setattr(durable, "exclusive", late)
    batch_out.seal_all(tmp_path / "a")
    [made] = (tmp_path / "a").glob("*.zip")
    assert json.loads(members_of(made)["volume.json"])["recipient_key"] == one.replaced.card.seal_id
