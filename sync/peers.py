"""The other site: enrolled once by fingerprint, then the only one whose batches are opened."""

import os

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from sync import key_files, keys, rotation
from sync.keys import Card
from sync.manifest import NewKeys
from sync.models import Peer, PeerKey, Stream
from sync.reasons import CannotProceed, Refused

State = PeerKey.State


class NotEnrolled(CannotProceed):
    """There is no peer yet."""


class EnrolmentRefused(CannotProceed):
    """The card must not be enrolled; the text says why."""


def site_keys() -> keys.SiteKeys:
    """The private keys of this site; keys.NoKeys when there are none."""
    return keys.load(settings.HALL_DATA_DIR, settings.HALL_SIDE, key_files.passphrase_from(os.environ))


def make_site_keys(suite: str = "") -> bool:
    """Make the missing private keys, for ``suite`` or else for the one of the settings; False when all were there."""
    fresh_site = not (keys.folder(settings.HALL_DATA_DIR) / keys.SIGN_FILE).exists()
    wanted = suite or (settings.HALL_SUITE if fresh_site else "")
    return keys.create(settings.HALL_DATA_DIR, settings.HALL_SIDE, wanted, key_files.passphrase_from(os.environ))


def enrol(card: Card, fingerprint: str, *, replace: bool = False) -> Peer:
    """Trust this card from the next batch on. ``fingerprint`` is what the peer's operator read out.

    Enrolling the same card again changes nothing. Another card for an enrolled peer needs ``replace``: the old
    signature key stays good for the batches it has already signed.
    """
    _check_enrolment(card, fingerprint)
    with transaction.atomic():
        peer = Peer.objects.select_for_update().filter(side=card.side).first()
        if peer and peer.fingerprint != card.fingerprint and not replace:
            raise EnrolmentRefused(
                f"对端已登记过另一套密钥（指纹 {peer.fingerprint}）。如对端确已更换密钥，请核对新指纹后加 --replace 再登记。"
            )
        if peer is None or peer.fingerprint != card.fingerprint:
            peer = peer or Peer.objects.create(side=card.side, suite=card.suite, fingerprint=card.fingerprint)
            adopt(peer, card, after=applied())
    keys.remember_peer(settings.HALL_DATA_DIR, card)
    return peer


def peer_card() -> Card:
    """The peer's card with its present keys; NotEnrolled when there is none."""
    peer = Peer.objects.filter(side=settings.HALL_PEER_SIDE).first()
    if peer is None:
        raise NotEnrolled(
            "还没有登记对端。请在对端运行 manage.py export_key --to 文件，把文件带到本端，"
            "电话核对指纹后运行：manage.py enrol_peer 文件 --fingerprint 指纹。"
        )
    present = dict(peer.keys.filter(state=State.ACTIVE).values_list("use", "public"))
    return card_of(peer, sign=present[PeerKey.Use.SIGN], seal=present.get(PeerKey.Use.SEAL, ""))


def recipient_card() -> Card:
    """The peer's card for sealing to it; EnrolmentRefused when both sides no longer use one suite."""
    card, own = peer_card(), keys.suite_of(settings.HALL_DATA_DIR)
    if card.suite != own:
        raise EnrolmentRefused(
            f"本端的密钥属于套件 {own}，登记的对端密钥属于 {card.suite}，不能封装。请在两端重新登记对方的身份文件。"
        )
    return card


def signers() -> list[Card]:
    """A card for each signature key the peer ever had; NotEnrolled when there is no peer."""
    peer = Peer.objects.filter(side=settings.HALL_PEER_SIDE).first()
    if peer is None:
        return [peer_card()]
    present = peer.keys.filter(use=PeerKey.Use.SIGN).order_by("-pk")
    sealed_to = {key.suite: key.public for key in peer.keys.filter(use=PeerKey.Use.SEAL).order_by("pk")}
    return [card_of(peer, suite=key.suite, sign=key.public, seal=sealed_to.get(key.suite, "")) for key in present]


def trusted() -> list[Card]:
    """The cards of ``signers`` without those whose key is revoked."""
    gone = set(PeerKey.objects.filter(state=State.REVOKED).values_list("key_id", flat=True))
    return [card for card in signers() if card.sign_id not in gone]


def card_of(peer: Peer, *, sign: str, seal: str, suite: str = "") -> Card:
    """The peer's card with these keys on it."""
    return Card(side=peer.side, suite=suite or peer.suite, sign=sign, seal=seal, root=peer.root or None)


def check_key(sign_id: str, stream: str, seq: int) -> None:
    """Refused unless this signature key was good for batch ``seq``. A new epoch must be signed with a key of today."""
    key = PeerKey.objects.get(key_id=sign_id)
    if key.state == State.REVOKED:
        raise Refused("key_revoked", f"密钥 {sign_id}")
    current = Stream.objects.filter(direction=Stream.Direction.IN, current=True).first()
    if current and str(current.epoch) != stream:
        if key.valid_to_seq is not None:
            raise Refused("key_not_valid", f"批次 {seq}")
        return
    if seq < key.valid_from_seq or (key.valid_to_seq is not None and seq > key.valid_to_seq):
        raise Refused("key_not_valid", f"批次 {seq}")


def adopt(peer: Peer, card: Card, *, after: int) -> None:
    """Use the keys of this card for batches after number ``after``, and the ones before them no longer."""
    fresh = {PeerKey.Use.SIGN: (card.sign_id, card.sign), PeerKey.Use.SEAL: (card.seal_id, card.seal)}
    if peer.keys.filter(state=State.REVOKED, public__in=[card.sign, card.seal]).exists():
        raise EnrolmentRefused("其中有已吊销的密钥，没有使用。请让对端重新生成密钥。")
    if peer.root != (card.root or ""):  # another root counts its trust files from the beginning
        peer.root, peer.trust_version, peer.trust_digest = card.root or "", 0, ""
    peer.fingerprint, peer.suite = card.fingerprint, card.suite
    peer.save(update_fields=["fingerprint", "suite", "root", "trust_version", "trust_digest"])
    old = peer.keys.filter(state=State.ACTIVE).exclude(public__in=[card.sign, card.seal])
    old.update(state=State.RETIRED, valid_to_seq=after, ended_at=timezone.now())
    for use, (key_id, public) in fresh.items():
        if not public:
            continue
        present = {"state": State.ACTIVE, "valid_to_seq": None, "ended_at": None}
        fixed = {"peer": peer, "use": use, "suite": card.suite, "public": public, "valid_from_seq": after + 1}
        PeerKey.objects.update_or_create(key_id=key_id, defaults=present, create_defaults=fixed)


def rotate(new: NewKeys, signer: Card, *, after: int) -> None:
    """Switch to the keys that a batch announces; called in the transaction that applies batch number ``after``.

    An announcement by a key that is no longer the present one was overtaken by a trust file or an enrolment.
    """
    peer = Peer.objects.select_for_update().get(side=signer.side)
    replaced = peer.keys.filter(key_id=new.replaces, use=PeerKey.Use.SIGN).first()
    if replaced is None or (replaced.state == State.ACTIVE and new.replaces != signer.sign_id):
        raise Refused("bad_new_keys", f"密钥 {new.replaces}")
    if replaced.state != State.ACTIVE:
        return
    if PeerKey.objects.filter(public__in=[public for public in (new.sign, new.seal) if public]).exists():
        raise Refused("bad_new_keys", "密钥以前用过")
    card = rotation.card(peer_card(), new)
    adopt(peer, card, after=after)
    transaction.on_commit(lambda: keys.remember_peer(settings.HALL_DATA_DIR, card))


def applied() -> int:
    """Number of the last batch applied from the peer."""
    received = Stream.objects.filter(direction=Stream.Direction.IN, current=True).first()
    return received.seq if received else 0


def _check_enrolment(card: Card, fingerprint: str) -> None:
    if card.side == settings.HALL_SIDE:
        raise EnrolmentRefused("这是本端自己的身份文件。请使用对端导出的文件。")
    if card.side != settings.HALL_PEER_SIDE:
        raise EnrolmentRefused(f"身份文件属于 {card.side}，本端的对端应为 {settings.HALL_PEER_SIDE}。")
    suite = keys.suite_of(settings.HALL_DATA_DIR)
    if card.suite != suite:
        raise EnrolmentRefused(
            f"对端的密钥属于套件 {card.suite}，本端的属于 {suite}。两端必须使用同一套件，请先商定，再由一端重新生成密钥。"
        )
    if not fingerprint:
        raise EnrolmentRefused(
            f"文件中的指纹是：{card.fingerprint}\n请打电话给对端管理员，请对方念出 make_keys 显示的指纹；"
            '一致后重新运行，并加上 --fingerprint "指纹"。尚未登记。'
        )
    if not keys.same_fingerprint(fingerprint, card):
        raise EnrolmentRefused(
            f"指纹不一致，没有登记。文件中的指纹是：{card.fingerprint}\n"
            "请与对端管理员重新核对；若仍不一致，文件可能被人调换，请重新导出并报告安全管理员。"
        )
