"""After a theft: other keys at once, and everything that is not yet applied offered anew, signed by them."""

import os

from django.conf import settings
from django.utils import timezone

from sync import batch_out, canonical, durable, key_change, key_files, keys, own_keys, peers, revoked
from sync.keys import SiteKeys
from sync.models import Stream
from sync.reasons import CannotProceed
from sync.trust import SEAL, SIGN, RevokedKey


class NoReason(CannotProceed):
    """Keys are not taken back without a reason."""


def replace(reason: str) -> int:
    """Take all present keys back and put fresh ones in their place; how many batches will be made anew.

    May be repeated after a crash: what was begun is finished, and until then nothing is sealed.
    """
    if not reason.strip() or len(reason) > 200:
        raise NoReason("请用 --reason 写明为什么作废旧密钥（200 字以内），它会写进给对端的信任文件。")
    passphrase = key_files.passphrase_from(os.environ)
    with durable.exclusive(settings.HALL_BATCH_DIR / batch_out.LOCK):
        own = peers.site_keys()
        if own.signer.id() not in own.revoked:
            own = own_keys.settled(own)
            key_change.make_fresh(settings.HALL_DATA_DIR, passphrase)
            revoked.add(keys.folder(settings.HALL_DATA_DIR), _stolen(own, reason.strip()))
        remade = batch_out.forget_files()
        key_change.replace_at_once(settings.HALL_DATA_DIR, own.card)
        peers.site_keys()
    return remade


def _stolen(own: SiteKeys, reason: str) -> list[RevokedKey]:
    """Whoever has read one key file has read them all, the old and the prepared ones too."""
    at = canonical.moment(timezone.now())

    def taken_back(use: str, public: bytes, stream: str = "", from_seq: int = 0) -> RevokedKey:
        fields = {"use": use, "public": public.hex(), "reason": reason}
        return RevokedKey.model_validate(fields | {"stream": stream, "from_seq": from_seq, "at": at})

    signers = [taken_back(SIGN, key.public(), *_end_of(key.id())) for key in (*own.older_signers, own.signer)]
    openers = [taken_back(SEAL, key.public()) for key in (*own.older_openers, own.opener) if key]
    if own.following is None:
        return [*signers, *openers]
    never_used = [taken_back(SIGN, own.following.signer.public())]
    if own.following.opener and own.following.opener is not own.opener:
        never_used.append(taken_back(SEAL, own.following.opener.public()))
    return [*signers, *openers, *never_used]


def _end_of(key_id: str) -> tuple[str, int]:
    """(stream, number) of the first batch that this key of ours cannot have signed with our knowledge."""
    change = next((one for one in own_keys.changes() if one.new_keys[0]["replaces"] == key_id), None)
    if change:
        return str(change.stream.epoch), change.seq + 1
    stream = Stream.objects.filter(direction=Stream.Direction.OUT, current=True).first()
    return (str(stream.epoch), stream.seq + 1) if stream else ("", 0)
