"""One part of a form under correction, kept in the same way by the applicant and at the counter."""

from collections.abc import Callable

from django.http import HttpResponse

from applications import corrections
from applications.errors import NotPossible
from applications.models import Application
from applications.views.keeping import AnyForm, Keeping
from matters.formdef import Section


def keeping_of(
    case: Application,
    part: Section,
    *,
    overview: str,
    page: Callable[[AnyForm], HttpResponse],
    refuse: Callable[[NotPossible], HttpResponse],
) -> Keeping:
    """How ``part`` of the correction is kept; every button leads back to ``overview``."""
    return Keeping(
        part=part,
        answers=corrections.corrected_answers(case),
        keep=lambda content, complete: corrections.save_part(case, part.key, content),
        page=page,
        finish=lambda: overview,
        overview=overview,
        refuse=refuse,
    )
