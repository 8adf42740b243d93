"""Checks of fields 9-13: conditions, materials, forms to download, fee, procedure."""

import re
from collections import Counter
from itertools import groupby

from matters import codes
from matters.checks.basics import working_days
from matters.checks.problem import Findings, is_blank
from matters.guide import GuideContent, Material, Step

KEY = re.compile(r"[a-z][a-z0-9_-]{0,49}", re.ASCII)
NO_CONDITION = re.compile(r"(?:应当?|须)?符合(?:相关|有关|规定的?|法定|上述)*(?:条件|要求|规定)的?[。；]?")
NO_MATERIAL = re.compile(r"(?:其[他它]|相关|有关|所需|必要的?)+(?:材料|资料|文件|证明)")
FILE_FORMATS = frozenset(["pdf", "ofd", "jpg", "jpeg", "png", "doc", "docx", "xls", "xlsx", "zip", "dwg", "dxf", "mp4"])
FORM_FORMATS = frozenset(["pdf", "docx", "ofd", "xlsx"])
LICENCE_STEPS = 5


def check_conditions(content: GuideContent, found: Findings) -> None:
    """Field 9: at least one, each saying something (行政许可法 art. 30)."""
    if not content.guide.conditions:
        found.add("", "申请条件至少要有一条。")
    for index, condition in enumerate(content.guide.conditions):
        if len(condition.text) < 4 or is_blank(condition.text):
            found.add(f"{index}.text", f"第 {index + 1} 条申请条件太短，请写清楚。")
        elif NO_CONDITION.fullmatch(condition.text):
            found.add(f"{index}.text", f"第 {index + 1} 条申请条件“{condition.text}”没有说清楚，请写明具体条件。")


def check_materials(content: GuideContent, found: Findings) -> None:
    """Field 10: no catch-all; each with necessity, source, number and the article that asks for it."""
    if "materials" not in content.guide.model_fields_set:
        found.add("", "所需要件和表格还没有填写；确实不需要材料时，请写空列表 []。")
    materials = content.guide.materials
    for index, material in enumerate(materials):
        _check_material(material, index, found)
    wanted = [material for material in materials if material.necessity in ("必要", "可容缺")]
    if wanted and all(material.is_deferrable for material in wanted):
        found.add("", "材料不能全部容缺：至少有一份主要材料是必要的。")
    _no_twins([material.name for material in materials], "name", "材料名称", found)
    _no_twins([material.key for material in materials], "key", "材料标识（key）", found)


def _check_material(material: Material, index: int, found: Findings) -> None:
    where = f"第 {index + 1} 份材料"
    if found.need(material.name, f"{index}.name", f"{where}的名称"):
        if len(material.name) > 200:
            found.add(f"{index}.name", f"{where}的名称不能超过 200 个字。")
        if NO_MATERIAL.fullmatch(material.name):
            found.add(f"{index}.name", f"{where}“{material.name}”没有说清楚是什么，请写明具体材料。")
    if not KEY.fullmatch(material.key):
        found.add(f"{index}.key", f"{where}的标识（key）应以小写字母开头，只含小写字母、数字、- 和 _。")
    found.need(material.necessity, f"{index}.necessity", f"{where}的必要性")
    found.need(material.source, f"{index}.source", f"{where}的来源")
    found.need(material.basis, f"{index}.basis", f"{where}“{material.name}”的依据")
    if not (material.originals or material.copies or material.electronic):
        found.add(f"{index}.copies", f"{where}既不要原件、复印件，也不收电子件，请写明份数。")
    if material.is_deferrable and (material.kind == "form" or not material.electronic):
        found.add(
            f"{index}.necessity",
            f"{where}“{material.name}”是申请表或者不收电子件，不能容缺：容缺的只能是可以网上补交的次要材料。",
        )
    unknown = [extension for extension in material.formats if extension not in FILE_FORMATS]
    if unknown:
        found.add(f"{index}.formats", f"{where}的文件格式“{'、'.join(unknown)}”不能接收。")
    if material.electronic and not material.formats:
        found.add(f"{index}.formats", f"{where}收电子件，请写明文件格式。")


def _no_twins(values: list[str], name: str, label: str, found: Findings) -> None:
    for value, times in Counter(value for value in values if value).items():
        if times > 1:
            last = len(values) - 1 - values[::-1].index(value)
            found.add(f"{last}.{name}", f"{label}“{value}”重复了 {times} 次。")


def check_form_downloads(content: GuideContent, found: Findings) -> None:
    """Field 11: every form has a blank and a filled sample (行政许可法 arts. 29-30)."""
    downloads = content.guide.form_downloads
    keys = {material.key for material in content.guide.materials}
    for index, download in enumerate(downloads):
        if download.material_key not in keys:
            found.add(
                f"{index}.material_key", f"第 {index + 1} 份表格对应的材料“{download.material_key}”不在材料清单里。"
            )
        if download.format.lower() not in FORM_FORMATS:
            found.add(f"{index}.format", f"第 {index + 1} 份表格的格式应为 pdf、docx、ofd 或 xlsx。")
        found.need(download.name, f"{index}.name", f"第 {index + 1} 份表格的名称")
        found.need(download.blank, f"{index}.blank", f"第 {index + 1} 份表格的空白表")
        found.need(download.sample, f"{index}.sample", f"第 {index + 1} 份表格的填写样表")
    offered = {download.material_key for download in downloads}
    for material in content.guide.materials:
        if material.kind == "form" and material.key not in offered:
            found.add("", f"申请表“{material.name}”没有可下载的空白表和样表。")


def check_fee_standard(content: GuideContent, found: Findings) -> None:
    """Field 12: a fee has item, standard, basis and online payment; no fee has none of them."""
    fee = content.guide.fee_standard
    if "is_fee" not in fee.model_fields_set:
        found.add("is_fee", "是否收费还没有填写。")
        return
    if not fee.is_fee:
        if fee.items:
            found.add("items", "不收费的事项不应列出收费项目。")
        if fee.online_pay:
            found.add("online_pay", "不收费的事项不应开通网上缴费。")
        return
    if not fee.items:
        found.add("items", "收费事项至少要有一个收费项目。")
    if not fee.online_pay:
        found.add("online_pay", "收费事项应开通网上缴费。")
    for index, item in enumerate(fee.items):
        where = f"第 {index + 1} 个收费项目的"
        found.need(item.name, f"items.{index}.name", f"{where}名称")
        found.need(item.standard, f"items.{index}.standard", f"{where}标准")
        found.need(item.basis, f"items.{index}.basis", f"{where}依据")


def check_procedure(content: GuideContent, found: Findings) -> None:
    """Field 13: who does what in which step; a licence shows all five; the steps keep the promise.

    Where a scenario chooses among the steps, the way is judged for every situation (``checks.scenario``).
    """
    steps = content.guide.procedure
    if not steps:
        found.add("", "办理指南（办理流程）还没有填写。")
        return
    for index, step in enumerate(steps):
        _check_step(step, index, found)
    if not content.scenario.questions:
        check_way(content, found)


def check_way(content: GuideContent, found: Findings) -> None:
    """The procedure as a whole: its kinds of steps, the route that a case walks, the limits."""
    _check_kinds(content, found)
    _check_route(content.guide.procedure, found)
    _check_sums(content, found)


def _check_step(step: Step, index: int, found: Findings) -> None:
    where = f"第 {index + 1} 个环节"
    found.need(step.name, f"{index}.name", f"{where}的名称")
    found.need(step.kind, f"{index}.kind", f"{where}的类别")
    found.need(step.role, f"{index}.role", f"{where}的办理人员")
    found.need(step.content, f"{index}.content", f"{where}“{step.name}”做什么")
    if "working_days" not in step.model_fields_set:
        found.add(f"{index}.working_days", f"{where}“{step.name}”的时限（工作日）还没有填写。")
    if step.kind in ("review", "decide") and step.role == "applicant":
        found.add(f"{index}.role", f"{where}“{step.name}”由工作人员办理，不能写申请人。")


def _check_kinds(content: GuideContent, found: Findings) -> None:
    steps = content.guide.procedure
    present = {step.kind for step in steps}
    wanted = codes.STEP_KINDS if content.header.is_licence else ("apply", "decide")
    for kind in wanted:
        if kind not in present:
            found.add("", f"办理指南缺少“{codes.STEP_KINDS[kind]}”环节。")
    if content.header.is_licence and len(steps) < LICENCE_STEPS:
        found.add("", f"行政许可的办理指南至少要有 5 个环节，现在是 {len(steps)} 个。")


def _check_route(steps: list[Step], found: Findings) -> None:
    """The way that a case walks: all reviews before one decision. Otherwise it would stand still."""
    decisions = [step.order for step in steps if step.kind == "decide"]
    last = max(decisions, default=0)
    if decisions.count(last) > 1:
        found.add("", "最后一个“决定”环节只能有一个；由几个部门分别办理的，请写成“审查”环节。")
    if decisions and any(step.kind == "review" and step.order >= last for step in steps):
        found.add("", "“审查”环节都应排在最后的“决定”环节之前。")


def _check_sums(content: GuideContent, found: Findings) -> None:
    """Each stretch of the procedure against its own limit: intake, decision, delivery."""
    guide = content.guide
    stretches = (
        (("apply", "accept"), guide.acceptance_limit, "acceptance_limit", "申请、受理环节", "受理期限"),
        (("review", "decide"), working_days(guide.promised_limit), "promised_limit", "审查、决定环节", "承诺期限"),
        (("deliver",), guide.outcome.delivery_days, "outcome", "送达环节", "送达期限"),
    )
    for kinds, limit, needed, what, name in stretches:
        total = longest_way([step for step in guide.procedure if step.kind in kinds])
        if needed in guide.model_fields_set and total > limit:
            found.add("", f"{what}合计 {total} 个工作日，超过了{name}（{limit} 个工作日）。")


def longest_way(steps: list[Step]) -> int:
    """Working days of a row of steps; of steps side by side (same order) only the longest counts."""
    ordered = sorted(steps, key=lambda step: step.order)
    return sum(max(step.working_days for step in group) for _, group in groupby(ordered, key=lambda step: step.order))
