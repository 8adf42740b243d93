"""What anybody can do to a volume without a key: it is read only when the directory describes every byte of it."""

import io
import struct
import zlib

import pytest

from sync import container
from sync.container import Member
from sync.reasons import Refused

CONTENT = {name: name.encode() * 10 for name in container.MEMBERS}
END = 56 + 20 + 22  # what follows the entries of the directory
LENGTH = 40 - END  # where it says how long they are


def packed(names: tuple[str, ...] = container.MEMBERS, before: bytes = b"", after: bytes = b"") -> bytes:
    """These members, with bytes that no list names before the content of each, or after all of them."""
    data, listed = b"", []
    for name in names:
        content = CONTENT[name]
        member = Member(name, len(content), zlib.crc32(content), len(data) + len(before))
        data += container._local_header(member) + before + content
        listed.append(member)
    return data + after + container._directory(listed, len(data + after))


def claiming(size: int) -> bytes:
    """The first member is said to have this size, and the next one to follow it, as far as 64 bits say so."""
    first = Member(container.MEMBERS[0], size, 0, 0)
    rest = [Member(name, 0, 0, first.end % 2**64) for name in container.MEMBERS[1:]]
    header = container._local_header(first)
    return header + container._directory([first, *rest], len(header))


def refused(data: bytes) -> str:
    with pytest.raises(Refused) as refusal:
        container.Reader(io.BytesIO(data))
    return refusal.value.code


def test_good_one() -> None:
    reader = container.Reader(io.BytesIO(packed()))
    assert {name: reader.small(name) for name in CONTENT} == CONTENT


@pytest.mark.parametrize("data", [packed(before=b"some names"), packed(after=b"some names")], ids=["before", "after"])
def test_bytes_that_no_list_names(data: bytes) -> None:
    """Signatures cover the members only: whoever carries the file could smuggle something across in the gaps."""
    assert refused(data) == "zip_structure"


def test_a_header_that_says_something_else_than_the_directory() -> None:
    """One tool would show ``evil.bin``, another one ``data.bin``."""
    assert refused(packed().replace(b"data.bin", b"evil.bin", 1)) == "zip_structure"


@pytest.mark.parametrize(
    "names",
    [(), container.MEMBERS[:1], container.MEMBERS[:4], container.MEMBERS[::-1], (*container.MEMBERS, "data.bin")],
)
def test_other_members(names: tuple[str, ...]) -> None:
    assert refused(packed(names) if names else b"PK\x03\x04" + packed(names)) == "zip_structure"


@pytest.mark.parametrize("size", [2**64 - 1, 2**64 - 100, 2**63, 2**40])
def test_a_member_longer_than_any_disk(size: int) -> None:
    """One file in the folder of a gate would end every round of the courier with an error that it does not expect."""
    assert refused(claiming(size)) == "zip_structure"


def test_a_directory_that_says_that_a_member_lies_elsewhere() -> None:
    """Another tool would look for it there, and find what nobody has signed."""
    data = bytearray(packed())
    data[len(data) - END - 8] ^= 1
    assert refused(bytes(data)) == "zip_structure"


def test_a_directory_with_a_name_that_is_no_text() -> None:
    data = bytearray(packed())
    data[data.rindex(b"data.bin")] = 0xFF
    assert refused(bytes(data)) == "zip_structure"


def test_something_else() -> None:
    assert refused(b"%PDF-1.7" + packed()) == "not_a_batch"


@pytest.mark.parametrize("length", [4097, 4000, 2**64 - 1])
def test_a_directory_longer_than_the_file(length: int) -> None:
    data = bytearray(packed())
    struct.pack_into("<Q", data, len(data) + LENGTH, length)
    assert refused(bytes(data)) == "zip_structure"
