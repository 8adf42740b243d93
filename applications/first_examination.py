"""First examination by a lower organ (下级初审, 行政许可法 35, 43): twenty working days, then opinion and whole file go up."""

from datetime import date

from applications import case_clocks, clocks
from applications.models import Application
from applications.models.progress import ClockKind

LEVELS = "123456"  # 国家 … 村居; 7 (分级管理) says in words who decides what


def is_asked(case: Application) -> bool:
    """Whether the guide has a lower organ take applications that a higher one decides (fields 17 and 19)."""
    guide = case.guide_version.guide
    taken, decided = guide.acceptance_level_place.level, guide.handling_level.level
    return bool(taken and decided) and taken in LEVELS and decided in LEVELS and taken > decided


def start_clock(case: Application, accepted_on: date) -> None:
    """The lower organ finishes in twenty working days (art. 43)."""
    if is_asked(case):
        case_clocks.start(case, ClockKind.FIRST_EXAMINATION, accepted_on, clocks.FIRST_EXAMINATION)
