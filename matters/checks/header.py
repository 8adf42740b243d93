"""Checks of what stands beside the twenty fields: codes, type, audiences, themes, questions and answers."""

import re

from matters import itemcodes
from matters.checks.problem import Findings
from matters.guide import GuideContent, Header

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,49}", re.ASCII)
SPLIT_BY_LEVEL = "7"
DAY = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])", re.ASCII)
SHORTEST_PLEDGE = 10
# What 国办发〔2020〕42号 leaves out: state and public safety, the environment, life and health, high risk.
NO_PLEDGE = (
    "国家安全",
    "公共安全",
    "危险化学品",
    "爆炸",
    "枪支",
    "放射",
    "核材料",
    "药品",
    "医疗",
    "特种设备",
    "燃气",
    "金融",
    "外汇",
)
PERSON = "1"
# Which audiences belong to which applicants (law.md §2.4: 服务对象 agrees with theme lists).
ORGANISATIONS = {"2", "3", "4", "5", "6"}


def check_header(content: GuideContent, found: Findings) -> None:
    """Codes, type and kind; whom it is for; a licence answers at least one frequent question."""
    header = content.header
    _check_codes(content, found)
    found.need(header.type_code, "type_code", "事项类型")
    found.need(header.case_kind, "case_kind", "办件类型")
    if not header.themes:
        found.add("themes", "主题分类至少要选一个。")
    if any(len(theme) > 50 for theme in header.themes):
        found.add("themes", "主题分类的名称不能超过 50 个字。")
    _check_audiences(header, found)
    _check_faq(header, found)
    _check_quota(header, found)
    _check_commitment(content, found)


def _check_quota(header: Header, found: Findings) -> None:
    """行政许可法 art. 57: a number says in words what is counted and how the order is kept."""
    if header.quota and not header.number_limit:
        found.add("number_limit", "填写了数量，请写明限的是什么、怎么排序（行政许可法第五十七条）。")
    if header.quota_from and not DAY.fullmatch(header.quota_from):
        found.add("quota_from", "数量从哪天起算，应写成 2026-01-01 的样子。")


def _check_commitment(content: GuideContent, found: Findings) -> None:
    """国办发〔2020〕42号: the pledge is written out; what touches safety, health and the like is examined before."""
    header = content.header
    if not header.commitment:
        return
    if len(header.commitment_text) < SHORTEST_PLEDGE:
        found.add("commitment_text", "实行告知承诺的，请写明申请人承诺的内容，至少 10 个字。")
    named = " ".join([content.guide.matter_name, *header.themes])
    unfit = [word for word in NO_PLEDGE if word in named]
    if unfit:
        found.add("commitment", f"涉及“{'、'.join(unfit)}”的事项直接关系公共安全或者人身健康，不能实行告知承诺。")


def _check_codes(content: GuideContent, found: Findings) -> None:
    """The codes' own form, and their parts against what the guide says (GB/T 39046, GB 32100)."""
    header, guide = content.header, content.guide
    if header.base_code:
        for message in itemcodes.base_faults(header.base_code, header.type_code):
            found.add("base_code", message)
    if not found.need(header.code, "code", "实施编码"):
        return
    if not CODE.fullmatch(header.code):
        found.add("code", "实施编码最多 50 位，只含字母、数字、点、- 和 _。")
    # Of a matter split by level (分级管理), each level's organ has its own code.
    level = "" if guide.handling_level.level == SPLIT_BY_LEVEL else guide.handling_level.level
    claims = itemcodes.Claims(guide.department.uscc, level, header.base_code, header.type_code)
    for message in itemcodes.faults(header.code, claims):
        found.add("code", message)


def _check_audiences(header: Header, found: Findings) -> None:
    objects, audiences = set(header.service_objects), set(header.audiences)
    if not objects:
        found.add("service_objects", "服务对象至少要选一个。")
    if not audiences:
        found.add("audiences", "面向人群至少要选一个。")
    if not (objects and audiences):
        return
    if "person" in audiences and PERSON not in objects:
        found.add("service_objects", "面向个人的事项，服务对象应包括自然人。")
    if "enterprise" in audiences and not objects & ORGANISATIONS:
        found.add("service_objects", "面向企业的事项，服务对象应包括法人或其他组织。")
    if audiences == {"person"} and objects == {"2"}:
        found.add("audiences", "服务对象是企业法人，面向人群应包括企业。")


def _check_faq(header: Header, found: Findings) -> None:
    if header.is_licence and not header.faq:
        found.add("faq", "行政许可至少要有一个常见问题。")
    for index, faq in enumerate(header.faq):
        found.need(faq.question, f"faq.{index}.question", f"第 {index + 1} 个常见问题")
        found.need(faq.answer, f"faq.{index}.answer", f"第 {index + 1} 个常见问题的回答")
