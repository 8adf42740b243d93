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
from matters.models.finding import Findable, SearchSet, SearchState
from matters.models.findings import CatalogueFinding
from matters.models.guides import GuideChange, GuideVersion
from matters.models.imports import GuideImport, GuideImportItem, GuideImportProblem
from matters.models.joint import JointChange, JointMatter, JointMember, JointVersion
from matters.models.open_data import OpenDataRelease
from matters.models.words import DayTold, SearchedWord, Synonym, SynonymChange

__all__ = [
    "CalendarDay",
    "CalendarYear",
    "CatalogueFinding",
    "DataLoad",
    "DataSet",
    "DataSetChange",
    "DataSetVersion",
    "DayTold",
    "Findable",
    "Generation",
    "GuideChange",
    "GuideImport",
    "GuideImportItem",
    "GuideImportProblem",
    "GuideVersion",
    "JointChange",
    "JointMatter",
    "JointMember",
    "JointVersion",
    "Matter",
    "MatterTag",
    "OpenDataRelease",
    "PublicLookup",
    "PublicRow",
    "SearchSet",
    "SearchState",
    "SearchedWord",
    "StockRow",
    "Synonym",
    "SynonymChange",
]
