"""docs/LAW.md: every rule has its row, and the tests it names exist and carry the rule's id."""

import re
from pathlib import Path

from django.conf import settings

ROWS = re.compile(r"^\| (C\d\d) \|.*\| ([^|]+) \|$", re.MULTILINE)
RULES = {f"C{number:02d}" for number in range(1, 30)}


def rows() -> dict[str, list[str]]:
    text = (settings.BASE_DIR / "docs" / "LAW.md").read_text()
    return {rule: re.findall(r"`([^`]+)`", tests) for rule, tests in ROWS.findall(text)}


def test_every_rule_has_its_row() -> None:
    assert rows().keys() == RULES
    assert all(rows().values())


def test_the_tests_carry_the_ids_of_the_rules() -> None:
    here = Path(__file__).parent
    wrong = [
        (rule, name)
        for rule, names in rows().items()
        for name in names
        if rule not in (here / name).read_text().upper()
    ]
    assert wrong == []
