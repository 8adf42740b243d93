"""What the catalogue keeps in the database, one file per subject."""

from matters.models.calendar import CalendarDay, CalendarYear
from matters.models.catalogue import Matter, MatterTag
from matters.models.datasets import (
    DataLoad,
    DataSet,
    DataSetChange,
    DataSetVersion,
    Generation,
    PublicLookup,
    PublicRow,
    StockRow,
)
from matters.models.guides import GuideChange, GuideVersion

__all__ = [
    "CalendarDay",
    "CalendarYear",
    "DataLoad",
    "DataSet",
    "DataSetChange",
    "DataSetVersion",
    "Generation",
    "GuideChange",
    "GuideVersion",
    "Matter",
    "MatterTag",
    "PublicLookup",
    "PublicRow",
    "StockRow",
]
