"""The own keys that this site has taken back: a file beside the keys, because a restored database must not forget them."""

from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError

from sync import canonical, durable, envelope, key_files
from sync.manifest import Strict
from sync.trust import MOST_REVOKED, SIGN, RevokedKey

FILE = "sync_revoked.json"


class _Listed(Strict):
    revoked: Annotated[list[RevokedKey], Field(max_length=MOST_REVOKED)]


def read(place: Path) -> list[RevokedKey]:
    """The keys taken back, the oldest first; NoKeys for a damaged file."""
    path = place / FILE
    if not path.is_file():
        return []
    try:
        return _Listed.model_validate(canonical.decode(path.read_bytes().strip())).revoked
    except (canonical.NotCanonical, ValidationError) as error:
        raise key_files.NoKeys(f"{path}（已吊销的密钥）已损坏。请从备份恢复 keys 文件夹。") from error


def add(place: Path, fresh: list[RevokedKey]) -> None:
    """Take keys back; one that was taken back before keeps its first entry."""
    known = read(place)
    names = {key.public for key in known}
    whole = _Listed(revoked=[*known, *(key for key in fresh if key.public not in names)])
    with durable.part_file(place / FILE, mode=0o600) as handle:
        handle.write(canonical.encode(whole.model_dump()) + b"\n")


def sign_ids(place: Path) -> tuple[str, ...]:
    """Names of the signature keys taken back."""
    return tuple(key_id(key) for key in read(place) if key.use == SIGN)


def key_id(key: RevokedKey) -> str:
    """Name of a key taken back."""
    return envelope.key_id(bytes.fromhex(key.public)).hex()
