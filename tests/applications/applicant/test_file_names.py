"""File names are kept safe whatever a computer sends."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications import file_names


@given(st.text(max_size=600))
def test_no_name_can_do_harm(name: str) -> None:
    clean = file_names.clean(name)
    assert clean
    assert len(clean.encode()) <= 255
    assert not set(clean) & set('/\\<>:"|?*')
    assert not any(unicodedata.category(char) in ("Cc", "Cn", "Co", "Cs") for char in clean)
    assert clean not in (".", "..")


@given(st.text(max_size=600))
def test_cleaning_twice_is_cleaning_once(name: str) -> None:
    assert file_names.clean(file_names.clean(name)) == file_names.clean(name)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("租赁合同.pdf", "租赁合同.pdf"),
        (r"C:\Users\王芳\合同.pdf", "合同.pdf"),
        ("../../etc/passwd", "passwd"),
        ("合同\r\nX-Evil: 1.pdf", "合同X-Evil_ 1.pdf"),
        ("fdp.\u202eexe", "fdp.exe"),
        ("　照片　一.jpg", "照片 一.jpg"),
        ("", "未命名"),
        (".pdf", "未命名.pdf"),
        ("长" * 300 + ".pdf", "长" * 83 + ".pdf"),
    ],
)
def test_names_people_send(sent: str, kept: str) -> None:
    assert file_names.clean(sent) == kept
