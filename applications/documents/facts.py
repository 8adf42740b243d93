"""What a document has to know about its case, gathered by the caller from the database and passed in whole.

Plain values only: whoever builds a document decides what is masked (``identity.numbers``) before it comes here.
"""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class ApplicantFacts:
    """Who applies. ``id_number`` and ``phone`` as they may be printed: masked for natural persons."""

    name: str
    is_enterprise: bool
    id_number: str
    contact_name: str = ""
    phone: str = ""
    address: str = ""
    legal_representative: str = ""


@dataclass(frozen=True)
class OrganFacts:
    """The organ that signs. ``complaint_phone`` is the supervision line, never equal to ``phone``."""

    name: str
    phone: str
    address: str = ""
    complaint_phone: str = ""
    office: str = ""
    email: str = ""


@dataclass(frozen=True)
class MaterialFacts:
    """One material handed in: how many originals, copies and electronic files."""

    name: str
    originals: int = 0
    copies: int = 0
    electronic: int = 0


@dataclass(frozen=True)
class RemedyFacts:
    """Where a decision is contested: review in 60 days (复议法 20, 22, 24), suit in 6 months (行诉法 46)."""

    review_organ: str = "本级人民政府"
    court: str = "有管辖权的人民法院"
    review_url: str = ""  # the online channel that art. 22 asks for when the decision is served online


@dataclass(frozen=True)
class CaseFacts:
    """One case as its documents see it. Dates are days in the hall's time zone, ``submitted_at`` is aware."""

    number: str
    query_code: str
    applicant: ApplicantFacts
    matter_name: str
    matter_code: str
    type_code: str  # GB/T 39046 annex A: 01 许可, 05 给付, 07 确认, 20 公共服务 …
    organ: OrganFacts
    legal_basis: tuple[str, ...]  # 《食品安全法》第三十五条
    submitted_at: datetime
    hall_name: str
    hall_url: str
    materials: tuple[MaterialFacts, ...] = ()
    remedies: RemedyFacts = RemedyFacts()
    law_limit: str = ""  # 二十个工作日, as words
    promise_limit: str = ""
    accepted_on: date | None = None
    intake_due: date | None = None
    promise_due: date | None = None
    law_due: date | None = None
    fee: str = "不收费"
    channel: str = "网上申请"
    situation: tuple[tuple[str, str], ...] = ()  # question and answer of the scenario
    seal: str = "演示章"  # the word under the star; empty leaves room for a real stamp
