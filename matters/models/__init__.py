"""What the catalogue keeps in the database, one file per subject."""

from matters.models.calendar import CalendarDay, CalendarYear
from matters.models.catalogue import Matter, MatterTag
from matters.models.findings import CatalogueFinding
from matters.models.guides import GuideChange, GuideVersion

__all__ = ["CalendarDay", "CalendarYear", "CatalogueFinding", "GuideChange", "GuideVersion", "Matter", "MatterTag"]
