"""``data.bin`` of a suite that seals: a header with the wrapped content key, then chunks that know their place."""

import struct
from collections.abc import Iterable, Iterator
from typing import Protocol

from sync.envelope import KEY_ID, CannotDecrypt, key_id

CHUNK = 1024 * 1024
TAG = 16
HEAD = struct.Struct(f">B{KEY_ID}sH")
LARGEST_COUNTER = 2**32 - 1


class Aead(Protocol):
    """An authenticating cipher under one content key."""

    def seal(self, nonce: bytes, plain: bytes) -> bytes:
        """Ciphertext with its tag at the end."""

    def unseal(self, nonce: bytes, sealed: bytes) -> bytes:
        """The plaintext; CannotDecrypt when anything differs."""


def write(pieces: Iterable[bytes], recipient: bytes, wrapped: bytes, aead: Aead) -> Iterator[bytes]:
    """One recipient with the wrapped key, then the pieces as a stream of sealed 1 MiB chunks."""
    yield HEAD.pack(1, key_id(recipient), len(wrapped)) + wrapped
    for counter, (chunk, last) in enumerate(_chunks(pieces)):
        yield aead.seal(nonce_of(counter, last), chunk)


def read_wrapped(header: bytes, length: int) -> tuple[bytes, bytes]:
    """(recipient key id, wrapped key of ``length``) from the header; CannotDecrypt when malformed."""
    if len(header) != HEAD.size + length:
        raise CannotDecrypt("header is cut")
    count, recipient, claimed = HEAD.unpack_from(header)
    if count != 1 or claimed != length:
        raise CannotDecrypt("unexpected recipients")
    return recipient, header[HEAD.size :]


def read(chunks: Iterable[tuple[bytes, bool]], aead: Aead) -> Iterator[bytes]:
    """Plaintext of ``(sealed chunk, is the last one)``; CannotDecrypt as soon as one does not fit its place."""
    for counter, (sealed, last) in enumerate(chunks):
        try:
            plain = aead.unseal(nonce_of(counter, last), sealed)
        except CannotDecrypt as error:
            raise CannotDecrypt(f"chunk {counter}") from error
        if (len(plain) != CHUNK and not last) or (not plain and counter):
            raise CannotDecrypt(f"chunk {counter} has a wrong length")
        yield plain


def nonce_of(counter: int, last: bool) -> bytes:
    """The nonce of a chunk says its place, and whether it is the last: chunks cannot be moved, cut off or added."""
    if counter > LARGEST_COUNTER:
        raise OverflowError("too many chunks for one key")
    return bytes(7) + struct.pack(">IB", counter, last)


def _chunks(pieces: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Regroup pieces into chunks of exactly 1 MiB; only the last one is shorter, and it is empty only when alone."""
    parts: list[memoryview] = []  # views, joined once a chunk: every further copy costs as much as the cipher
    length = 0
    for piece in pieces:
        view = memoryview(piece)
        while length + len(view) > CHUNK:
            wanted = CHUNK - length
            yield b"".join([*parts, view[:wanted]]), False
            view, parts, length = view[wanted:], [], 0
        parts.append(view)
        length += len(view)
    yield b"".join(parts), True
