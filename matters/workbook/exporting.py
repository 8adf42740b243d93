"""What a download contains: of each matter the draft, else the newest published guide, in normal form."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.db.models import QuerySet

from matters import queries
from matters.models import GuideVersion, Matter
from matters.workbook.content import normal

AT_ONCE = 200


def contents(matters: QuerySet[Matter]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Department code and content of each matter, ordered by code; matters that were withdrawn and not begun anew are left out."""
    keys = iter(list(matters.order_by("code").values_list("pk", flat=True)))
    while block := list(islice(keys, AT_ONCE)):
        yield from _block(block)


def _block(keys: list[int]) -> Iterator[tuple[str, dict[str, Any]]]:
    versions = queries.newest_versions(Matter.objects.filter(pk__in=keys)).select_related("matter__department")
    for version in versions.exclude(state=GuideVersion.State.WITHDRAWN).order_by("matter__code"):
        content = normal(version.content)
        content["header"] = content.get("header", {}) | {"code": version.matter.code}
        yield version.matter.department.code, content
