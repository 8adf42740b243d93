"""Files as people hand them in: right ones, damaged ones, disguised ones."""

import io
import struct
import zipfile
import zlib

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from applications import uploads
from applications.models import Application, Material


def pdf(text: str = "", password: str = "") -> bytes:
    """A PDF of one page; another ``text`` makes other bytes, ``password`` is asked on opening."""
    out, made = io.BytesIO(), pikepdf.new()
    made.add_blank_page()
    made.docinfo["/Title"] = text
    lock = pikepdf.Encryption(owner="o", user=password) if password else False
    made.save(out, encryption=lock, deterministic_id=not password)
    return out.getvalue()


def bomb_pdf(megabytes: int) -> bytes:
    """A PDF whose directory of objects unpacks to so much."""
    packer = zlib.compressobj(9)
    body = b"".join(packer.compress(b"\x01\x00\x09\x00" * 2**18) for _ in range(megabytes)) + packer.flush()
    parts = (
        b"%PDF-1.5\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n"
    )
    shape = f"<</Type/XRef/Size {megabytes * 2**18}/W[1 2 1]/Root 1 0 R/Filter/FlateDecode/Length {len(body)}>>"
    directory = b"3 0 obj\n" + shape.encode() + b"\nstream\n" + body + b"\nendstream\nendobj\n"
    return parts + directory + b"startxref\n%d\n%%%%EOF\n" % len(parts)


def picture(kind: str = "JPEG", size: tuple[int, int] = (60, 40)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "white").save(out, kind)
    return out.getvalue()


def huge_png(width: int, height: int) -> bytes:
    """A PNG that says it is huge and has next to no bytes."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 99)) + chunk(b"IEND", b"")


def package(*names: str) -> bytes:
    """A ZIP with these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name in names:
            made.writestr(name, "<x/>")
    return out.getvalue()


def upload(name: str = "平面图.pdf", content: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, pdf() if content is None else content)


def hand_in(case: Application, key: str, name: str = "平面图.pdf", content: bytes | None = None) -> Material:
    return uploads.add(case, key, upload(name, content))
