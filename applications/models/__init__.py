"""The tables of casework, one file per subject."""

from applications.models.application import Application
from applications.models.counters import DocumentCounter, NumberCounter
from applications.models.document import Document
from applications.models.event import Event
from applications.models.evidence import EvidenceSeal, PeerHead, PeerSeal, SealedHead
from applications.models.licence import Licence
from applications.models.material import Material
from applications.models.progress import Clock, Correction, Pause, RouteStep
from applications.models.recount import Recount
from applications.models.request import Request

__all__ = [
    "Application",
    "Clock",
    "Correction",
    "Document",
    "DocumentCounter",
    "Event",
    "EvidenceSeal",
    "Licence",
    "Material",
    "NumberCounter",
    "Pause",
    "PeerHead",
    "PeerSeal",
    "Recount",
    "Request",
    "RouteStep",
    "SealedHead",
]
