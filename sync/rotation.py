"""Planned change of keys: announced in ``batch.json``, signed by the old key, with a proof by the new one."""

from collections.abc import Mapping

from sync import canonical, envelope, suites
from sync.keys import Card, NewPair
from sync.manifest import Batch, NewKeys
from sync.reasons import Refused

CONTEXT = b"ZWFW-sync-new-keys-v1\0"


def announce(old: Card, new: NewPair, stream: str, seq: int) -> dict[str, str]:
    """The section of batch ``seq`` that makes the new keys good from batch ``seq + 1`` on."""
    sign, seal = new.signer.public().hex(), new.opener.public().hex() if new.opener else ""
    fields = {"replaces": old.sign_id, "suite": old.suite, "sign": sign, "seal": seal}
    proof = new.signer.sign(CONTEXT + _proven(fields, old.side, stream, seq))
    return fields | {"proof": proof.hex()}


def check(batch: Batch, signer: Card) -> None:
    """Refused unless the owner of the announced keys took part, in this very batch, and the suite stays."""
    for new in batch.new_keys:
        fields = new.model_dump(exclude={"proof"})
        message = CONTEXT + _proven(fields, batch.sender, batch.stream, batch.seq)
        try:
            Card(side=batch.sender, suite=signer.suite, sign=new.sign, seal=new.seal)
            suites.named(signer.suite).verify(bytes.fromhex(new.sign), bytes.fromhex(new.proof), message)
        except (ValueError, envelope.BadSignature) as error:
            raise Refused("bad_new_keys", f"批次 {batch.seq}") from error
        if new.suite != signer.suite or new.sign == new.seal or new.sign == signer.sign:
            raise Refused("bad_new_keys", f"批次 {batch.seq}")


def card(present: Card, new: NewKeys) -> Card:
    """The card after the change; its root stays."""
    return present.model_copy(update={"sign": new.sign, "seal": new.seal})


def _proven(fields: Mapping[str, str], side: str, stream: str, seq: int) -> bytes:
    return canonical.encode({**fields, "sender": side, "stream": stream, "seq": seq})
