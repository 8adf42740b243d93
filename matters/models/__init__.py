"""What the catalogue keeps in the database, one file per subject."""

from matters.models.calendar import CalendarDay, CalendarYear
from matters.models.catalogue import Matter, MatterTag
from matters.models.guides import GuideChange, GuideVersion
from matters.models.open_data import OpenDataRelease

__all__ = ["CalendarDay", "CalendarYear", "GuideChange", "GuideVersion", "Matter", "MatterTag", "OpenDataRelease"]
from matters.models.joint import JointChange, JointMatter, JointMember, JointVersion

__all__ = [
    "CalendarDay",
    "CalendarYear",
    "GuideChange",
    "GuideVersion",
    "JointChange",
    "JointMatter",
    "JointMember",
    "JointVersion",
    "Matter",
    "MatterTag",
]
