"""What each kind of document needs beside the facts of the case; one model per kind, checked when it is built.

The models hold the minimum the law asks of each paper, so that a notice without its reason cannot be made at all.
"""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Words = Annotated[str, Field(min_length=1)]


class Part(BaseModel):
    """A plain record; unknown names are refused, so that a misspelt one is not lost in silence."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Issue(Part):
    """What every document carries: its 文号 (empty where the kind has none), its date, its check code."""

    number: str = ""
    issued_on: date
    check_code: Words

    def heading(self, *, is_licensing: bool) -> str:
        """The paper's title where it depends on what the paper says; empty where the kind alone gives it."""
        return ""


class Receipt(Issue):
    """收件回执: the papers have arrived; it says nothing about acceptance."""

    received_at: datetime
    receiver: Words
    presenter: str = ""  # who brought the papers to the window


class Acceptance(Issue):
    """受理通知书, 行政许可法 32(1)(5); ``tacit`` when five days of silence made it (32(1)(4))."""

    accepted_on: date
    law_due: date
    promise_due: date | None = None
    tacit: bool = False


class CorrectionItem(Part):
    """One missing or defective thing and what is required of it."""

    name: Words
    problem: Words
    remedy: Words
    basis: str = ""


class Correction(Issue):
    """补正材料一次性告知书, 行政许可法 32(1)(4): all items, once."""

    items: list[CorrectionItem] = Field(min_length=1)
    supply_due: date | None = None
    again: bool = False  # what came was not what the notice asked for; no new item


class IntakeRefusal(Issue):
    """不予受理决定书, 行政许可法 32(1)(1)(2) and last paragraph; without a reason it is a fault (72)."""

    ground: Literal["not_required", "not_this_organ", "other"] = "other"
    reason: Words
    legal_basis: str = ""
    competent_organ: str = ""
    late_reason: str = ""

    @model_validator(mode="after")
    def _names_the_right_organ(self) -> "IntakeRefusal":
        if self.ground == "not_this_organ" and not self.competent_organ:
            raise ValueError("不属于本机关职权范围的，必须写明有权办理的机关。")
        return self


class Grant(Issue):
    """准予行政许可决定书, 行政许可法 38(1)."""

    scope: Words
    conditions: list[str] = []
    duties: list[str] = []
    licence_name: str = ""
    licence_number: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    hearing: str = ""


class Refusal(Issue):
    """不予行政许可决定书, 行政许可法 38(2): facts, reasons, law; the remedies come from the case."""

    facts: Words
    reasons: list[Words] = Field(min_length=1)
    legal_basis: Words
    hearing: str = ""


class Pause(Issue):
    """特别程序告知书, 行政许可法 45: which of the eight, why, from when, how long."""

    procedure: Words
    reason: Words
    began_on: date
    expected_end: date
    new_due: date
    too_late: bool = False  # opened after the legal limit: it cures nothing


class Extension(Issue):
    """延期决定告知书, 行政许可法 42: once, approved, with the reason."""

    original_due: date
    added_days: Literal[10, 15]
    reason: Words
    approver: Words
    new_due: date


class Withdrawal(Issue):
    """撤回申请确认书."""

    requested_at: datetime
    requested_by: Words
    reason: str = ""
    material_return: str = "以电子方式提交的材料由本机关依法留存；提交的纸质原件可凭本确认书到窗口领回。"


class Termination(Issue):
    """终止办理告知书; ``lapsed`` when the correction was not supplied in time."""

    reason: Words
    legal_basis: str = ""
    lapsed: bool = False


class DeliveredPaper(Part):
    """A paper named in the proof of delivery."""

    title: Words
    number: str = ""


class Delivery(Issue):
    """送达回证, by analogy with 民事诉讼法 87–95; for e-delivery the consent and the moment of arrival."""

    papers: list[DeliveredPaper] = Field(min_length=1)
    recipient: Words
    method: Literal["直接送达", "留置送达", "委托送达", "邮寄送达", "电子送达", "公告送达"]
    place: Words
    sent_at: datetime
    arrived_at: datetime | None = None
    consent: str = ""
    server: Words
    deputy: str = ""
    refusal_note: str = ""
    witness: str = ""


class HearingRight(Issue):
    """听证告知书, 行政许可法 47: five working days to ask, free of charge."""

    reason: Words
    ask_due: date


class HearingNotice(Issue):
    """听证通知书, 行政许可法 48: time, place, presider, recusal; and art. 45: what is out of the clock."""

    set_for: datetime
    place: Words
    presider: Words
    began_on: date
    expected_end: date
    new_due: date


class ThirdPartyNotice(Issue):
    """利害关系人告知书, 行政许可法 36, 47: addressed to the third party, who may speak and ask for a hearing."""

    party: Words
    interest: Words
    answer_due: date


class OwedItem(Part):
    """A material that may come later, and by when."""

    name: Words
    form: Words = "电子件"


class Deferral(Issue):
    """容缺受理承诺书: what is owed, by when, what follows if it does not come, who signed when."""

    owed_items: list[OwedItem] = Field(min_length=1)
    owed_due: date
    signed_by: Words
    signed: Words


class Commitment(Issue):
    """告知承诺书, 国办发〔2020〕42号: what was told, what is pledged, how and until when it is checked, who signed when."""

    requirements: list[Words] = Field(min_length=1)
    pledge: Words
    check_days: int = Field(ge=1)
    signed_by: Words
    signed_at: datetime


class CommitmentRevocation(Issue):
    """撤销决定书 after a pledge that was found false, 行政许可法 69(2): which decision falls, why, on which law."""

    decision: Words
    decided_on: date
    licence_number: str = ""
    reason: Words
    legal_basis: Words


class LicenceLine(Part):
    """A labelled line on the face of a certificate."""

    label: Words
    value: Words


class LicenceFace(Issue):
    """The face of a certificate. ``lines`` come after the holder, in the order given."""

    licence_name: Words
    licence_number: Words
    holder: Words
    holder_code: str = ""
    legal_representative: str = ""
    address: str = ""
    lines: list[LicenceLine] = []
    valid_from: date
    valid_to: date | None = None

    def heading(self, *, is_licensing: bool) -> str:
        return self.licence_name


class LicenceNamed(Issue):
    """A paper about a licence that was granted before."""

    licence_name: Words
    licence_number: Words


class Renewal(LicenceNamed):
    """准予延续行政许可决定书, 行政许可法 50; ``deemed`` when the licence expired before the organ decided (50(2))."""

    old_valid_to: date
    valid_from: date
    valid_to: date | None = None
    deemed: bool = False


class ContentChange(Part):
    """One thing on a licence before and after its change."""

    label: Words
    old: str = ""
    new: Words


class LicenceChange(LicenceNamed):
    """准予变更行政许可决定书, 行政许可法 49: old and new content."""

    changes: list[ContentChange] = Field(min_length=1)
    valid_from: date
    valid_to: date | None = None


class LicenceEnd(LicenceNamed):
    """撤销、撤回、注销决定书, 行政许可法 69, 8, 70: the ground, the reason, the remedies (from the case)."""

    act: Literal["撤销", "撤回", "注销"]
    holder: Words
    ground: Words
    reason: Words
    article: Words

    def heading(self, *, is_licensing: bool) -> str:
        return f"{self.act}{'行政许可' if is_licensing else '证照'}决定书"


class Bar(Issue):
    """警告及不得再次申请告知书, 行政许可法 78, 79; without ``ends`` it is the warning only."""

    article: Words
    ground: Words
    reason: Words
    begins: date
    ends: date | None = None
