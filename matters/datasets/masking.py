"""What is left of a value that may not be shown whole (law: 个人信息保护法 25; 政府信息公开条例 15). Pure; inner side only."""

import re
from collections.abc import Callable

from identity import numbers

# Up to the county: 四川省云川市青溪区, 云川市青溪县, 青溪区. Roads, villages and housing estates (小区, 社区, 园区) are further down.
_PLACE = r"[^\d\s,，。、路街巷道弄村镇乡号]"
_DISTRICT = re.compile(
    rf"(?:{_PLACE}{{1,8}}?(?:省|自治区))?(?:{_PLACE}{{1,10}}?(?:市|自治州|地区|盟))?"
    rf"{_PLACE}{{1,6}}?(?:(?<![小社园])区|县|旗|市(?!场))"
)


def district(address: str) -> str:
    """The address up to its district or county; stars where none can be told, never a street."""
    found = _DISTRICT.match(address.strip())
    return found.group() + "***" if found else "***"


def hidden(_text: str) -> str:
    """Nothing."""
    return ""


MASKERS: dict[str, Callable[[str], str]] = {
    "": str,
    "person": numbers.mask_name,
    "id_number": numbers.mask_id_number,
    "phone": numbers.mask_phone,
    "district": district,
    "hidden": hidden,
}


def mask(kind: str, text: str) -> str:
    """The text as the public may see it; empty stays empty."""
    return MASKERS[kind](text) if text else ""
