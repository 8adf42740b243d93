"""The tables of casework, one file per subject."""

from applications.models.application import Application
from applications.models.counters import DocumentCounter, NumberCounter
from applications.models.document import Document
from applications.models.event import Event
from applications.models.licence import Licence
from applications.models.material import Material
from applications.models.owed import Owed
from applications.models.progress import Clock, Correction, Pause, RouteStep
from applications.models.request import Request

__all__ = [
    "Application",
    "Clock",
    "Correction",
    "Document",
    "DocumentCounter",
    "Event",
    "Licence",
    "Material",
    "NumberCounter",
    "Owed",
    "Pause",
    "Request",
    "RouteStep",
]
