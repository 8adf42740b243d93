"""The tables of casework, one file per subject."""

from applications.models.alert import Alert
from applications.models.application import Application
from applications.models.bar import Bar
from applications.models.booking import Booking, CounterPlan
from applications.models.counter import CounterFiling, PresentedMaterial
from applications.models.counters import DocumentCounter, NumberCounter
from applications.models.countersign import Countersign
from applications.models.desk import CaseGram, DeskHabits, Label, OpinionTemplate, SavedFilter
from applications.models.document import Document
from applications.models.event import Event
from applications.models.evidence import EvidenceSeal, PeerHead, PeerSeal, SealedHead
from applications.models.hearing import Hearing
from applications.models.joint import JointCase
from applications.models.licence import Licence, LicenceChange, LicenceReminder
from applications.models.material import Material
from applications.models.message import Message, MessageFile
from applications.models.notice import Notice, NoticePreference
from applications.models.owed import Owed
from applications.models.postal import PostalWish
from applications.models.progress import Clock, Correction, Pause, RouteStep
from applications.models.rating import Rating, Remedy, RemedyStep
from applications.models.recount import Recount
from applications.models.request import Request
from applications.models.site_check import CasePaper, SiteCheck
from applications.models.third_party import ThirdParty

__all__ = [
    "Alert",
    "Application",
    "Bar",
    "Booking",
    "CaseGram",
    "CasePaper",
    "Clock",
    "Correction",
    "CounterFiling",
    "CounterPlan",
    "Countersign",
    "DeskHabits",
    "Document",
    "DocumentCounter",
    "Event",
    "EvidenceSeal",
    "Hearing",
    "JointCase",
    "Label",
    "Licence",
    "LicenceChange",
    "LicenceReminder",
    "Material",
    "Message",
    "MessageFile",
    "Notice",
    "NoticePreference",
    "NumberCounter",
    "OpinionTemplate",
    "Owed",
    "Pause",
    "PeerHead",
    "PeerSeal",
    "PostalWish",
    "PresentedMaterial",
    "Rating",
    "Recount",
    "Remedy",
    "RemedyStep",
    "Request",
    "RouteStep",
    "SavedFilter",
    "SealedHead",
    "SiteCheck",
    "ThirdParty",
]
