"""The tables of casework, one file per subject."""

from applications.models.application import Application
from applications.models.counters import DocumentCounter, NumberCounter
from applications.models.document import Document
from applications.models.event import Event
from applications.models.hearing import Hearing
from applications.models.licence import Licence
from applications.models.material import Material
from applications.models.progress import Clock, Correction, Pause, RouteStep
from applications.models.request import Request
from applications.models.site_check import CasePaper, SiteCheck
from applications.models.third_party import ThirdParty

__all__ = [
    "Application",
    "CasePaper",
    "Clock",
    "Correction",
    "Document",
    "DocumentCounter",
    "Event",
    "Hearing",
    "Licence",
    "Material",
    "NumberCounter",
    "Pause",
    "Request",
    "RouteStep",
    "SiteCheck",
    "ThirdParty",
]
