"""The tables of casework, one file per subject."""

from applications.models.alert import Alert
from applications.models.application import Application
from applications.models.bar import Bar
from applications.models.counters import DocumentCounter, NumberCounter
from applications.models.document import Document
from applications.models.event import Event
from applications.models.joint import JointCase
from applications.models.licence import Licence, LicenceChange, LicenceReminder
from applications.models.material import Material
from applications.models.progress import Clock, Correction, Pause, RouteStep
from applications.models.rating import Rating, Remedy, RemedyStep
from applications.models.request import Request

__all__ = [
    "Alert",
    "Application",
    "Bar",
    "Clock",
    "Correction",
    "Document",
    "DocumentCounter",
    "Event",
    "JointCase",
    "Licence",
    "LicenceChange",
    "LicenceReminder",
    "Material",
    "NumberCounter",
    "Pause",
    "Rating",
    "Remedy",
    "RemedyStep",
    "Request",
    "RouteStep",
]
