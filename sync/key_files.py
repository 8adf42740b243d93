"""Secret keys as files: PEM, mode 0600, and with a passphrase if the site has one.

The passphrase protects the whole PEM in the same way for every suite (scrypt, AES-256-GCM): the library's own PKCS #8
encryption knows no SM2 keys, and one way is easier to check than two.
"""

import base64
import os
import textwrap
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from sync import durable
from sync.reasons import CannotProceed

PASSPHRASE = "HALL_KEY_PASSPHRASE"  # noqa: S105 - the name of a variable
BEGIN, END = b"-----BEGIN ZWFW ENCRYPTED KEY-----\n", b"-----END ZWFW ENCRYPTED KEY-----\n"
_SALT, _NONCE = 16, 12
_CONTEXT = b"ZWFW-sync-key-file-v1"


class Unreadable(Exception):
    """The passphrase is wrong, or the file is damaged: nobody can tell these two apart."""


class NoKeys(CannotProceed):
    """This site has no batch keys, or they cannot be read. The text says what to do."""


def passphrase_from(env: Mapping[str, str]) -> str:
    """``HALL_KEY_PASSPHRASE``, or the first line of the file named in ``HALL_KEY_PASSPHRASE_FILE``; "" for none."""
    place = env.get(f"{PASSPHRASE}_FILE", "")
    if not place:
        return env.get(PASSPHRASE, "")
    try:
        lines = Path(place).read_text().splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise NoKeys(f"无法读取口令文件 {place}（{PASSPHRASE}_FILE）。请检查路径和权限。") from error
    if not lines or not lines[0]:
        raise NoKeys(f"口令文件 {place}（{PASSPHRASE}_FILE）的第一行是空的。")
    return lines[0]


def write(path: Path, pem: bytes, passphrase: str) -> None:
    """A new key file, readable by this account alone."""
    with durable.part_file(path, mode=0o600) as handle:
        handle.write(protect(pem, passphrase) if passphrase else pem)


def read(path: Path, passphrase: str) -> bytes:
    """The PEM in a key file; NoKeys with the sentence for the operator."""
    data = content(path)
    if data is None:
        raise NoKeys(
            f"找不到本站点的批次密钥 {path}。首次部署请运行：manage.py make_keys；"
            "如果这里曾经运行过，请从备份恢复 keys 文件夹，不要重新生成。"
        )
    return _unprotect(path, data, passphrase) if data.startswith(BEGIN) else data


def content(path: Path) -> bytes | None:
    """What is in a file of the key folder, None when it is not there; NoKeys when this account may not look."""
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None
    except PermissionError as error:
        raise NoKeys(f"没有权限读取批次密钥 {path}。请检查文件的所有者和权限。") from error


def protect(pem: bytes, passphrase: str) -> bytes:
    """The PEM as it is kept under a passphrase."""
    salt, nonce = os.urandom(_SALT), os.urandom(_NONCE)
    sealed = salt + nonce + _cipher(passphrase, salt).encrypt(nonce, pem, _CONTEXT)
    return BEGIN + "\n".join(textwrap.wrap(base64.b64encode(sealed).decode(), 64)).encode() + b"\n" + END


def _unprotect(path: Path, data: bytes, passphrase: str) -> bytes:
    if not passphrase:
        raise NoKeys(f"批次密钥 {path} 有口令保护。请设置环境变量 {PASSPHRASE} 或 {PASSPHRASE}_FILE 后重试。")
    try:
        return unprotect(data, passphrase)
    except Unreadable as error:
        raise NoKeys(f"批次密钥 {path} 的口令不对，或者文件已损坏。请核对口令；仍打不开时从备份恢复。") from error


def unprotect(data: bytes, passphrase: str) -> bytes:
    """The PEM again; Unreadable when it does not open."""
    try:
        sealed = base64.b64decode(b"".join(data.removeprefix(BEGIN).removesuffix(END).split()), validate=True)
        salt, nonce, rest = sealed[:_SALT], sealed[_SALT : _SALT + _NONCE], sealed[_SALT + _NONCE :]
        return _cipher(passphrase, salt).decrypt(nonce, rest, _CONTEXT)
    except (InvalidTag, ValueError) as error:
        raise Unreadable from error


@lru_cache(maxsize=16)
def _cipher(passphrase: str, salt: bytes) -> AESGCM:
    """Slow on purpose; the courier asks every few seconds, so that the result is kept as long as the process lives."""
    return AESGCM(Scrypt(salt=salt, length=32, n=2**15, r=8, p=1).derive(passphrase.encode()))
