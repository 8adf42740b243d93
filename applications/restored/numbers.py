"""Numbers that come back with what was lost are not given out a second time."""

import re

from django.db.models import F
from django.db.models.functions import Greatest

from applications import numbering
from applications.documents.numbering import organ_word
from applications.models import DocumentCounter, NumberCounter
from identity.models import Department

_DOCUMENT = re.compile(r"(.+)〔(\d{4})〕(\d{1,9})号")


def note_application(number: str) -> None:
    """Count on behind this application number."""
    if not numbering.is_number(number):
        return
    day, series, place = numbering.taken_apart(number)
    counter, _ = NumberCounter.objects.get_or_create(day=day, series=series)
    NumberCounter.objects.filter(pk=counter.pk).update(last=Greatest(F("last"), place))


def note_document(department: Department, number: str) -> None:
    """Count on behind this 文号; one of another organ's series is none of this counter."""
    found, word = _DOCUMENT.fullmatch(number), organ_word(department)
    if found is None or not found[1].startswith(word):
        return
    series, year, last = found[1].removeprefix(word), int(found[2]), int(found[3])
    counter, _ = DocumentCounter.objects.get_or_create(department=department.code, series=series, year=year)
    DocumentCounter.objects.filter(pk=counter.pk).update(last=Greatest(F("last"), last))
