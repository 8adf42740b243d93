"""The keys of this site as files (PEM, mode 0600) and the public identity cards that sites exchange."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sync import canonical, durable, envelope
from sync.reasons import CannotProceed

SIGN_FILE = "sync_sign.pem"
SEAL_FILE = "sync_seal.pem"
PEERS = "peers"
LARGEST_CARD = 4096


class NoKeys(CannotProceed):
    """This site has no batch keys, or they cannot be read. The text says what to do."""


class BadCard(CannotProceed):
    """An identity card that is none. The text says what is wrong."""


Hex32 = Annotated[str, Field(pattern=r"\A[0-9a-f]{64}\z")]


class Card(BaseModel):
    """Public identity of a site, carried to the other side once and compared by its fingerprint."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    format: Literal["zwfw-sync-card/1"] = "zwfw-sync-card/1"
    side: Annotated[str, Field(pattern=r"\A[a-z]{1,16}\z")]
    suite: Literal["intl"] = "intl"
    sign: Hex32
    seal: Hex32

    @property
    def fingerprint(self) -> str:
        """Forty digits over name and both keys; what two operators read to each other."""
        return envelope.fingerprint(self.side.encode(), bytes.fromhex(self.sign), bytes.fromhex(self.seal))

    @property
    def sign_id(self) -> str:
        """Name of the signature key."""
        return envelope.key_id(bytes.fromhex(self.sign)).hex()

    @property
    def seal_id(self) -> str:
        """Name of the encryption key."""
        return envelope.key_id(bytes.fromhex(self.seal)).hex()

    def to_bytes(self) -> bytes:
        """The card as a file."""
        return canonical.encode(self.model_dump() | {"fingerprint": self.fingerprint}) + b"\n"


@dataclass(frozen=True, slots=True)
class SiteKeys:
    """The private keys of this site. Callers may sign, unwrap and show the card, never see a key."""

    card: Card
    _sign: Ed25519PrivateKey
    _seal: X25519PrivateKey

    def sign(self, context: bytes, message: bytes) -> bytes:
        """``key id ‖ signature`` over ``context ‖ message``."""
        return bytes.fromhex(self.card.sign_id) + self._sign.sign(context + message)

    def unwrap(self, wrapped: bytes, info: bytes) -> bytes:
        """The content key wrapped for this site and this ``info``; envelope.CannotDecrypt otherwise."""
        try:
            return bytes(envelope.HPKE_SUITE.decrypt(wrapped, self._seal, info))
        except InvalidTag as error:
            raise envelope.CannotDecrypt("content key") from error

    def agree(self, other: bytes, info: bytes) -> bytes:
        """A key of 32 bytes that only this site and the owner of the public encryption key ``other`` can derive."""
        shared = self._seal.exchange(X25519PublicKey.from_public_bytes(other))
        return HKDF(SHA256(), 32, salt=None, info=info).derive(shared)


def folder(data_dir: Path) -> Path:
    """Where the keys of a site are."""
    return data_dir / "keys"


def create(data_dir: Path, side: str) -> bool:
    """Make the missing key files; False when both were there. A key that exists is never overwritten."""
    target = folder(data_dir)
    target.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh: dict[str, Ed25519PrivateKey | X25519PrivateKey] = {}
    for name, make in ((SIGN_FILE, Ed25519PrivateKey.generate), (SEAL_FILE, X25519PrivateKey.generate)):
        if not (target / name).exists():
            fresh[name] = make()
    for name, key in fresh.items():
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        with durable.part_file(target / name, mode=0o600) as handle:
            handle.write(pem)
    load(data_dir, side)
    return bool(fresh)


def load(data_dir: Path, side: str) -> SiteKeys:
    """The keys of this site; NoKeys with the sentence for the operator when there are none."""
    sign = _load(folder(data_dir) / SIGN_FILE)
    seal = _load(folder(data_dir) / SEAL_FILE)
    if not isinstance(sign, Ed25519PrivateKey) or not isinstance(seal, X25519PrivateKey):
        raise NoKeys(f"{folder(data_dir)} 中的批次密钥类型不符。请从备份恢复 keys 文件夹。")
    card = Card(
        side=side, sign=sign.public_key().public_bytes_raw().hex(), seal=seal.public_key().public_bytes_raw().hex()
    )
    return SiteKeys(card, sign, seal)


def read_card(data: bytes) -> Card:
    """The card in a file; BadCard when it is damaged or its fingerprint does not match its keys."""
    try:
        value = canonical.decode(data.strip()) if len(data) <= LARGEST_CARD else None
        claimed = value.pop("fingerprint") if isinstance(value, dict) else None
        card = Card.model_validate(value)
        if value != card.model_dump():
            raise KeyError("a field was left out")
    except (canonical.NotCanonical, ValidationError, KeyError) as error:
        raise BadCard("这不是站点身份文件，或者文件已损坏。请让对端用 export_key 重新导出。") from error
    if claimed != card.fingerprint:
        raise BadCard("身份文件中的指纹与密钥不符，文件已损坏或被改动过。请让对端重新导出。")
    return card


def remember_peer(data_dir: Path, card: Card) -> None:
    """Keep the enrolled peer's card beside the keys, for verifying batches without a database."""
    with durable.part_file(folder(data_dir) / PEERS / f"{card.side}.json") as handle:
        handle.write(card.to_bytes())


def remembered_peers(data_dir: Path) -> list[Card]:
    """Cards of the enrolled peers."""
    return [read_card(path.read_bytes()) for path in sorted((folder(data_dir) / PEERS).glob("*.json"))]


def same_fingerprint(given: str, card: Card) -> bool:
    """Whether the digits a person typed are the card's, however they were grouped."""
    return "".join(letter for letter in given if letter.isdigit()) == card.fingerprint.replace(" ", "")


def _load(path: Path) -> object:
    if not path.is_file():
        raise NoKeys(
            f"找不到本站点的批次密钥 {path}。首次部署请运行：manage.py make_keys；"
            "如果这里曾经运行过，请从备份恢复 keys 文件夹，不要重新生成。"
        )
    try:
        return load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError, PermissionError) as error:
        raise NoKeys(f"无法读取批次密钥 {path}。文件已损坏或没有读取权限，请从备份恢复 keys 文件夹。") from error
