"""What a file must be to be taken: its bytes decide."""

import io
import resource

import pytest

from applications import file_checks
from applications.file_checks import FileRefused
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
