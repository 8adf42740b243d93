"""Reading the catalogue: what is published, by audience, theme and department, and what is used most."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypedDict

from django.db.models import Count, F, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.expressions import CombinedExpression

from identity.models import Department
from matters.models import GuideVersion, Matter, MatterTag, SearchedWord

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class MatterCount(TypedDict):
    """What ``departments`` adds to each department."""

    matter_count: int


@dataclass(frozen=True)
class Facet:
    """A value to narrow a list by, and how many published matters have it."""

    value: str
    count: int


def published() -> QuerySet[Matter]:
    """Matters the public can see, with their department."""
    return Matter.objects.filter(active=True, current__isnull=False).select_related("department")


def get_published(code: str) -> Matter:
    """A published matter with its guide, by code; Matter.DoesNotExist when there is none."""
    return published().select_related("current", "office").get(code=code)


def narrowed(
    matters: QuerySet[Matter],
    *,
    audience: str = "",
    theme: str = "",
    department: str = "",
    type_code: str = "",
    level: str = "",
    life: str = "",
) -> QuerySet[Matter]:
    """Only matters with these properties; empty ones do not narrow. ``department`` is its code."""
    tags = ((MatterTag.Kind.AUDIENCE, audience), (MatterTag.Kind.THEME, theme), (MatterTag.Kind.LIFE, life))
    for kind, value in tags:
        if value:
            matters = matters.filter(pk__in=MatterTag.objects.filter(kind=kind, value=value).values("matter"))
    plain = {"department__code": department, "type_code": type_code, "level": level}
    return matters.filter(**{name: value for name, value in plain.items() if value})


def most_used(count: int = 8, audience: str = "") -> QuerySet[Matter]:
    """The guides visited most, optionally of one audience."""
    return narrowed(published(), audience=audience).order_by("-visits", "name", "pk")[:count]


def most_read(count: int) -> QuerySet[Matter]:
    """The guides visited most, only such as were visited."""
    return published().filter(visits__gt=0).order_by("-visits", "name", "pk")[:count]


def themes() -> list[Facet]:
    """Themes of published matters with their numbers, the largest first."""
    return _tag_facets(MatterTag.Kind.THEME)


def life_events() -> list[Facet]:
    """Life events with their numbers of published matters, the largest first."""
    return _tag_facets(MatterTag.Kind.LIFE)


def audiences() -> list[Facet]:
    """Audiences with their numbers of published matters."""
    return _tag_facets(MatterTag.Kind.AUDIENCE)


def _tag_facets(kind: str) -> list[Facet]:
    rows = (
        MatterTag.objects.filter(kind=kind, matter__active=True, matter__current__isnull=False)
        .values_list("value")
        .annotate(number=Count("pk"))
        .order_by("-number", "value")
    )
    return [Facet(value, number) for value, number in rows]


def column_facets(column: str) -> list[Facet]:
    """Values of a plain column (``type_code``, ``level``) with their numbers of published matters."""
    rows = published().exclude(**{column: ""}).values_list(column).annotate(number=Count("pk")).order_by(column)
    return [Facet(value, number) for value, number in rows]


def departments() -> "QuerySet[WithAnnotations[Department, MatterCount]]":
    """Departments that have published matters, each with ``matter_count``, the largest first."""
    visible = Q(matters__active=True, matters__current__isnull=False)
    return (
        Department.objects.annotate(matter_count=Count("matters", filter=visible))
        .filter(matter_count__gt=0)
        .order_by("-matter_count", "code")
    )


def missed_words() -> QuerySet[SearchedWord, Any]:
    """Texts for which nothing was found: ``text``, ``times``, ``last`` day; the most frequent first."""
    return _words_by("missed")


def searched_words() -> QuerySet[SearchedWord, Any]:
    """Texts that led to a guide: ``text``, ``times``, ``last`` day; the most frequent first."""
    return _words_by(F("searches") - F("missed"))


def _words_by(counted: str | CombinedExpression) -> QuerySet[SearchedWord, Any]:
    rows = SearchedWord.objects.values("text").annotate(times=Sum(counted), last=Max("day"))
    return rows.filter(times__gt=0).order_by("-times", "text")


def latest_draft(matter: Matter) -> GuideVersion | None:
    """The draft being worked on; none while it is reviewed or waits to be published."""
    return matter.versions.filter(state=GuideVersion.State.DRAFT).first()


def unpublished(matter: Matter) -> GuideVersion | None:
    """The version that is on its way to publication: draft, under review, or approved; a matter has at most one."""
    return matter.versions.filter(state__in=GuideVersion.UNPUBLISHED).first()


def newest_versions(matters: QuerySet[Matter]) -> QuerySet[GuideVersion]:
    """The version with the highest number of each of the matters, whatever its state."""
    newest = GuideVersion.objects.filter(matter=OuterRef("pk")).order_by("-number").values("pk")[:1]
    return GuideVersion.objects.filter(pk__in=matters.order_by().values(newest=Subquery(newest)))


def starting_points(newest: Iterable[GuideVersion]) -> dict[int, GuideVersion]:
    """What a new edit of each matter starts from, by the matter's key: its newest version, or, where that was withdrawn, the one
    in force. A matter of which nothing is left is not in the answer."""
    found = {version.matter_id: version for version in newest}
    withdrawn = [key for key, version in found.items() if version.state == GuideVersion.State.WITHDRAWN]
    left = {key: version for key, version in found.items() if key not in withdrawn}
    if not withdrawn:
        return left
    in_force = GuideVersion.objects.filter(pk__in=Matter.objects.filter(pk__in=withdrawn).values("current"))
    return left | {version.matter_id: version for version in in_force}
