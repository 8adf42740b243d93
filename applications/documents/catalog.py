"""Every kind of document the hall makes: its name, its page, its place in the numbering and what it must be told."""

from dataclasses import dataclass

from applications.documents import extras

LICENSING = "01"  # 行政许可, GB/T 39046 annex A
# 机关代字 of the matter's type within a 文号: 云市监许准〔2026〕1号.
TYPE_WORDS = {"01": "许", "05": "给", "07": "确", "08": "奖", "09": "裁", "20": "服"}
TYPE_NAMES = {
    "01": "行政许可",
    "05": "行政给付",
    "07": "行政确认",
    "08": "行政奖励",
    "09": "行政裁决",
    "20": "公共服务",
}


@dataclass(frozen=True)
class DocumentKind:
    """``title`` is printed for every type of matter but licensing, which has names of its own in law."""

    kind: str
    title: str
    series: str  # the word in the 文号; kinds without one carry no 文号
    extra: type[extras.Issue]
    licensing_title: str = ""
    sheet: str = "notice"  # which style sheet: notice, record, certificate

    @property
    def template(self) -> str:
        return f"documents/{self.kind}.html"

    def title_for(self, type_code: str) -> str:
        """The name of the document for this type of matter."""
        return self.licensing_title if self.licensing_title and type_code == LICENSING else self.title


_ALL = (
    DocumentKind("receipt", "收件回执", "收", extras.Receipt, sheet="record"),
    DocumentKind("acceptance", "受理通知书", "受", extras.Acceptance),
    DocumentKind("correction", "补正材料一次性告知书", "补", extras.Correction),
    DocumentKind("intake_refusal", "不予受理决定书", "不受", extras.IntakeRefusal),
    DocumentKind("grant", "办理结果通知书", "准", extras.Grant, licensing_title="准予行政许可决定书"),
    DocumentKind("refusal", "不予办理决定书", "不准", extras.Refusal, licensing_title="不予行政许可决定书"),
    DocumentKind("pause", "特别程序（扣除时限）告知书", "特", extras.Pause),
    DocumentKind("extension", "延期决定告知书", "延", extras.Extension),
    DocumentKind("withdrawal", "撤回申请确认书", "撤", extras.Withdrawal),
    DocumentKind("termination", "终止办理告知书", "终", extras.Termination),
    DocumentKind("delivery", "送达回证", "达", extras.Delivery, sheet="record"),
    DocumentKind("renewal", "延续办理结果通知书", "续", extras.Renewal, licensing_title="准予延续行政许可决定书"),
    DocumentKind(
        "licence_change", "变更办理结果通知书", "变", extras.LicenceChange, licensing_title="准予变更行政许可决定书"
    ),
    DocumentKind("licence_end", "证照终止效力决定书", "销", extras.LicenceEnd),
    DocumentKind("bar", "警告及不得再次申请告知书", "警", extras.Bar),
    DocumentKind("hearing_right", "听证告知书", "听告", extras.HearingRight),
    DocumentKind("hearing_notice", "听证通知书", "听通", extras.HearingNotice),
    DocumentKind("third_party_notice", "利害关系人告知书", "利告", extras.ThirdPartyNotice),
    DocumentKind("deferral", "容缺受理承诺书", "容", extras.Deferral),
    DocumentKind("commitment", "告知承诺书", "承", extras.Commitment),
    DocumentKind(
        "commitment_revocation",
        "撤销办理结果决定书",
        "撤决",
        extras.CommitmentRevocation,
        licensing_title="撤销行政许可决定书",
    ),
    DocumentKind("licence", "证照", "", extras.LicenceFace, sheet="certificate"),
)
KINDS: dict[str, DocumentKind] = {one.kind: one for one in _ALL}
