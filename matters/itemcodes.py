"""Codes of matters: the national structure of numbers, taken apart and explained, and checked against the guide.

国办 政务服务事项基本编码: 12 digits (region 2, type 2, department 2, main item 3, sub-item 3). The implementation code is the organ's
credit code (18), its level (1) and the base code (31 in all); a business item adds two digits (33). Whatever else a site
uses, of at most 50 characters, is a local code and means nothing to this module.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _
from stdnum.cn import uscc

from matters import codes

BASE = re.compile(r"\d{12}", re.ASCII)
# A code claims to be of the national form by its shape alone: 18 characters of a credit code, a level, a base code.
STANDARD = re.compile(r"(?P<uscc>[0-9A-Z]{18})(?P<level>[1-7])(?P<base>\d{12})(?P<item>\d{2})?", re.ASCII)


class CodeKind(StrEnum):
    """What form a code has."""

    BASE = "base"
    IMPLEMENTATION = "implementation"
    BUSINESS = "business"
    LOCAL = "local"


@dataclass(frozen=True)
class Part:
    """A stretch of a code: its text, what it is, and what it says (empty where only a register knows)."""

    text: str
    name: str
    meaning: str = ""


@dataclass(frozen=True)
class Claims:
    """What a guide says about itself, for comparing with its code; empty where it says nothing."""

    uscc: str = ""
    level: str = ""
    base_code: str = ""
    type_code: str = ""


def kind_of(code: str) -> CodeKind:
    """The form that a code claims by its shape; letters are taken as upper case."""
    if BASE.fullmatch(code):
        return CodeKind.BASE
    match = STANDARD.fullmatch(code.upper())
    if match is None:
        return CodeKind.LOCAL
    return CodeKind.BUSINESS if match["item"] else CodeKind.IMPLEMENTATION


def describe(code: str) -> list[Part]:
    """The parts of a code of the national form, in order; none for a local code."""
    if BASE.fullmatch(code):
        return _base_parts(code)
    match = STANDARD.fullmatch(code.upper())
    if match is None:
        return []
    parts = [
        Part(match["uscc"], _("实施机关的统一社会信用代码")),
        Part(match["level"], _("行使层级"), str(codes.LEVELS[match["level"]])),
        *_base_parts(match["base"]),
    ]
    return [*parts, Part(match["item"], _("业务办理项"))] if match["item"] else parts


def _base_parts(code: str) -> list[Part]:
    region, kind, department, main, sub = code[:2], code[2:4], code[4:6], code[6:9], code[9:]
    return [
        Part(region, _("地区"), _("国家统一") if region == "00" else ""),
        Part(kind, _("事项类型"), str(codes.MATTER_TYPES.get(kind, ""))),
        Part(department, _("部门")),
        Part(main, _("主项")),
        Part(sub, _("子项"), _("没有子项") if sub == "000" else ""),
    ]


def faults(code: str, claims: Claims) -> list[str]:
    """What is wrong with an implementation or business code, in sentences; a local code is never wrong.

    Each part is held against what the guide says: credit code with its check digit (GB 32100), level, base code, type.
    """
    match = STANDARD.fullmatch(code.upper())
    if match is None:
        return []
    found = []
    if not uscc.is_valid(match["uscc"]):
        found.append(f"编码前 18 位 {match['uscc']} 不是正确的统一社会信用代码（校验位不对）。")
    elif claims.uscc and claims.uscc.upper() != match["uscc"]:
        found.append(f"编码前 18 位 {match['uscc']} 和部门的统一社会信用代码 {claims.uscc} 不一致。")
    if claims.level and claims.level != match["level"]:
        found.append(f"编码第 19 位是行使层级 {match['level']}，和办理级别 {claims.level} 不一致。")
    if claims.base_code and claims.base_code != match["base"]:
        found.append(f"编码第 20 至 31 位 {match['base']} 和基本编码 {claims.base_code} 不一致。")
    elif not claims.base_code and (fault := type_fault(match["base"], claims.type_code)):
        found.append(fault)
    return found


def base_faults(code: str, type_code: str) -> list[str]:
    """What is wrong with a base code: its length, its type, its main item."""
    if not BASE.fullmatch(code):
        return ["基本编码应为 12 位数字。"]
    found = [fault] if (fault := type_fault(code, type_code)) else []
    return found if int(code[6:9]) else [*found, "基本编码第 7 至 9 位（主项）不能是 000。"]


def type_fault(base: str, type_code: str) -> str:
    """Why a base code does not belong to the type; empty when it does."""
    if base[2:4] not in codes.MATTER_TYPES:
        return f"基本编码第 3、4 位 {base[2:4]} 不是事项类型。"
    return f"基本编码第 3、4 位应是事项类型 {type_code}。" if type_code and base[2:4] != type_code else ""
