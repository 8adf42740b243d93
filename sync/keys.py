"""The keys of this site, and the public identity cards that sites exchange."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from sync import canonical, durable, envelope, key_files, suites
from sync.key_files import NoKeys as NoKeys
from sync.reasons import CannotProceed
from sync.suites.base import BadKey, SealKey, SignKey

SUITE_FILE = "sync_suite"
SIGN_FILE = "sync_sign.pem"
SEAL_FILE = "sync_seal.pem"
PEERS = "peers"
LARGEST_CARD = 4096


class BadCard(CannotProceed):
    """An identity card that is none. The text says what is wrong."""


class OtherSuite(CannotProceed):
    """The keys that are there belong to another suite than the one asked for."""


Hex = Annotated[str, Field(pattern=r"\A([0-9a-f]{2})*\z", max_length=256)]


class Card(BaseModel):
    """Public identity of a site, carried to the other side once and compared by its fingerprint."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    format: Literal["zwfw-sync-card/1"] = "zwfw-sync-card/1"
    side: Annotated[str, Field(pattern=r"\A[a-z]{1,16}\z")]
    suite: str = suites.INTL
    sign: Hex
    seal: Hex
    root: Hex | None = None

    @model_validator(mode="after")
    def _keys_of_the_suite(self) -> Self:
        if self.suite not in suites.NAMES:
            raise ValueError("unknown suite")
        suite = suites.named(self.suite)
        root = self.root if self.root is not None else self.sign
        for public, size in ((self.sign, suite.sign_size), (self.seal, suite.seal_size), (root, suite.sign_size)):
            if len(public) != 2 * size:
                raise ValueError("a key of another length")
            if public:
                _check_public(suite, public)
        return self

    @property
    def fingerprint(self) -> str:
        """Forty digits over all that is on the card; what two operators read to each other."""
        return envelope.fingerprint(canonical.encode(self.as_json()))

    @property
    def sign_id(self) -> str:
        """Name of the signature key."""
        return envelope.key_id(bytes.fromhex(self.sign)).hex()

    @property
    def seal_id(self) -> str:
        """Name of the key that batches for this site are made for; without encryption, its signature key."""
        return envelope.key_id(bytes.fromhex(self.seal or self.sign)).hex()

    def as_json(self) -> dict[str, str]:
        """The card without its fingerprint."""
        return self.model_dump(exclude_none=True)

    def to_bytes(self) -> bytes:
        """The card as a file."""
        return canonical.encode(self.as_json() | {"fingerprint": self.fingerprint}) + b"\n"


def _check_public(suite: suites.Suite, public: str) -> None:
    try:
        suite.check_public(bytes.fromhex(public))
    except BadKey as error:
        raise ValueError(str(error)) from error


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
        """Whether this is a signature key of this site, present or older."""
        return any(key.id() == key_id for key in (self.signer, *self.older_signers))

    def signing_as(self, key_id: str) -> "SiteKeys":
        """This site with an older signature key, for the files of batches that were sealed in its time."""
        for key in self.older_signers:
            if key.id() == key_id:
                return replace(self, signer=key, card=self.card.model_copy(update={"sign": key.public().hex()}))
        return self

    def _openers(self) -> tuple[SealKey, ...]:
        return ((self.opener,) if self.opener else ()) + self.older_openers


def folder(data_dir: Path) -> Path:
    """Where the keys of a site are."""
    return data_dir / "keys"


def suite_of(data_dir: Path) -> str:
    """The suite that this site's keys are made for; ``intl`` when nothing is written down."""
    noted = folder(data_dir) / SUITE_FILE
    name = noted.read_text().strip() if noted.is_file() else suites.INTL
    if name not in suites.NAMES:
        raise NoKeys(f"{noted} 中的密码套件 {name} 不存在。请从备份恢复 keys 文件夹。")
    return name


def create(data_dir: Path, side: str, suite: str = "", passphrase: str = "") -> bool:
    """Make the missing key files; False when all were there. A key that exists is never overwritten."""
    target = folder(data_dir)
    target.mkdir(parents=True, exist_ok=True, mode=0o700)
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
    sign_pem = key_files.read(place / SIGN_FILE, passphrase)
    seal_pem = key_files.read(place / SEAL_FILE, passphrase) if suite.seal_size else b""
    try:
        signer = suite.sign_key(sign_pem)
        opener = suite.seal_key(seal_pem) if suite.seal_size else None
    except BadKey as error:
        raise NoKeys(f"{place} 中的批次密钥已损坏，或类型不符。请从备份恢复 keys 文件夹。") from error
    card = Card(
        side=side,
        suite=suite.name,
        sign=signer.public().hex(),
        seal=opener.public().hex() if opener else "",
    )
    return SiteKeys(card, signer, opener)


def read_card(data: bytes) -> Card:
    """The card in a file; BadCard when it is damaged or its fingerprint does not match its keys."""
    try:
        value = canonical.decode(data.strip()) if len(data) <= LARGEST_CARD else None
        claimed = value.pop("fingerprint") if isinstance(value, dict) else None
        card = Card.model_validate(value)
        if value != card.as_json():
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
