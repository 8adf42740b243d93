"""The keys of this site: present ones, older ones that are still needed, and those that will follow."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from sync import durable, envelope, key_files, revoked, suites
from sync.cards import KEYS
from sync.cards import BadCard as BadCard
from sync.cards import Card as Card
from sync.cards import read_card as read_card
from sync.cards import remember_peer as remember_peer
from sync.cards import remembered_peers as remembered_peers
from sync.cards import revoke_key as revoke_key
from sync.cards import revoked_peers as revoked_peers
from sync.cards import same_fingerprint as same_fingerprint
from sync.key_files import NoKeys as NoKeys
from sync.reasons import CannotProceed
from sync.suites.base import BadKey, SealKey, SignKey

SUITE_FILE = "sync_suite"
SIGN_FILE = "sync_sign.pem"
SEAL_FILE = "sync_seal.pem"
NEXT = {SIGN_FILE: "sync_sign.next.pem", SEAL_FILE: "sync_seal.next.pem"}
ROOT_FILE = "sync_root.pub"


class OtherSuite(CannotProceed):
    """The keys that are there belong to another suite than the one asked for."""


class NoAgreement(CannotProceed):
    """The encryption key of this site cannot derive a common key with the peer."""


@dataclass(frozen=True, slots=True)
class NewPair:
    """Keys that are made and will follow the present ones."""

    signer: SignKey
    opener: SealKey | None


@dataclass(frozen=True, slots=True)
class SiteKeys:
    """The private keys of this site, each behind its four calls. Callers may sign, unwrap and show the card.

    Older keys are there as long as batches signed by or sealed to them may still have to be made or opened.
    """

    card: Card
    signer: SignKey
    opener: SealKey | None
    older_signers: tuple[SignKey, ...] = ()
    older_openers: tuple[SealKey, ...] = ()
    following: NewPair | None = None
    revoked: tuple[str, ...] = ()

    def sign(self, context: bytes, message: bytes) -> bytes:
        """``key id ‖ signature`` over ``context ‖ message``."""
        return bytes.fromhex(self.signer.id()) + self.signer.sign(context + message)

    def unwrap(self, key_id: str, wrapped: bytes, info: bytes) -> bytes:
        """The content key wrapped for this key of the site and this ``info``; envelope.CannotDecrypt otherwise."""
        for key in self._openers():
            if key.id() == key_id:
                return key.unwrap(wrapped, info)
        raise envelope.CannotDecrypt("no such key")

    def opens(self, key_id: str) -> bool:
        """Whether batches sealed to this key can be opened here."""
        return any(key.id() == key_id for key in self._openers())

    def signs(self, key_id: str) -> bool:
        """Whether this is a signature key of this site, present, older or revoked."""
        following = (self.following.signer,) if self.following else ()
        present = any(key.id() == key_id for key in (self.signer, *following, *self.older_signers))
        return present or key_id in self.revoked

    def signing_as(self, key_id: str) -> "SiteKeys":
        """This site with an older signature key, for the files of batches that were sealed in its time."""
        for key in self.older_signers:
            if key.id() == key_id:
                return replace(self, signer=key, card=self.card.model_copy(update={"sign": key.public().hex()}))
        return self

    def _openers(self) -> tuple[SealKey, ...]:
        following = self.following.opener if self.following else None
        return tuple(key for key in (self.opener, following) if key) + self.older_openers

    def agree(self, other: bytes, info: bytes) -> bytes:
        """A key of 32 bytes that only this site and the owner of the public encryption key ``other`` can derive.

        NoAgreement when this site's key cannot do that: another suite, or hardware with the four calls only.
        """
        agree = getattr(self.opener, "agree", None)
        if agree is None:
            raise NoAgreement(
                "本站点的加密密钥算不出与对端共用的密钥，验证不了这种短回执。请对端用 receipt_line --signed 重新打印。"
            )
        key: bytes = agree(other, info)
        return key


def folder(data_dir: Path) -> Path:
    """Where the keys of a site are."""
    return data_dir / KEYS


def suite_of(data_dir: Path) -> str:
    """The suite that this site's keys are made for; ``intl`` when nothing is written down."""
    noted = folder(data_dir) / SUITE_FILE
    written = key_files.content(noted)
    name = suites.INTL if written is None else written.decode(errors="replace").strip()
    if name not in suites.NAMES:
        raise NoKeys(f"{noted} 中的密码套件 {name} 不存在。请从备份恢复 keys 文件夹。")
    return name


def create(data_dir: Path, side: str, suite: str = "", passphrase: str = "") -> bool:
    """Make the missing key files; False when all were there. A key that exists is never overwritten."""
    target = folder(data_dir)
    durable.make_folder(target, mode=0o700)
    if not (target / SUITE_FILE).exists() and not (target / SIGN_FILE).exists():
        with durable.part_file(target / SUITE_FILE) as handle:
            handle.write((suite or suites.INTL).encode() + b"\n")
    present = suites.named(suite_of(data_dir))
    if suite and suite != present.name:
        raise OtherSuite(f"本站点的密钥属于套件 {present.name}，不是 {suite}，没有改动。")
    makers = {SIGN_FILE: present.new_sign_key} | ({SEAL_FILE: present.new_seal_key} if present.seal_size else {})
    fresh = {name: make for name, make in makers.items() if not (target / name).exists()}
    for name, make in fresh.items():
        key_files.write(target / name, make(), passphrase)
    load(data_dir, side, passphrase)
    return bool(fresh)


def load(data_dir: Path, side: str, passphrase: str = "") -> SiteKeys:
    """The keys of this site; NoKeys with the sentence for the operator when there are none."""
    place, suite = folder(data_dir), suites.named(suite_of(data_dir))

    def sign_key(path: Path) -> SignKey:
        return suite.sign_key(key_files.read(path, passphrase))

    def seal_key(path: Path) -> SealKey:
        return _of_any_suite(suite, key_files.read(path, passphrase))

    try:
        signer = sign_key(place / SIGN_FILE)
        opener = suite.seal_key(key_files.read(place / SEAL_FILE, passphrase)) if suite.seal_size else None
        following = None
        if (place / NEXT[SIGN_FILE]).exists():
            # While the files change places the encryption key is moved first: then the next one is the present one.
            next_seal = place / NEXT[SEAL_FILE]
            following = NewPair(
                sign_key(place / NEXT[SIGN_FILE]), seal_key(next_seal) if next_seal.exists() else opener
            )
        older_signers = tuple(_older(place / SIGN_FILE, sign_key, signer.id()))
        older_openers = tuple(_older(place / SEAL_FILE, seal_key, opener.id() if opener else ""))
    except BadKey as error:
        raise NoKeys(f"{place} 中的批次密钥已损坏，或类型不符。请从备份恢复 keys 文件夹。") from error
    card = Card(
        side=side,
        suite=suite.name,
        sign=signer.public().hex(),
        seal=opener.public().hex() if opener else "",
        root=root.read_text().strip() if (root := place / ROOT_FILE).is_file() else None,
    )
    return SiteKeys(card, signer, opener, older_signers, older_openers, following, revoked.sign_ids(place))


Key = TypeVar("Key", SignKey, SealKey)


def _older(present: Path, read: Callable[[Path], Key], present_id: str) -> Iterator[Key]:
    """Keys kept under their ids, without the present one: it has two names for a moment while it is replaced."""
    for path in sorted(present.parent.glob(f"{present.stem}.{'[0-9a-f]' * 16}.pem")):
        key = read(path)
        if key.id() != present_id:
            yield key


def _of_any_suite(present: suites.Suite, pem: bytes) -> SealKey:
    """An encryption key, also from before this site changed its suite: batches for it may still be on their way."""
    for suite in (present, *map(suites.named, suites.NAMES)):
        try:
            return suite.seal_key(pem)
        except BadKey:
            continue
    raise BadKey("no readable key")
