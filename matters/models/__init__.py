"""What the catalogue keeps in the database, one file per subject."""

from matters.models.calendar import CalendarDay, CalendarYear
from matters.models.catalogue import Matter, MatterTag
from matters.models.guides import GuideChange, GuideVersion
from matters.models.imports import GuideImport, GuideImportItem, GuideImportProblem

__all__ = [
    "CalendarDay",
    "CalendarYear",
    "GuideChange",
    "GuideImport",
    "GuideImportItem",
    "GuideImportProblem",
    "GuideVersion",
    "Matter",
    "MatterTag",
]
