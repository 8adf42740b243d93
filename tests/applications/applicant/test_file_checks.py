"""What a file must be to be taken: its bytes decide."""

import io
import resource

import pytest

from applications import file_checks, pdf_probe
from applications.file_checks import FileRefused
from hall.demo import papers
from tests.applications.applicant import files

ALL = ["pdf", "jpg", "png", "docx", "xlsx", "ofd", "doc"]
WORD = files.package("[Content_Types].xml", "word/document.xml")


def check(content: bytes, name: str, *, formats: list[str] = ALL, max_mb: int = 1) -> file_checks.CheckedFile:
    return file_checks.check(io.BytesIO(content), name, len(content), formats=formats, max_mb=max_mb)


def refused(content: bytes, name: str, **limits: object) -> FileRefused:
    with pytest.raises(FileRefused) as caught:
        check(content, name, **limits)  # type: ignore[arg-type]
    assert caught.value.message.endswith("。")
    return caught.value


@pytest.mark.parametrize(
    ("name", "content", "content_type"),
    [
        ("a.pdf", files.pdf(), "application/pdf"),
        ("a.PDF", files.pdf(), "application/pdf"),
        ("a.jpg", files.picture(), "image/jpeg"),
        ("a.jpeg", files.picture(), "image/jpeg"),
        ("a.png", files.picture("PNG"), "image/png"),
        ("a.docx", WORD, file_checks.MIME["docx"]),
        ("a.ofd", files.package("OFD.xml"), "application/ofd"),
        ("a.doc", file_checks.OLE_HEAD + b"\0" * 600, "application/msword"),
    ],
)
def test_true_files_are_taken(name: str, content: bytes, content_type: str) -> None:
    taken = check(content, name)
    assert (taken.content_type, taken.size) == (content_type, len(content))


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.pdf", b"", "empty"),
        ("a.pdf", b"%PDF-1.4" + b"\0" * (2 << 20), "too_big"),
        ("a.txt", b"hello", "wrong_type"),
        ("a", files.pdf(), "wrong_type"),
        ("a.pdf", b"hello, world", "type_mismatch"),
        ("a.jpg", files.pdf(), "type_mismatch"),
        ("a.pdf", files.picture(), "type_mismatch"),
        ("a.docx", files.package("readme.txt"), "type_mismatch"),
        ("a.xlsx", WORD, "type_mismatch"),
        ("a.doc", b"plain words", "type_mismatch"),
        ("a.pdf", files.pdf(password="1234"), "encrypted"),
        ("a.docx", file_checks.OLE_HEAD + b"\0" * 600, "encrypted"),
        ("a.pdf", b"%PDF-1.7\n" + b"x" * 500, "unreadable"),
        ("a.jpg", files.picture(size=(900, 900))[:4000], "unreadable"),
        ("a.png", files.picture("PNG", (900, 900))[:-30], "unreadable"),
        ("a.docx", b"PK\x03\x04" + b"\0" * 99, "unreadable"),
        ("a.exe", b"MZ" + b"\0" * 99, "executable"),
        ("合同.pdf.exe", files.pdf(), "executable"),
        ("合同.pdf", b"MZ" + b"\0" * 99, "executable"),
        ("合同.jpg", b"\x7fELF" + b"\0" * 99, "executable"),
        ("合同.pdf", b"#!/bin/sh\nrm -rf /", "executable"),
        ("a.docx", files.package("word/document.xml", "word/vbaProject.bin"), "executable"),
    ],
)
def test_each_refusal_has_its_code(name: str, content: bytes, code: str) -> None:
    assert refused(content, name).code == code


def test_only_the_formats_of_the_guide_are_taken() -> None:
    answer = refused(files.picture("PNG"), "a.png", formats=["pdf", "jpg"])
    assert answer.code == "wrong_type"
    assert "pdf、jpg" in answer.message


def test_a_picture_that_unpacks_to_gigabytes_is_never_decoded() -> None:
    assert refused(files.huge_png(60000, 60000), "a.png").code == "too_many_pixels"


def test_a_pdf_whose_directory_unpacks_to_gigabytes_is_cut_off() -> None:
    bomb = files.bomb_pdf(400)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert refused(bomb, "a.pdf").code == "unreadable"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * 1024  # kilobytes


def lzw_bomb(unpacked: int) -> bytes:
    """A PDF whose cross-reference stream unpacks by LZW, for which qpdf has no limit, to ``unpacked`` bytes of zeros."""
    packed = lzw_zeros(unpacked)
    body = b"%PDF-1.5\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [] /Count 0 >>\nendobj\n"
    at = len(body)
    head = b"3 0 obj\n<< /Type /XRef /Size 4 /W [1 4 1] /Root 1 0 R /Filter /LZWDecode /Length %d >>\nstream\n"
    return body + head % len(packed) + packed + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % at


def lzw_zeros(count: int) -> bytes:
    """``count`` zero bytes in LZW as PDF writes it (early change, code widths 9 to 12)."""
    bits, total, width, entries, run, done = 0, 0, 9, 258, 1, 0

    def put(code: int) -> None:
        nonlocal bits, total
        bits, total = (bits << width) | code, total + width

    put(256)
    pieces: list[bytes] = []
    while done < count:
        put(0 if run == 1 else 256 + run)
        done, run, entries = done + run, run + 1, entries + 1
        width = 9 + (entries > 511) + (entries > 1023) + (entries > 2047)
        if entries >= 4094:
            put(256)
            width, entries, run = 9, 258, 1
            spare = total % 8
            pieces.append((bits >> spare).to_bytes((total - spare) // 8, "big"))
            bits, total = bits & ((1 << spare) - 1), spare
    put(257)
    pad = -total % 8
    pieces.append((bits << pad).to_bytes((total + pad) // 8, "big"))
    return b"".join(pieces)


def test_a_pdf_that_unpacks_by_lzw_is_opened_elsewhere_and_given_up() -> None:
    bomb = lzw_bomb(1_200_000_000)
    assert len(bomb) > pdf_probe.SMALL_BYTES
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert refused(bomb, "a.pdf").code == "unreadable"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * 1024  # kilobytes


def test_a_large_sound_pdf_passes_the_probe() -> None:
    paper = papers.make_paper("平面图", "王芳", "pdf", 200_000, "")
    assert pdf_probe.verdict(io.BytesIO(paper), len(paper)) == pdf_probe.OK
