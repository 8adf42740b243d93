"""The other site: enrolled once by fingerprint, then the only one whose batches are opened."""

from django.conf import settings
from django.db import transaction

from sync import keys
from sync.keys import Card
from sync.models import Peer, PeerKey, Stream
from sync.reasons import CannotProceed, Refused


class NotEnrolled(CannotProceed):
    """There is no peer yet."""


class EnrolmentRefused(CannotProceed):
    """The card must not be enrolled; the text says why."""


def site_keys() -> keys.SiteKeys:
    """The private keys of this site; keys.NoKeys when there are none."""
    return keys.load(settings.HALL_DATA_DIR, settings.HALL_SIDE)


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
            peer = _write(peer, card)
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
    present = dict(peer.keys.filter(valid_to_seq=None).values_list("use", "public"))
    return Card(side=peer.side, sign=present[PeerKey.Use.SIGN], seal=present[PeerKey.Use.SEAL])


def signers() -> list[Card]:
    """A card for each signature key the peer ever had, the present one first; NotEnrolled when there is no peer."""
    present = peer_card()
    old = PeerKey.objects.filter(peer__side=present.side, use=PeerKey.Use.SIGN).exclude(public=present.sign)
    return [present] + [present.model_copy(update={"sign": key.public}) for key in old]


def check_key(sign_id: str, stream: str, seq: int) -> None:
    """Refused unless this signature key was good for batch ``seq``. A new epoch must be signed with a key of today."""
    key = PeerKey.objects.get(key_id=sign_id)
    current = Stream.objects.filter(direction=Stream.Direction.IN, current=True).first()
    if current and str(current.epoch) != stream:
        if key.valid_to_seq is not None:
            raise Refused("key_not_valid", f"批次 {seq}")
        return
    if seq < key.valid_from_seq or (key.valid_to_seq is not None and seq > key.valid_to_seq):
        raise Refused("key_not_valid", f"批次 {seq}")


def _check_enrolment(card: Card, fingerprint: str) -> None:
    if card.side == settings.HALL_SIDE:
        raise EnrolmentRefused("这是本端自己的身份文件。请使用对端导出的文件。")
    if card.side != settings.HALL_PEER_SIDE:
        raise EnrolmentRefused(f"身份文件属于 {card.side}，本端的对端应为 {settings.HALL_PEER_SIDE}。")
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


def _write(peer: Peer | None, card: Card) -> Peer:
    received = Stream.objects.filter(direction=Stream.Direction.IN, current=True).first()
    applied = received.seq if received else 0
    if peer is None:
        peer = Peer.objects.create(side=card.side, suite=card.suite, fingerprint=card.fingerprint)
    else:
        peer.fingerprint, peer.suite = card.fingerprint, card.suite
        peer.save(update_fields=["fingerprint", "suite"])
        peer.keys.filter(valid_to_seq=None).exclude(public__in=[card.sign, card.seal]).update(valid_to_seq=applied)
    for use, key_id, public in (
        (PeerKey.Use.SIGN, card.sign_id, card.sign),
        (PeerKey.Use.SEAL, card.seal_id, card.seal),
    ):
        PeerKey.objects.update_or_create(
            key_id=key_id,
            defaults={"peer": peer, "use": use, "public": public, "valid_to_seq": None},
            create_defaults={"peer": peer, "use": use, "public": public, "valid_from_seq": applied + 1},
        )
    return peer
