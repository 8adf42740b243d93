"""The grounds on which a licence ends, as the law lists them: 撤销 (行政许可法 69), 撤回 (8), 注销 (70)."""

from applications.models.licence import ChangeKind, LicenceState

REVOKE, WITHDRAW, CANCEL = "licence_revoke", "licence_withdraw", "licence_cancel"
ACT_WORDS = {REVOKE: "撤销", WITHDRAW: "撤回", CANCEL: "注销"}
STANDINGS = {REVOKE: LicenceState.REVOKED, WITHDRAW: LicenceState.WITHDRAWN, CANCEL: LicenceState.CANCELLED}
KINDS = {REVOKE: ChangeKind.REVOKED, WITHDRAW: ChangeKind.WITHDRAWN, CANCEL: ChangeKind.CANCELLED}

FRAUD = "fraud"
EXPIRED, DEATH, DISSOLVED, ENDED, FORCE_MAJEURE, OTHER = (
    "expired",
    "death",
    "dissolved",
    "ended",
    "force_majeure",
    "other",
)
GROUNDS: dict[str, dict[str, str]] = {
    REVOKE: {
        "abuse": "行政机关工作人员滥用职权、玩忽职守作出准予行政许可决定",
        "beyond_powers": "超越法定职权作出准予行政许可决定",
        "procedure": "违反法定程序作出准予行政许可决定",
        "unqualified": "对不具备申请资格或者不符合法定条件的申请人准予行政许可",
        "other": "依法可以撤销行政许可的其他情形",
        FRAUD: "被许可人以欺骗、贿赂等不正当手段取得行政许可",
    },
    WITHDRAW: {
        "law_changed": "行政许可所依据的法律、法规、规章修改或者废止",
        "facts_changed": "准予行政许可所依据的客观情况发生重大变化",
    },
    CANCEL: {
        EXPIRED: "行政许可有效期届满未延续",
        DEATH: "赋予公民特定资格的行政许可，该公民死亡或者丧失行为能力",
        DISSOLVED: "法人或者其他组织依法终止",
        ENDED: "行政许可依法被撤销、撤回，或者行政许可证件依法被吊销",
        FORCE_MAJEURE: "因不可抗力导致行政许可事项无法实施",
        OTHER: "法律、法规规定的应当注销行政许可的其他情形",
    },
}
REVOKE_ARTICLES = {
    "abuse": "第六十九条第一款第（一）项",
    "beyond_powers": "第六十九条第一款第（二）项",
    "procedure": "第六十九条第一款第（三）项",
    "unqualified": "第六十九条第一款第（四）项",
    "other": "第六十九条第一款第（五）项",
    FRAUD: "第六十九条第二款",
}
NUMERALS = "一二三四五六"


def ground_words(act: str, ground: str) -> str:
    """The law's words for a ground; KeyError when this act has no such ground."""
    return GROUNDS[act][ground]


def article_of(act: str, ground: str) -> str:
    """The article, paragraph and item of 行政许可法."""
    if act == REVOKE:
        return REVOKE_ARTICLES[ground]
    if act == WITHDRAW:
        return "第八条第二款"
    return f"第七十条第（{NUMERALS[list(GROUNDS[CANCEL]).index(ground)]}）项"


def words_of(kind: str, ground: str) -> str:
    """The law's words for the ground of a line of history; empty when it has none."""
    act = next((name for name, one in KINDS.items() if one == kind), None)
    return GROUNDS[act].get(ground, "") if act else ""
