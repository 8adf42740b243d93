"""Checks of fields 1-8: what it is, who does it, on which law, how long, when."""

import re
from datetime import date

from django.core.exceptions import ValidationError

from identity.numbers import clean_uscc
from matters import codes
from matters.checks.contacts import is_phone
from matters.checks.problem import Findings
from matters.guide import GuideContent, LegalBasis, Limit

REPEATED_ENDING = re.compile(r"(?:审批|许可){2,}$")
TIME = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d", re.ASCII)
SEASON = re.compile(r"(?:\d{4}-)?\d{2}-\d{2}", re.ASCII)
# Only to compare limits of different units; no due date is ever counted with it.
NATURAL_DAYS = {"G": 7 / 5, "Z": 1.0, "M": 30.0}
GENERAL_LIMIT = (20, "G")
MAX_ACCEPTANCE_DAYS = 5


def natural_days(limit: Limit) -> float:
    """A limit's length in natural days, roughly, for comparing units."""
    return limit.value * NATURAL_DAYS.get(limit.unit, 1.0)


def working_days(limit: Limit) -> int:
    """A limit's length in working days, roughly unless it is written in them."""
    return limit.value if limit.unit == "G" else round(natural_days(limit) / NATURAL_DAYS["G"])


def check_matter_name(content: GuideContent, found: Findings) -> None:
    """Field 1: 2-200 characters, no doubled ending."""
    name = content.guide.matter_name
    if not found.need(name, "", "业务名称"):
        return
    if not 2 <= len(name) <= 200:
        found.add("", f"业务名称应为 2 到 200 个字，现在是 {len(name)} 个字。")
    if REPEATED_ENDING.search(name):
        found.add("", "业务名称末尾重复了“审批”“许可”，请只留一个。")


def check_department(content: GuideContent, found: Findings) -> None:
    """Field 2: name, credit code with check digit (GB 32100), nature; an entrusted organ names who entrusted it."""
    department = content.guide.department
    if found.need(department.name, "name", "部门名称") and len(department.name) > 100:
        found.add("name", "部门名称不能超过 100 个字。")
    if found.need(department.uscc, "uscc", "部门的统一社会信用代码"):
        try:
            clean_uscc(department.uscc)
        except ValidationError as error:
            found.add("uscc", "；".join(error.messages))
    found.need(department.org_nature, "org_nature", "部门性质")
    if department.org_nature == "3":
        found.need(department.entrusting_body, "entrusting_body", "部门性质是受委托组织，委托机关")


def check_responsible_office(content: GuideContent, found: Findings) -> None:
    """Field 3: the office and its telephone."""
    office = content.guide.responsible_office
    found.need(office.name, "name", "责任处室")
    if found.need(office.phone, "phone", "责任处室的电话") and not is_phone(office.phone):
        found.add("phone", f"责任处室的电话“{office.phone}”应带区号，例如 0800-8123456。")


def check_legal_basis(content: GuideContent, found: Findings) -> None:
    """Field 4: at least one whole entry; a licence needs one that may create it (行政许可法 arts. 14-17)."""
    bases = content.guide.legal_basis
    if not bases:
        found.add("", "办理依据至少要有一条。")
    for index, basis in enumerate(bases):
        _check_basis(basis, index, found)
    licensing = any(basis.level in codes.LICENSING_BASIS_LEVELS for basis in bases)
    if bases and content.header.is_licence and not licensing:
        found.add("", "行政许可的办理依据至少要有一条法律、行政法规、国务院决定、地方性法规或省级政府规章。")


def _check_basis(basis: LegalBasis, index: int, found: Findings) -> None:
    where = f"第 {index + 1} 条办理依据的"
    found.need(basis.level, f"{index}.level", f"{where}效力层级")
    found.need(basis.title, f"{index}.title", f"{where}名称")
    found.need(basis.doc_no, f"{index}.doc_no", f"{where}文号")
    found.need(basis.article, f"{index}.article", f"{where}条款号")
    found.need(basis.text, f"{index}.text", f"{where}条文内容")


def check_acceptance_limit(content: GuideContent, found: Findings) -> None:
    """Field 5: 0-5 working days (行政许可法 art. 32)."""
    if "acceptance_limit" not in content.guide.model_fields_set:
        found.add("", "受理期限还没有填写。")
    elif content.guide.acceptance_limit > MAX_ACCEPTANCE_DAYS:
        found.add(
            "", f"受理期限应为 0 到 5 个工作日（行政许可法第三十二条），现在是 {content.guide.acceptance_limit}。"
        )


def check_feedback_limit(content: GuideContent, found: Findings) -> None:
    """Field 6: the statutory limit; other than 20 working days it cites the article (行政许可法 art. 42)."""
    if not _limit_is_said(content, "feedback_limit", found):
        return
    limit, bases = content.guide.feedback_limit, content.guide.legal_basis
    if (limit.value, limit.unit) == GENERAL_LIMIT:
        return
    if not limit.article:
        if content.header.is_licence or not limit.note:
            found.add("article", "法定时限不是 20 个工作日，请写明出自哪一条（article）。")
    elif bases and not any(_cites(limit.article, basis) for basis in bases):
        found.add("article", f"“{limit.article}”不在办理依据里，请先把这一条列入办理依据。")


def _cites(article: str, basis: LegalBasis) -> bool:
    title = basis.title.strip("《》").removeprefix("中华人民共和国")
    return bool((title and title in article) or (basis.article and basis.article in article))


def _limit_is_said(content: GuideContent, key: str, found: Findings) -> bool:
    limit = getattr(content.guide, key)
    if key not in content.guide.model_fields_set or "value" not in limit.model_fields_set:
        found.add("value", "时限的数值（value）还没有填写。")
        return False
    return found.need(limit.unit, "unit", "时限的单位")


def check_promised_limit(content: GuideContent, found: Findings) -> None:
    """Field 7: not longer than the law's; 0 exactly for what is decided on the spot."""
    if not _limit_is_said(content, "promised_limit", found):
        return
    promised, statutory = content.guide.promised_limit, content.guide.feedback_limit
    if "feedback_limit" in content.guide.model_fields_set and natural_days(promised) > natural_days(statutory):
        found.add("value", "承诺期限不能长于法定的反馈时限。")
    if not content.header.case_kind:
        return
    if content.header.is_instant and promised.value:
        found.add("value", "即办件的承诺期限应为 0。")
    if not content.header.is_instant and not promised.value:
        found.add("value", "承诺期限为 0 时，办件类型应为即办件。")


def check_acceptance_window(content: GuideContent, found: Findings) -> None:
    """Field 8: at least one weekly slot or a season."""
    window = content.guide.acceptance_window
    if not window.weekly_hours and not window.season_from:
        found.add("", "受理起止时间还没有填写：请至少写一段每周受理时间，或写明受理季节。")
    for index, slot in enumerate(window.weekly_hours):
        if not slot.days:
            found.add(f"weekly_hours.{index}.days", f"第 {index + 1} 段受理时间没有选星期几。")
        if not (TIME.fullmatch(slot.open) and TIME.fullmatch(slot.close)):
            found.add(f"weekly_hours.{index}", f"第 {index + 1} 段受理时间应写成 09:00 至 17:00 的样子。")
        elif slot.open >= slot.close:
            found.add(f"weekly_hours.{index}", f"第 {index + 1} 段受理时间的结束应晚于开始。")
    for name in ("season_from", "season_to"):
        value = getattr(window, name)
        if value and not _is_season_day(value):
            found.add(name, f"受理季节的日期“{value}”应写成 03-01 或 2026-03-01 的样子。")
    if bool(window.season_from) != bool(window.season_to):
        found.add("season_to", "受理季节的开始和结束日期要同时写。")


def _is_season_day(text: str) -> bool:
    if not SEASON.fullmatch(text):
        return False
    try:
        date.fromisoformat(text if len(text) == 10 else f"2024-{text}")
    except ValueError:
        return False
    return True
