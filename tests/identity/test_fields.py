"""Personal data is unreadable in the database, readable through the model, and cannot be searched by mistake."""

import pytest
from django.core.exceptions import FieldError
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from identity.fields import UnreadableError, keyed_hash, seal, unseal
from identity.models import Person, User
from tests.people import WANG_FANG_ID


def stored(column: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM identity_person")
        return cursor.fetchone()[0]


def test_number_is_not_in_the_database(wang_fang: User) -> None:
    assert WANG_FANG_ID not in stored("id_number")
    assert WANG_FANG_ID not in stored("id_number_hash")
    assert Person.objects.get().id_number == WANG_FANG_ID


def test_number_is_found_by_keyed_hash(wang_fang: User) -> None:
    assert Person.objects.get(id_number_hash=keyed_hash(WANG_FANG_ID)).user == wang_fang


def test_filtering_an_encrypted_field_is_refused(wang_fang: User) -> None:
    with pytest.raises(FieldError, match="keyed hash"):
        Person.objects.filter(id_number=WANG_FANG_ID).exists()


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_what_is_sealed_is_unsealed(text: str) -> None:
    assert unseal(seal(text)) == text


def test_same_text_never_looks_the_same() -> None:
    assert seal("13800001234") != seal("13800001234")


def test_another_key_cannot_read(settings) -> None:
    sealed, hashed = seal("13800001234"), keyed_hash("13800001234")
    settings.HALL_FIELD_KEY = "another key that is long enough to be one"
    with pytest.raises(UnreadableError, match="field_key"):
        unseal(sealed)
    assert keyed_hash("13800001234") != hashed


def test_altered_value_is_noticed() -> None:
    sealed = seal("13800001234")
    flipped = sealed[:-6] + ("A" if sealed[-6] != "A" else "B") + sealed[-5:]
    with pytest.raises(UnreadableError):
        unseal(flipped)
