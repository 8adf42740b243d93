"""Personal data encrypted in the database (GB/T 39786: secrecy at rest): the model fields and the keys they use.

All keys are derived from the site's one field key, one per purpose (HKDF-SHA256): a key used twice is a trap.
"""

import base64
import hashlib
import hmac
import json
import os
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import FieldError
from django.db import models

NONCE_BYTES = 12
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))  # json.dumps makes one anew for each call
VERSION = "v1:"  # names the algorithm, so that another (SM4) can live beside it in one column


class UnreadableError(Exception):
    """A stored value cannot be decrypted: the field key is not the one it was written with, or the row was altered."""


def derive(purpose: str) -> bytes:
    """The 32-byte key of this site for one purpose."""
    return _derive(settings.HALL_FIELD_KEY, purpose)


@lru_cache(maxsize=64)
def _derive(secret: str, purpose: str) -> bytes:
    return HKDF(SHA256(), length=32, salt=None, info=f"yizhan/{purpose}".encode()).derive(secret.encode())


@lru_cache(maxsize=4)
def _cipher(secret: str) -> AESGCM:
    return AESGCM(_derive(secret, "field"))


def encrypt(plain: bytes) -> bytes:
    """AES-256-GCM: nonce followed by ciphertext and tag; two calls with the same text differ."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + _cipher(settings.HALL_FIELD_KEY).encrypt(nonce, plain, None)


def decrypt(sealed: bytes) -> bytes:
    """The text that ``encrypt`` was given; UnreadableError when the key is wrong or a bit was changed."""
    try:
        return _cipher(settings.HALL_FIELD_KEY).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], None)
    except (InvalidTag, ValueError) as error:
        raise UnreadableError(
            "加密字段无法解开：field_key 与写入时的不同，或数据被改动。请从备份恢复 keys 文件夹。"
        ) from error


def keyed_hash(text: str) -> str:
    """HMAC-SHA256 of the text, 64 hex digits: looks a number up without storing or revealing it."""
    return hmac.new(derive("lookup"), text.encode(), hashlib.sha256).hexdigest()


def token_key() -> Ed25519PrivateKey:
    """The key that signs this site's API tokens; each side has its own, as each has its own field key."""
    return Ed25519PrivateKey.from_private_bytes(derive("token"))


def seal(text: str) -> str:
    """The stored form of a text."""
    return VERSION + base64.b64encode(encrypt(text.encode())).decode()


def unseal(stored: str) -> str:
    """The text of a stored form; UnreadableError when the key does not fit."""
    return decrypt(base64.b64decode(stored.removeprefix(VERSION))).decode()


class EncryptedTextField(models.TextField):
    """Text encrypted with the site's field key. Empty text stays empty. It cannot be searched: see ``keyed_hash``."""

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return seal(value) if value else value

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Any:
        return unseal(value) if value else value

    def get_lookup(self, lookup_name: str) -> Any:
        # Equal texts have different ciphertexts: a filter would silently find nothing.
        if lookup_name != "isnull":
            raise FieldError(f"{self.name} is encrypted and cannot be searched; filter by its keyed hash instead")
        return super().get_lookup(lookup_name)


class EncryptedJSONField(EncryptedTextField):
    """A JSON value encrypted as a whole."""

    # For mypy: not text, as in the class above, but whatever JSON holds.
    _pyi_private_set_type: Any
    _pyi_private_get_type: Any

    def get_prep_value(self, value: Any) -> Any:
        return None if value is None else seal(_ENCODER.encode(value))

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Any:
        return json.loads(unseal(value)) if value else None

    def to_python(self, value: Any) -> Any:
        return value

    def value_to_string(self, obj: models.Model) -> Any:
        return self.value_from_object(obj)
