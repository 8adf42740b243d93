"""The public pages exist in English: nothing they ask to be translated is missing, and placeholders agree."""

import re
from pathlib import Path

import pytest

from tools import messages

PO = Path(__file__).resolve().parents[2] / "hall" / "locale" / "en" / "LC_MESSAGES" / "django.po"
# What anyone may open, and what logging in and signing up show.
PUBLIC = (
    "hall/",
    "matters/templates/matters/browse.html",
    "matters/templates/matters/department",
    "matters/templates/matters/guide",
    "matters/templates/matters/precheck.html",
    "matters/guideview.py",
    "matters/window.py",
    "matters/views/",
    "applications/templates/applications/public/",
    "applications/views/public.py",
    "applications/views/check.py",
    "identity/",
)


@pytest.fixture(scope="module")
def english():
    return {message.id: message for message in messages.load(PO) if message.id}


def is_public(message):
    return any(place.startswith(PUBLIC) for place, _line in message.locations)


def test_public_pages_are_translated_whole(english):
    asked = [message.id for message in messages.collect() if message.id and is_public(message)]
    missing = [words for words in asked if words not in english or not all(messages.strings(english[words]))]
    assert missing == []


def test_placeholders_agree(english):
    def places(words):
        return set(re.findall(r"%\((\w+)\)|\{(\w+)\}", words))

    for message in english.values():
        source = message.id if isinstance(message.id, str) else message.id[0]
        for words in filter(None, messages.strings(message)):
            assert places(words) <= places(source), source
