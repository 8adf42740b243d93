"""The rules of supervision, as data (law.md §3.6). Which rows a rule is about is in watching.py.

An alert tells the handler; yellow and red tell the department's leader too, red the inspector.
"""

from dataclasses import dataclass

from applications.models.alert import Level

HANDLER, LEADER, INSPECTOR = "handler", "leader", "inspector"
SOON_WORKDAYS = 1  # a reminder one working day before the limit


@dataclass(frozen=True)
class Rule:
    """``told`` in the order in which they are told; ``basis`` is the article or the practice it comes from."""

    code: str
    level: Level
    title: str
    told: tuple[str, ...]
    basis: str
    must_explain: bool = False


RULES = (
    Rule("Y01", Level.AMBER, "期限还剩不到一个工作日", (HANDLER,), "各地电子监察办法：期满前一个工作日提醒"),
    Rule("H01", Level.YELLOW, "超过承诺的受理期限", (HANDLER, LEADER), "优化营商环境条例第三十六条", must_explain=True),
    Rule("H02", Level.YELLOW, "超过承诺期限", (HANDLER, LEADER), "优化营商环境条例第三十六条", must_explain=True),
    Rule("H03", Level.YELLOW, "环节超过期限", (HANDLER, LEADER), "各地电子监察办法", must_explain=True),
    Rule("H04", Level.YELLOW, "超过承诺的送达期限", (HANDLER, LEADER), "优化营商环境条例第三十六条", must_explain=True),
    Rule(
        "R01",
        Level.RED,
        "超过法定期限",
        (HANDLER, LEADER, INSPECTOR),
        "行政许可法第四十二条、第七十四条",
        must_explain=True,
    ),
    Rule(
        "R02",
        Level.RED,
        "逾期不告知，视为受理",
        (LEADER, INSPECTOR),
        "行政许可法第三十二条第一款第四项",
        must_explain=True,
    ),
)
BY_CODE = {rule.code: rule for rule in RULES}


def codes_for(who: str) -> list[str]:
    """The rules of which this kind of person is told."""
    return [rule.code for rule in RULES if who in rule.told]
