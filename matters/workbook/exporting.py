"""What a download contains: of each matter the draft, or what follows it, else the newest published guide, in normal form."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from matters import queries
from matters.models import GuideVersion, Matter
from matters.workbook.content import normal

AT_ONCE = 200
OF_MATTER = GuideVersion.objects.filter(matter=OuterRef("pk"))
STANDINGS = {
    "draft": Exists(OF_MATTER.filter(state=GuideVersion.State.DRAFT)),
    "published": Q(current__isnull=False),
    "never": ~Exists(OF_MATTER.exclude(published_at=None)),
}


def chosen(
    matters: QuerySet[Matter],
    *,
    department: str = "",
    standing: str = "",
    text: str = "",
    codes: Sequence[str] = (),
) -> QuerySet[Matter]:
    """Only the matters of a department (its code), in a standing (``STANDINGS``), with a text in name or code, or with these codes."""
    if department:
        matters = matters.filter(department__code=department)
    if standing:
        matters = matters.filter(STANDINGS[standing])
    if text:
        matters = matters.filter(Q(name__icontains=text) | Q(code__icontains=text))
    return matters.filter(code__in=codes) if codes else matters


def contents(matters: QuerySet[Matter]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Department code and content of each matter, ordered by code; matters that were withdrawn and not begun anew are left out."""
    keys = iter(list(matters.order_by("code").values_list("pk", flat=True)))
    while block := list(islice(keys, AT_ONCE)):
        yield from _block(block)


def _block(keys: list[int]) -> Iterator[tuple[str, dict[str, Any]]]:
    matters = Matter.objects.filter(pk__in=keys).select_related("department").order_by("code")
    versions = queries.starting_points(queries.newest_versions(matters))
    for matter in matters:
        if matter.pk in versions:
            content = normal(versions[matter.pk].content)
            content["header"] = content.get("header", {}) | {"code": matter.code}
            yield matter.department.code, content
