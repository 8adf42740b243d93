"""The public identity cards that sites exchange, and those that were enrolled here, kept as files."""

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from sync import canonical, durable, envelope, suites
from sync.reasons import CannotProceed
from sync.suites.base import BadKey

KEYS, PEERS, REVOKED = "keys", "peers", "revoked"
LARGEST_CARD = 4096
_NO_CARD = "这不是站点身份文件，或者文件已损坏。请让对端用 export_key 重新导出。"


class BadCard(CannotProceed):
    """An identity card that is none. The text says what is wrong."""


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


def read_card(data: bytes) -> Card:
    """The card in a file; BadCard when it is damaged or its fingerprint does not match its keys."""
    try:
        value = canonical.decode(data.strip()) if len(data) <= LARGEST_CARD else None
        claimed = value.pop("fingerprint", None) if isinstance(value, dict) else None
        card = Card.model_validate(value)
    except (canonical.NotCanonical, ValidationError) as error:
        raise BadCard(_NO_CARD) from error
    if value != card.as_json():  # a field that has a default was left out, or is null
        raise BadCard(_NO_CARD)
    if claimed != card.fingerprint:
        raise BadCard("身份文件中的指纹与密钥不符，文件已损坏或被改动过。请让对端重新导出。")
    return card


def remember_peer(data_dir: Path, card: Card) -> None:
    """Keep the enrolled peer's card beside the keys and the earlier ones, for verifying batches without a database."""
    with durable.part_file(data_dir / KEYS / PEERS / f"{card.side}-{card.sign_id}.json") as handle:
        handle.write(card.to_bytes())


def remembered_peers(data_dir: Path) -> list[Card]:
    """Cards of the enrolled peers, with present and earlier keys."""
    return [read_card(path.read_bytes()) for path in sorted((data_dir / KEYS / PEERS).glob("*.json"))]


def same_fingerprint(given: str, card: Card) -> bool:
    """Whether the digits a person typed are the card's, however they were grouped."""
    return "".join(letter for letter in given if letter.isdigit()) == card.fingerprint.replace(" ", "")


def revoke_key(data_dir: Path, key_id: str) -> None:
    """Keep the card with this signature key apart: its batches are refused from now on."""
    for path in (data_dir / KEYS / PEERS).glob(f"*-{key_id}.json"):
        durable.move(path, path.parent / REVOKED / path.name)


def revoked_peers(data_dir: Path) -> list[Card]:
    """Cards of the peers whose signature key is revoked."""
    return [read_card(path.read_bytes()) for path in sorted((data_dir / KEYS / PEERS / REVOKED).glob("*.json"))]
