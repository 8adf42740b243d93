"""The twenty-field guide (law.md §2.3) as types: what a matter is, asks for, costs and how it goes.

The names of the fields are the shared contract of catalogue, cases, documents and demo data. Types only: what must be said
before publication is in ``matters.guide_checks``.
"""

from typing import Annotated, Any

from django.utils.translation import gettext_noop as _
from pydantic import Field, field_validator, model_validator

from matters import codes
from matters.fieldtypes import Lenient, one_of
from matters.formdef import FormDefinition
from matters.scenario import Scenario

Code = Annotated[str, one_of(codes.LEVELS)]


class Faq(Lenient):
    """A question people often ask, with its answer."""

    question: str = ""
    answer: str = ""


class Header(Lenient):
    """What a catalogue entry carries beside the twenty fields."""

    code: str = ""
    base_code: str = ""
    name_en: str = ""
    type_code: Annotated[str, one_of(codes.MATTER_TYPES)] = ""
    case_kind: Annotated[str, one_of(codes.CASE_KINDS)] = ""
    service_objects: list[Annotated[str, one_of(codes.SERVICE_OBJECTS)]] = []
    audiences: list[Annotated[str, one_of(codes.AUDIENCES)]] = []
    themes: list[str] = []
    aliases: list[str] = []
    life_events: list[Annotated[str, one_of(codes.LIFE_EVENTS)]] = []
    licence_class: Annotated[str, one_of(codes.LICENCE_CLASSES)] = ""
    # 直接关系公共安全、人身健康、生命财产安全: false papers bar from applying again (行政许可法 78, 79).
    public_safety: bool = False
    special_procedures: list[Annotated[str, one_of(codes.SPECIAL_PROCEDURES)]] = []
    joint: bool = False
    number_limit: str = ""
    # The number in figures (行政许可法 57): grants beyond it are refused. 0 is no limit; ``quota_from`` (YYYY-MM-DD) begins a new count.
    quota: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    quota_from: str = ""
    # 告知承诺: what the applicant may pledge instead of waiting for the examination, and within how many working days it is checked.
    commitment: bool = False
    commitment_text: str = ""
    commitment_check_days: Annotated[int, Field(ge=1, le=365)] = 30
    cross_scope: list[Annotated[str, one_of(codes.CROSS_SCOPES)]] = []
    intermediary: str = ""
    faq: list[Faq] = []
    appointment: bool = False
    express: bool = False

    @property
    def is_licence(self) -> bool:
        """Whether this is an administrative licence (行政许可), which the Licensing Law governs."""
        return self.type_code == codes.LICENCE

    @property
    def is_instant(self) -> bool:
        """Whether it is decided on the spot (即办件)."""
        return self.case_kind == codes.INSTANT


class DepartmentInfo(Lenient):
    """Field 2. The organ that decides."""

    code: str = ""
    name: str = ""
    uscc: str = ""
    org_nature: Annotated[str, one_of(codes.ORG_NATURES)] = ""
    entrusting_body: str = ""


class OfficeInfo(Lenient):
    """Field 3. The office answerable for the matter."""

    name: str = ""
    phone: str = ""


class LegalBasis(Lenient):
    """Field 4, one entry. The article that the matter rests on."""

    level: Annotated[str, one_of(codes.BASIS_LEVELS)] = ""
    title: str = ""
    doc_no: str = ""
    article: str = ""
    text: str = ""


class Limit(Lenient):
    """Fields 6 and 7. A period in working days (G), natural days (Z) or months (M)."""

    value: Annotated[int, Field(ge=0, le=3650)] = 0
    unit: Annotated[str, one_of(codes.UNITS)] = "G"
    note: str = ""
    article: str = ""

    @model_validator(mode="before")
    @classmethod
    def _plain_number(cls, data: Any) -> Any:
        return data if isinstance(data, dict | Limit) else {"value": data}


class WeeklyHours(Lenient):
    """Hours of one day or several: 1 is Monday, 7 Sunday; times HH:MM."""

    days: list[Annotated[int, Field(ge=1, le=7)]] = []
    open: str = ""
    close: str = ""


class AcceptanceWindow(Lenient):
    """Field 8. When applications are taken; season dates are MM-DD or YYYY-MM-DD, empty for the whole year."""

    weekly_hours: list[WeeklyHours] = []
    season_from: str = ""
    season_to: str = ""
    online_always: bool = True


class Condition(Lenient):
    """Field 9, one entry; with a question it takes part in the pre-check before login."""

    text: str = ""
    question: str = ""
    answer_if_not: str = ""
    # In which answers of the scenario it applies; always when empty (matters.scenario).
    only_when: list[str] = []

    @model_validator(mode="before")
    @classmethod
    def _plain_text(cls, data: Any) -> Any:
        return {"text": data} if isinstance(data, str) else data


class Material(Lenient):
    """Field 10, one entry: a paper to bring or upload."""

    key: str = ""
    name: str = ""
    kind: Annotated[str, one_of(codes.MATERIAL_KINDS)] = "other"
    necessity: Annotated[str, one_of(codes.NECESSITIES)] = ""
    source: Annotated[str, one_of(codes.SOURCES)] = ""
    issuer: str = ""
    originals: Annotated[int, Field(ge=0, le=99)] = 0
    copies: Annotated[int, Field(ge=0, le=99)] = 0
    electronic: bool = True
    formats: list[str] = ["pdf", "jpg", "png"]
    max_mb: Annotated[int, Field(ge=1, le=2000)] = 20
    max_files: Annotated[int, Field(ge=1, le=50)] = 5
    basis: str = ""
    shared_data: bool = False
    trust: Annotated[str, one_of(codes.TRUST_LEVELS)] = "C"
    how_to: str = ""
    sample_note: str = ""
    only_when: list[str] = []

    @field_validator("formats")
    @classmethod
    def _lower(cls, value: list[str]) -> list[str]:
        return [extension.lower().lstrip(".") for extension in value]

    @property
    def is_required(self) -> bool:
        """Whether the applicant must hand it in: necessary, and not fetched from shared data (国令716 art. 7)."""
        return self.necessity == "必要" and not self.shared_data

    @property
    def is_deferrable(self) -> bool:
        """Whether a case may be accepted without it, against a promise to hand it in by a date (容缺受理)."""
        return self.necessity == "可容缺" and not self.shared_data

    @property
    def is_uploaded(self) -> bool:
        """Whether a complete online application has a file of it; the form itself is made from the answers."""
        return self.is_required and self.electronic and self.kind != "form"


class FormDownload(Lenient):
    """Field 11, one entry: the blank form of a material, and its filled sample."""

    material_key: str = ""
    name: str = ""
    format: str = ""
    blank: str = ""
    sample: str = ""


class FeeItem(Lenient):
    """One charge; ``amount_cents`` is in fen, 0 when the amount depends on the case."""

    name: str = ""
    standard: str = ""
    basis: str = ""
    reducible: bool = False
    amount_cents: Annotated[int, Field(ge=0)] = 0
    only_when: list[str] = []


class FeeStandard(Lenient):
    """Field 12."""

    is_fee: bool = False
    items: list[FeeItem] = []
    online_pay: bool = False


class Step(Lenient):
    """Field 13, one step. Steps with the same ``order`` run side by side; review and decide are the case's route."""

    order: Annotated[int, Field(ge=1, le=99)] = 1
    kind: Annotated[str, one_of(codes.STEP_KINDS)] = ""
    name: str = ""
    role: Annotated[str, one_of(codes.STEP_ROLES)] = ""
    department: str = ""
    office: str = ""
    content: str = ""
    working_days: Annotated[int, Field(ge=0, le=3650)] = 0
    onsite: bool = False  # passes only when two officers have checked on site (行政许可法 34)
    only_when: list[str] = []


class ServiceAddress(Lenient):
    """Field 14. Where to go, on the net or on foot."""

    online_url: str = ""
    hall_name: str = ""
    address: str = ""
    window_no: str = ""
    transit: str = ""


class Validity(Lenient):
    """How long the result holds: years, months, days, or P for good."""

    value: Annotated[int, Field(ge=0, le=1000)] = 0
    unit: Annotated[str, one_of(codes.VALIDITY_UNITS)] = "P"


class Outcome(Lenient):
    """Field 15. What a grant gives, and how it reaches the applicant; ``delivery_days`` are working days."""

    type: Annotated[str, one_of(codes.OUTCOME_TYPES)] = ""
    name: str = ""
    sample: str = ""
    validity: Validity = Validity()
    delivery: list[Annotated[str, one_of(codes.DELIVERIES)]] = []
    delivery_days: Annotated[int, Field(ge=0, le=365)] = 10


class Contact(Lenient):
    """Field 16. Whom to ask and where to complain."""

    phone: str = ""
    email: str = ""
    complaint_phone: str = ""
    complaint_url: str = ""


class LevelPlace(Lenient):
    """Field 17. Who takes the application in, at which level and where."""

    level: Code = ""
    region: str = ""
    org: str = ""
    place: str = ""


class Point(Lenient):
    """Field 18, one entry: a place in a district that takes applications."""

    region: str = ""
    name: str = ""
    address: str = ""
    hours: str = ""
    phone: str = ""


class HandlingLevel(Lenient):
    """Field 19. The level that decides; 7 (分级管理) says in words who decides what."""

    level: Code = ""
    division_of_power: str = ""


class ServiceCapability(Lenient):
    """Field 20. How far it goes online, through which channels, how often one must come, and why."""

    depth: list[Annotated[str, one_of(codes.DEPTHS)]] = []
    channels: list[Annotated[str, one_of(codes.CHANNELS)]] = []
    visits: Annotated[int, Field(ge=0, le=9)] = 0
    reason: str = ""


class Guide(Lenient):
    """The twenty fields, in the order in which they are published."""

    matter_name: str = ""
    department: DepartmentInfo = DepartmentInfo()
    responsible_office: OfficeInfo = OfficeInfo()
    legal_basis: list[LegalBasis] = []
    acceptance_limit: Annotated[int, Field(ge=0, le=60)] = 0
    feedback_limit: Limit = Limit()
    promised_limit: Limit = Limit()
    acceptance_window: AcceptanceWindow = AcceptanceWindow()
    conditions: list[Condition] = []
    materials: list[Material] = []
    form_downloads: list[FormDownload] = []
    fee_standard: FeeStandard = FeeStandard()
    procedure: list[Step] = []
    service_address: ServiceAddress = ServiceAddress()
    outcome: Outcome = Outcome()
    contact: Contact = Contact()
    acceptance_level_place: LevelPlace = LevelPlace()
    district_points: list[Point] = []
    handling_level: HandlingLevel = HandlingLevel()
    service_capability: ServiceCapability = ServiceCapability()

    @field_validator("district_points", mode="before")
    @classmethod
    def _explicit_none(cls, value: Any) -> Any:
        return [] if value == "无" else value

    def route(self) -> list[Step]:
        """The steps that a case passes through inside the organ (review and decide), in order."""
        return sorted((step for step in self.procedure if step.kind in ("review", "decide")), key=lambda s: s.order)

    def material(self, key: str) -> Material:
        """The material with this key; KeyError when the guide has none."""
        for material in self.materials:
            if material.key == key:
                return material
        raise KeyError(key)


class GuideContent(Lenient):
    """What a guide version holds: header, the twenty fields, the application form, and the scenario's questions."""

    header: Header = Header()
    guide: Guide = Guide()
    form: FormDefinition = FormDefinition()
    scenario: Scenario = Scenario()


# In the order in which they are published; pages translate the names.
GUIDE_FIELDS: dict[str, str] = {
    "matter_name": _("业务名称"),
    "department": _("部门信息"),
    "responsible_office": _("责任处室"),
    "legal_basis": _("办理依据"),
    "acceptance_limit": _("受理期限"),
    "feedback_limit": _("反馈时限"),
    "promised_limit": _("承诺期限"),
    "acceptance_window": _("受理起止时间"),
    "conditions": _("申请条件"),
    "materials": _("所需要件和表格"),
    "form_downloads": _("表格下载"),
    "fee_standard": _("收费标准"),
    "procedure": _("办理指南"),
    "service_address": _("服务地址"),
    "outcome": _("业务成果"),
    "contact": _("咨询电话和邮件地址"),
    "acceptance_level_place": _("受理级别和地点"),
    "district_points": _("各区县受理地点"),
    "handling_level": _("办理级别"),
    "service_capability": _("服务能力和原因"),
}
