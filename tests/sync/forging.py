"""Batch files that no honest writer makes: damaged bytes, other ZIP tools, and signed nonsense."""

import io
import random
import stat
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

from sync import container, envelope
from tests.sync.peer import Peer

Damage = Callable[[bytes, random.Random], bytes]


def cut(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data))]


def flip(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    changed[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def insert(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data) + 1)
    return data[:at] + chance.randbytes(1) + data[at:]


def lose(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data))
    return data[:at] + data[at + 1 :]


def zero(data: bytes, chance: random.Random) -> bytes:
    """A sector of 512 bytes that the disk gives back empty."""
    at = chance.randrange(0, len(data), 512)
    length = len(data[at : at + 512])
    return data[:at] + bytes(length) + data[at + length :]


def swap(data: bytes, chance: random.Random) -> bytes:
    """Two sectors in each other's place."""
    one, two = sorted(chance.sample(range(len(data) // 512), 2))
    sectors = [data[at : at + 512] for at in range(0, len(data), 512)]
    sectors[one], sectors[two] = sectors[two], sectors[one]
    return b"".join(sectors)


DAMAGES: dict[str, Damage] = {one.__name__: one for one in (cut, flip, insert, lose, zero, swap)}


def rezipped(good: Path, trick: str) -> bytes:
    """The members of a good file packed by an ordinary tool that plays a trick."""
    packed = io.BytesIO()
    method = zipfile.ZIP_DEFLATED if trick in ("deflate", "bomb") else zipfile.ZIP_STORED
    with zipfile.ZipFile(good) as source, zipfile.ZipFile(packed, "w", method) as out, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of duplicate names
        for name in source.namelist():
            data = source.read(name)
            if trick == "bomb" and name == "data.bin":
                data = bytes(300 * 1024 * 1024)
            out.writestr(_member(trick, name), data)
        if trick == "duplicate":
            out.writestr("data.bin", b"x")
        for number in range(65_536 if trick == "65536 members" else 0):
            out.writestr(f"{number}", b"")
        if trick == "comment":
            out.comment = b"hidden"
    data = packed.getvalue()
    if trick == "header mismatch":  # the name in the local header is not the one in the directory
        data = data.replace(b"data.bin", b"evil.bin", 1)
    return data


TRICKS = ("same", "deflate", "bomb", "duplicate", "escape", "absolute", "symlink", "65536 members", "comment")
TRICKS += ("header mismatch",)


def _member(trick: str, name: str) -> zipfile.ZipInfo:
    names = {"escape": "../../" + name, "absolute": "/etc/" + name}
    info = zipfile.ZipInfo(names.get(trick, name))
    info.compress_type = zipfile.ZIP_DEFLATED if trick in ("deflate", "bomb") else zipfile.ZIP_STORED
    if trick == "symlink":
        info.create_system, info.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    return info


def signed(good: Path, sender: Peer, **replaced: bytes) -> bytes:
    """``good`` with other bytes as ``volume`` or ``batch``, truly signed by the sender: only the reader can object."""
    contexts = {"volume": envelope.VOLUME_CONTEXT, "batch": envelope.BATCH_CONTEXT}
    packed = io.BytesIO()
    with zipfile.ZipFile(good) as source:
        members = {name: source.read(name) for name in source.namelist()}
        for name, raw in replaced.items():
            members[f"{name}.json"] = raw
            members[f"{name}.sig"] = sender.keys.sign(contexts[name], raw)
    writer = container.Writer(packed)
    for name, raw in members.items():
        writer.add(name, [raw])
    writer.close()
    return packed.getvalue()


def member(good: Path, name: str) -> bytes:
    """One member of a good file."""
    with zipfile.ZipFile(good) as archive:
        return archive.read(name)


# What a JSON text may hide; each takes the canonical bytes of an object.
JSON_TRICKS: dict[str, Callable[[bytes], bytes]] = {
    "duplicate key": lambda raw: b'{"format":"evil",' + raw[1:],
    "NaN": lambda raw: b'{"a":NaN,' + raw[1:],
    "infinity": lambda raw: b'{"a":1e999,' + raw[1:],
    "fraction": lambda raw: b'{"a":1.0,' + raw[1:],
    "huge number": lambda raw: b'{"a":' + b"9" * 5000 + b"," + raw[1:],
    "beyond 2^53": lambda raw: b'{"a":9007199254740992,' + raw[1:],
    "deep": lambda raw: b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"," + raw[1:],
    "lone surrogate": lambda raw: rb'{"a":"\ud800",' + raw[1:],
    "needless escape": lambda raw: raw.replace(b'"format"', rb'"\u0066ormat"').replace(b'"rseq"', rb'"\u0072seq"'),
    "space": lambda raw: raw.replace(b":", b": ", 1),
    "mark of order": lambda raw: b"\xef\xbb\xbf" + raw,
    "no UTF-8": lambda raw: b'{"a":"\xff",' + raw[1:],
    "list": lambda raw: b"[" + raw + b"]",
    "unknown field": lambda raw: raw[:-1] + b',"zzz":1}',
    "nothing": lambda raw: b"",
    "two texts": lambda raw: raw + raw,
}
