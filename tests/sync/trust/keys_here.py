"""What this side holds of the peer's keys, and what becomes of it when a trust file is refused."""

import pytest

from sync import (
    trusting,
)
from sync.models import Peer as PeerRow
from sync.models import PeerKey
from sync.reasons import Refused


def refusal(data: bytes) -> str:
    before = states(), PeerRow.objects.values().get()
    with pytest.raises(Refused) as caught:
        trusting.apply(data)
    assert (states(), PeerRow.objects.values().get()) == before
    return caught.value.code


def states() -> dict[str, str]:
    return dict(PeerKey.objects.values_list("key_id", "state"))
