"""文号: 机关代字 + 字 + 〔year〕 + number, counted from 1 every year in each series of each organ (GB/T 9704 7.2.5)."""

from django.db import transaction

from applications.documents.catalog import LICENSING, TYPE_WORDS, DocumentKind
from applications.models import DocumentCounter
from identity.models import Department


def next_number(department: Department, kind: DocumentKind, type_code: str, year: int) -> str:
    """The next 文号 of this series, e.g. ``云市监许准〔2026〕1号``. The counter's row stays locked to the transaction's end."""
    series = f"{TYPE_WORDS.get(type_code, TYPE_WORDS.get(LICENSING, ''))}{kind.series}"
    where = {"department": department.code, "series": series, "year": year}
    with transaction.atomic():
        DocumentCounter.objects.get_or_create(**where)
        counter = DocumentCounter.objects.select_for_update().get(**where)
        counter.last += 1
        counter.save(update_fields=["last"])
    return f"{department.short_name or department.name}{series}〔{year}〕{counter.last}号"
