"""Applying a trust file of the peer: its stolen keys are revoked, its new ones are used, what waits is looked at again."""

from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from sync import (
    batch_file,
    batch_out,
    cards,
    durable,
    envelope,
    keys,
    peers,
    proposals,
    quarantine,
    receipts,
    trust_files,
    volumes_in,
)
from sync.models import InboxBatch, InboxVolume, Peer, PeerKey, Stream
from sync.reasons import CannotProceed, Refused
from sync.revoked import key_id
from sync.trust import SIGN, RevokedKey, Trust

State = PeerKey.State
LARGEST = trust_files.LARGEST


class NoRootEnrolled(CannotProceed):
    """The peer's card had no root key when it was enrolled."""


@dataclass(slots=True)
class Applied:
    """What a trust file has done; ``forged`` are batches that were applied and that their owner disowns."""

    version: int
    changed: bool = True
    revoked: list[str] = field(default_factory=list)
    forged: list[int] = field(default_factory=list)
    set_apart: int = 0


def apply(data: bytes) -> Applied:
    """Do what a trust file says; the same one again changes nothing. Refused when it must not be used.

    The file is kept before the database is changed: a database that is restored from a backup hears of it again.
    """
    with durable.exclusive(Path(settings.HALL_BATCH_DIR) / ".open.lock"):
        peer = _peer()
        trust = _checked(data, peer)
        if trust.version == peer.trust_version:
            found = _finish(trust)
            return Applied(trust.version, changed=bool(found), set_apart=found)
        with durable.part_file(kept(peer)) as handle:
            handle.write(data)
        return _apply(trust, peer)


def settle() -> None:
    """Apply the kept trust file again when the database has forgotten it. The caller holds the lock of the intake."""
    peer = Peer.objects.filter(side=settings.HALL_PEER_SIDE).first()
    if peer is None or not kept(peer).is_file():
        return
    try:
        trust = _checked(kept(peer).read_bytes(), peer)
    except Refused:  # of a root that was replaced meanwhile, or enrolled no more, or of another side
        return
    if trust.version > peer.trust_version:
        _apply(trust, peer)


def kept(peer: Peer) -> Path:
    """Where the newest trust file of the peer is kept, outside of the database."""
    return keys.folder(settings.HALL_DATA_DIR) / cards.PEERS / f"{peer.side}.trust"


def _peer() -> Peer:
    peer = Peer.objects.filter(side=settings.HALL_PEER_SIDE).first()
    if peer is None:
        raise peers.NotEnrolled("还没有登记对端，信任文件无从核对。请先用 enrol_peer 登记对端的身份文件。")
    if not peer.root:
        raise NoRootEnrolled(
            "登记对端时，它的身份文件里没有根公钥，信任文件无从核对，没有使用。"
            "请让对端用 export_key 导出带有新密钥的身份文件，电话核对指纹后运行 enrol_peer 文件 --fingerprint 指纹 --replace。"
        )
    return peer


def _checked(data: bytes, peer: Peer) -> Trust:
    trust = trust_files.read(data, peer.root, peer.suite)
    if trust.side != peer.side:
        raise Refused("wrong_sender", trust.side)
    if trust.suite != peer.suite:
        raise Refused("wrong_suite", trust.suite)
    same = trust.version == peer.trust_version and trust_files.digest(trust) == peer.trust_digest
    if trust.version <= peer.trust_version and not same:
        raise Refused("old_trust", f"第 {trust.version} 版，本端已用到第 {peer.trust_version} 版")
    gone = peer.keys.filter(state=State.REVOKED, public__in=[trust.sign, trust.seal])
    if gone.exists():  # before the file is kept: nothing could be opened any more
        raise Refused("old_trust", f"它仍使用已吊销的密钥 {gone[0].key_id}")
    return trust


def _apply(trust: Trust, peer: Peer) -> Applied:
    """The version is noted last: until then the kept file is new, and a run that was killed is repeated from here."""
    done = Applied(trust.version)
    with durable.exclusive(Path(settings.HALL_BATCH_DIR) / batch_out.LOCK), transaction.atomic():
        peer = Peer.objects.select_for_update().get(pk=peer.pk)
        done.revoked = [key_id(key) for key in trust.revoked if _revoke(peer, key)]
        if not _was_followed(peer, trust.sign):
            card = keys.Card(side=peer.side, suite=trust.suite, sign=trust.sign, seal=trust.seal, root=peer.root)
            peers.adopt(peer, card, after=peers.applied())
            # What was not applied yet is signed anew, whatever its number.
            peer.keys.filter(public__in=[card.sign, card.seal]).update(valid_from_seq=1)
        done.forged = _freeze_at_forgeries(trust, set(done.revoked))
        if done.revoked:
            # What the peer has not confirmed was sealed to a stolen key. In the same commit as the revocation: afterwards
            # nothing tells that it was not done yet, or that it must not be done again.
            batch_out.forget_files()
    done.set_apart = _finish(trust)
    Peer.objects.filter(pk=peer.pk).update(trust_version=trust.version, trust_digest=trust_files.digest(trust))
    return done


def _finish(trust: Trust) -> int:
    """What follows from the keys that are revoked now, outside of the database too; done again it changes nothing."""
    signers = {key_id(key) for key in trust.revoked if key.use == SIGN}
    for name in signers:
        keys.revoke_key(settings.HALL_DATA_DIR, name)
    keys.remember_peer(settings.HALL_DATA_DIR, peers.peer_card())
    return _set_apart(signers)


def _revoke(peer: Peer, key: RevokedKey) -> bool:
    """Whether it was not revoked before. A key never heard of is noted too: no batch can announce it any more."""
    name = key_id(key)
    gone = {"state": State.REVOKED, "reason": key.reason}
    fixed = {"peer": peer, "use": key.use, "suite": peer.suite, "public": key.public, "ended_at": timezone.now()}
    known = peer.keys.filter(key_id=name).exclude(state=State.REVOKED)
    changed = known.update(**gone, ended_at=timezone.now(), valid_to_seq=peers.applied())
    _, created = PeerKey.objects.get_or_create(key_id=name, defaults=gone | fixed | {"valid_to_seq": 0})
    return created or bool(changed)


def _was_followed(peer: Peer, sign: str) -> bool:
    """The file is older than a planned change: its key was replaced by one that is in use and not taken back."""
    known = peer.keys.filter(use=PeerKey.Use.SIGN)
    return known.filter(public=sign, state=State.RETIRED).exists() and known.filter(state=State.ACTIVE).exists()


def _freeze_at_forgeries(trust: Trust, fresh: set[str]) -> list[int]:
    """Batches that were applied although their owner never made them: nothing more is applied before people have looked.

    Only the keys revoked just now (``fresh``) tell where a forgery may begin: behind an earlier theft its owner went on
    with other keys, and those may be named in the same file. Each named key is judged by its own number.
    """
    named = [key for key in trust.revoked if key.use == SIGN and key.stream]
    forged: set[int] = set()
    ends: dict[str, int] = {}
    for key in named:
        if key_id(key) in fresh:
            ends[key.stream] = max(ends.get(key.stream, 0), key.from_seq)
            forged.update(
                _applied(key.stream, key.from_seq).filter(signed_by=key_id(key)).values_list("seq", flat=True)
            )
    present = envelope.key_id(bytes.fromhex(trust.sign)).hex()
    good = ["", present, peers.peer_card().sign_id, *map(key_id, named)]
    for stream, end in ends.items():  # also by a key that the thief has announced
        others = _applied(stream, end).exclude(signed_by__in=good)
        forged.update(others.values_list("seq", flat=True))
    if forged:
        sentence = f"第 {'、'.join(map(str, sorted(forged)))} 批不是对端发出的，是用失窃的密钥伪造的，而本端已经应用。"
        current = Stream.objects.filter(direction=Stream.Direction.IN, current=True)
        current.update(frozen=f"{sentence}接收已冻结，请按 docs/KEYS.md 处理。"[:500])
    return sorted(forged)


def _applied(stream: str, from_seq: int) -> QuerySet[InboxBatch]:
    applied = InboxBatch.objects.filter(state=InboxBatch.State.APPLIED, stream__epoch=stream)
    return applied.filter(seq__gte=from_seq)


def _set_apart(signers: set[str]) -> int:
    """Waiting files signed by a key that is revoked now go to the quarantine, and count as missing again.

    A new epoch that such a file proposed is withdrawn. The rows go last: a run that was killed is repeated from there.
    """
    volumes = list(InboxVolume.objects.filter(file_path__contains=volumes_in.WAITING))
    batches = list(InboxBatch.objects.filter(state=InboxBatch.State.PARKED).select_related("stream"))
    paths = {Path(row.file_path) for row in volumes} | {Path(row.file_path) for row in batches}
    gone = {path for path in paths if not path.is_file() or _refuse(path, signers)}
    if not gone:
        return 0
    for batch in batches:
        if batch.seq == 1 and batch.waits_for == InboxBatch.Wait.EPOCH and Path(batch.file_path) in gone:
            proposals.withdraw(batch)
    with transaction.atomic():
        InboxVolume.objects.filter(pk__in=[row.pk for row in volumes if Path(row.file_path) in gone]).delete()
        InboxBatch.objects.filter(pk__in=[row.pk for row in batches if Path(row.file_path) in gone]).delete()
        stream = Stream.objects.select_for_update().filter(direction=Stream.Direction.IN, current=True).first()
        if stream:
            receipts.issue(stream, due=True)
    return len(gone)


def _refuse(path: Path, signers: set[str]) -> bool:
    with path.open("rb") as handle:
        signer = batch_file.claimed_key(handle)
    if signer not in signers:
        return False
    quarantine.keep(path, path, Refused("key_revoked", f"密钥 {signer}"))
    return True
