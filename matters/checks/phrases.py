"""Phrases that tell the citizen nothing (国办函〔2017〕115号 found them in 13 % of guides)."""

import re

from pydantic import BaseModel

from matters.checks.problem import Problem, texts
from matters.guide import GuideContent

EMPTY_PHRASE = re.compile(
    r"其[他它]材料|其[他它]条件|按照?(?:相关|有关)?规定|(?:相关|有关)材料|详见|另行通知|待定(?!期|向|点)|待补充"
    r"|视(?:具体)?情况|根据实际情况|以实际为准"
)
# Quotations from the law may say 其他材料; contacts and codes are not sentences.
QUOTED = frozenset({"legal_basis", "basis", "article", "doc_no", "key", "type", "kind", "intermediary"})
WHOLLY_QUOTED = {"legal_basis"}


def check(content: GuideContent) -> list[Problem]:
    """Empty phrases anywhere but in quotations of law."""
    found = _in_part(content.guide, "")
    found += _in_part(content.header, "header")
    found += _in_part(content.form, "form")
    return found + _in_part(content.scenario, "scenario")


def _in_part(part: BaseModel, prefix: str) -> list[Problem]:
    problems: list[Problem] = []
    if not EMPTY_PHRASE.search(part.model_dump_json(exclude=WHOLLY_QUOTED)):  # nearly always: a tenth of the time
        return problems
    for path, text in texts(part.model_dump(), prefix, QUOTED):
        match = EMPTY_PHRASE.search(text)
        if match:
            problems.append(Problem(path.split(".")[0], path, f"“{match.group()}”没有说清楚，请写明具体内容。"))
    return problems
