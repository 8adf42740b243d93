"""Which key of this site signs which batch, and how long an old one is needed."""

import os
from functools import partial

from django.conf import settings

from sync import key_change, key_files, keys, peers, rotation
from sync.keys import SiteKeys
from sync.models import Batch, InboxBatch, Stream
from sync.reasons import CannotProceed
from sync.sealer import Announce


def prepare() -> bool:
    """Make the keys that the next batch will announce; False when they were made before."""
    peers.site_keys()
    return key_change.prepare(settings.HALL_DATA_DIR, key_files.passphrase_from(os.environ))


def announcement(own: SiteKeys) -> Announce | None:
    """What writes the section for the keys that follow; None when there are none. Of ``settled`` keys they are not announced yet."""
    if own.following is None:
        return None
    return partial(rotation.announce, own.card, own.following)


def settled(own: SiteKeys) -> SiteKeys:
    """The keys after the change that was announced; the same ones when none was."""
    if own.following is None or not _is_announced(own):
        return own
    key_change.settle(settings.HALL_DATA_DIR, own.card)
    return peers.site_keys()


def for_batch(own: SiteKeys, batch: Batch) -> SiteKeys:
    """This site as it signs ``batch``: up to the one that announces new keys, with the old key, however late its file is made.

    A revoked key signs nothing: then the next one does that was not revoked.
    """
    later = Batch.objects.filter(stream=batch.stream, seq__gte=batch.seq).exclude(new_keys=[])
    replaced = [change.new_keys[0]["replaces"] for change in later.order_by("seq")]
    kept = {key.id() for key in own.older_signers}
    return next((own.signing_as(key_id) for key_id in replaced if key_id in kept), own)


def check_usable(own: SiteKeys) -> None:
    """CannotProceed as long as the present key is one that was taken back: its replacement was broken off."""
    if own.signer.id() in own.revoked:
        raise CannotProceed(
            "作废旧密钥没有办完，现在不能封装。请再运行一次：manage.py make_keys --replace --reason 原因"
        )


def remove_spent() -> list[str]:
    """Destroy old keys that no batch can need any more; their ids.

    A decryption key is needed until a batch sealed to a later key is applied and the backups of both sides cover the
    last one sealed to it; a signature key until the peer's backups cover the batch that announced its successor.
    """
    own = settled(peers.site_keys())
    spent = [(keys.SEAL_FILE, key.id()) for key in own.older_openers if _nothing_comes_for(key.id(), own)]
    for key in own.older_signers:
        to_itself = own.opener is None and not _nothing_comes_for(key.id(), own)
        if not to_itself and _nothing_is_signed_by(key.id()):
            spent.append((keys.SIGN_FILE, key.id()))
    return [key_id for name, key_id in spent if key_change.drop(settings.HALL_DATA_DIR, name, key_id)]


def _nothing_comes_for(key_id: str, own: SiteKeys) -> bool:
    opened = InboxBatch.objects.filter(stream__direction=Stream.Direction.IN, state=InboxBatch.State.APPLIED)
    peer_knows = opened.filter(stream__current=True, sealed_to__in=_successors(key_id, own)).exists()
    last = opened.filter(sealed_to=key_id).select_related("stream").order_by("-stream__number", "-seq").first()
    return peer_knows and (last is None or _is_in_both_backups(last))


def _is_in_both_backups(received: InboxBatch) -> bool:
    """As long as one side may still fall behind it, its file may have to be opened once more: it comes again, or is given back.

    A backup that holds anything of a later epoch holds all that was listed at its beginning.
    """
    present = Stream.objects.get(direction=Stream.Direction.IN, current=True)
    needed = received.seq if received.stream == present else 1
    return min(present.durable_seq, present.backed_up_seq) >= needed


def _successors(key_id: str, own: SiteKeys) -> list[str]:
    """Ids of the keys to seal to that came after this one, the present one among them."""
    announced = [own.card.model_copy(update=_publics(change.new_keys[0])).seal_id for change in changes()]
    later = announced[announced.index(key_id) + 1 :] if key_id in announced else announced
    return [*later, own.card.seal_id]


def _publics(section: dict[str, str]) -> dict[str, str]:
    return {"sign": section["sign"], "seal": section["seal"]}


def _nothing_is_signed_by(key_id: str) -> bool:
    last = next((change for change in changes() if change.new_keys[0]["replaces"] == key_id), None)
    return last is not None and last.stream.durable_seq >= last.seq


def changes() -> list[Batch]:
    """The sent batches that announce new keys, in their order."""
    sent = Batch.objects.filter(stream__direction=Stream.Direction.OUT).exclude(new_keys=[])
    return list(sent.select_related("stream").order_by("pk"))


def _is_announced(own: SiteKeys) -> bool:
    assert own.following
    public = own.following.signer.public().hex()
    return any(change.new_keys[0]["sign"] == public for change in changes())
