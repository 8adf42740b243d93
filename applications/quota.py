"""Where the number is limited (行政许可法 57): who comes first is who was accepted first, not who filed or paid first.

Works on the manager it is handed, so that the model itself can ask.
"""

from typing import TYPE_CHECKING

from django.db.models import F, Manager, Q, QuerySet

from applications.errors import NotPossible
from applications.states import GRANTS, UNDER_REVIEW

if TYPE_CHECKING:
    from applications.models import Application

    Cases = Manager[Application]
    Rows = QuerySet[Application]

ORDER = (F("accepted_on").asc(), F("accepted_at").asc(nulls_first=True), "id")


def is_limited(case: "Application") -> bool:
    """Whether this case wants one of a limited number; renewing or changing a licence takes no place."""
    return bool(case.guide_version.header.quota) and case.about_licence_id is None


def waiting(cases: "Cases", matter: int) -> "Rows":
    """The accepted and undecided cases of a matter (id), first accepted first."""
    return cases.filter(matter=matter, state__in=UNDER_REVIEW, about_licence=None).order_by(*ORDER)


def places_left(cases: "Cases", case: "Application") -> int:
    """Places of the guide's number that no grant in force holds; meaningless where the number is not limited."""
    header = case.guide_version.header
    held = cases.filter(matter=case.matter_id, decided_at__isnull=False, events__action__in=GRANTS, about_licence=None)
    held = held.exclude(state="REVOKED").filter(Q(licence=None) | Q(licence__standing="valid"))
    if header.quota_from:
        held = held.filter(decided_at__date__gte=header.quota_from)
    return header.quota - held.distinct().count()


def ahead(cases: "Cases", case: "Application") -> int:
    """How many wait before this one. A case that is not accepted yet has all of them before it."""
    rows = list(waiting(cases, case.matter_id).values_list("pk", flat=True))
    return rows.index(case.pk) if case.pk in rows else len(rows)


def has_place(cases: "Cases", case: "Application") -> bool:
    """Whether this case may be granted now: a place is left for it even if all before it are granted, too."""
    return not is_limited(case) or ahead(cases, case) < places_left(cases, case)


def hold(cases: "Cases", case: "Application") -> None:
    """Ask once more with the matter locked, so that two decisions cannot take one place. NotPossible when none is left."""
    if not is_limited(case):
        return
    type(case.matter).objects.select_for_update().get(pk=case.matter_id)
    left, before = places_left(cases, case), ahead(cases, case)
    if before >= left:
        raise NotPossible(
            f"有数量限制的事项按受理的先后顺序决定：剩余 {max(left, 0)} 个名额，前面还有 {before} 件先受理的申请（行政许可法第五十七条）。"
        )
