"""Checks of the application form: keys, choices, conditions and limits that the form's compiler can rely on."""

import re
from collections import Counter
from datetime import date
from decimal import Decimal, InvalidOperation

from matters.checks.problem import Findings
from matters.formdef import Field, FormDefinition, Section
from matters.guide import GuideContent

KEY = re.compile(r"[a-z][a-z0-9_]{0,49}", re.ASCII)
WITH_CHOICES = {"choice", "multichoice"}
WITH_NUMBERS = {"integer", "decimal", "money"}
CAN_DECIDE = WITH_CHOICES | {"yesno"}


def check_form(content: GuideContent, found: Findings) -> None:
    """Nothing to check for a matter without online form."""
    form = content.form
    _unique([section.key for section in form.sections], "sections", "部分", found)
    for index, section in enumerate(form.sections):
        _check_section(form, section, f"sections.{index}", found)


def _unique(keys: list[str], path: str, what: str, found: Findings) -> None:
    for index, key in enumerate(keys):
        if not KEY.fullmatch(key):
            found.add(f"{path}.{index}.key", f"{what}标识“{key}”应以小写字母开头，只含小写字母、数字和 _。")
    for key, times in Counter(keys).items():
        if times > 1:
            found.add(path, f"{what}标识“{key}”重复了。")


def _check_section(form: FormDefinition, section: Section, path: str, found: Findings) -> None:
    found.need(section.title, f"{path}.title", "申请表各部分的标题")
    if not section.fields:
        found.add(f"{path}.fields", f"“{section.title}”里没有任何填写项。")
    if section.repeating and section.min_rows > section.max_rows:
        found.add(f"{path}.min_rows", f"“{section.title}”的最少行数大于最多行数。")
    _unique([field.key for field in section.fields], f"{path}.fields", "填写项", found)
    for index, field in enumerate(section.fields):
        where = f"{path}.fields.{index}"
        _check_field(field, where, found)
        _check_shown_when(form, section, field, where, found)


def _check_field(field: Field, path: str, found: Findings) -> None:
    found.need(field.label, f"{path}.label", "填写项的名称")
    found.need(field.type, f"{path}.type", f"“{field.label}”填什么（类型）")
    values = [choice.value for choice in field.choices]
    if field.type in WITH_CHOICES and not all((values, *values)):
        found.add(f"{path}.choices", f"“{field.label}”的选项不能为空。")
    if len(set(values)) != len(values):
        found.add(f"{path}.choices", f"“{field.label}”的选项值有重复。")
    if field.required and not field.example and field.shown_when is None:
        found.add(f"{path}.example", f"“{field.label}”没有示例值，样表无法生成。")
    for name in ("min", "max"):
        if not _fits(field.type, getattr(field, name)):
            found.add(f"{path}.{name}", f"“{field.label}”的最小值、最大值应和填写项类型一致。")
    if field.pattern and not _compiles(field.pattern):
        found.add(f"{path}.pattern", f"“{field.label}”的格式规则（正则表达式）写错了。")


def _fits(kind: str, bound: str) -> bool:
    if not bound:
        return True
    try:
        if kind == "date":
            date.fromisoformat(bound)
        elif kind in WITH_NUMBERS:
            return Decimal(bound).is_finite()
    except (ValueError, InvalidOperation):
        return False
    return kind == "date"


def _compiles(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True


def _check_shown_when(form: FormDefinition, section: Section, field: Field, path: str, found: Findings) -> None:
    rule = field.shown_when
    if rule is None:
        return
    try:
        target_section = form.section(rule.section)
        target = target_section.field(rule.field)
    except KeyError:
        found.add(f"{path}.shown_when", f"“{field.label}”的显示条件指向不存在的填写项 {rule.section}.{rule.field}。")
        return
    if target is field or (target_section.repeating and target_section is not section):
        found.add(f"{path}.shown_when", f"“{field.label}”的显示条件不能指向自己或别的可重复部分。")
    values = {"yes", "no"} if target.type == "yesno" else {choice.value for choice in target.choices}
    if target.type not in CAN_DECIDE or rule.equals not in values:
        found.add(f"{path}.shown_when", f"“{field.label}”的显示条件“{rule.equals}”不是“{target.label}”的选项。")
