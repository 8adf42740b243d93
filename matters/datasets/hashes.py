"""Finding a record by a number that never leaves the inner side. Pure.

The two sides share no key, so each set has a random one of 32 bytes, carried in its definition and stored encrypted
on both sides. PBKDF2 with that key as salt makes every guess cost two hundred hashes. docs/decisions/0016 says what this
protects and what it does not.
"""

import hashlib

from matters.datasets.values import plain

KEY_BYTES = 32
ROUNDS = 200  # so that 100,000 records are hashed in well under a minute
REF_BYTES = 12
HASH_BYTES = 16


def digest_of(key: bytes, field: str, text: str) -> str:
    """The keyed hash of a value of a field, 32 hex digits: equal for all spellings that ``plain`` makes one."""
    return _hash(key, f"value:{field}:{plain(text)}", ROUNDS, HASH_BYTES)


def ref_of(key: bytes, text: str, *, secret: bool) -> str:
    """The public name of the record with this key value, 24 hex digits: it stays when the set is loaded again."""
    return _hash(key, f"ref:{plain(text)}", ROUNDS if secret else 1, REF_BYTES)


def _hash(key: bytes, text: str, rounds: int, length: int) -> str:
    return hashlib.pbkdf2_hmac("sha256", text.encode(), key, rounds, length).hex()
