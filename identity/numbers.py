"""Identity numbers: checked by python-stdnum, shown masked (law: 个人信息保护法 25, 51; GB 11643, GB 32100)."""

import re
import unicodedata
from datetime import date

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from stdnum.cn import ric, uscc
from stdnum.exceptions import InvalidChecksum, InvalidLength
from stdnum.exceptions import ValidationError as NumberError

# The county part is not compared with a list: counties are founded faster than lists are published, and 83 (residence
# permits of people from Taiwan) is in none. The provincial part hardly ever changes.
PROVINCES = frozenset(
    (*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66), 71, 81, 82, 83)
)
MOBILE = re.compile(r"1[3-9]\d{9}")
LANDLINE = re.compile(r"0\d{2,3}-?\d{7,8}")


def compact(text: str) -> str:
    """Half-width, upper-case, without spaces and hyphens: how people paste numbers, made one form."""
    return re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", text)).upper()


def clean_id_number(text: str) -> str:
    """The 18-character citizen number in its one form; ValidationError in plain words otherwise."""
    number = compact(text)
    if len(number) != 18:
        raise ValidationError(_("身份证号应为 18 位，您填了 %(count)d 位，请核对。"), params={"count": len(number)})
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        raise ValidationError(_("身份证号只能是数字，最后一位可以是 X，请核对。"))
    if number[-1] != ric.calc_check_digit(number):
        raise ValidationError(_("身份证号的校验位不对，可能有一位抄错了，请对照证件核对。"))
    if int(number[:2]) not in PROVINCES or not _is_birth_date(number):
        raise ValidationError(_("身份证号中的地区或出生日期不存在，请对照证件核对。"))
    return number


def _is_birth_date(number: str) -> bool:
    try:
        return date(1880, 1, 1) <= ric.get_birth_date(number) <= timezone.localdate()
    except NumberError:
        return False


def is_under_14(id_number: str) -> bool:
    """Whether the person of a valid citizen number is younger than 14 today (个人信息保护法 31)."""
    born, today = ric.get_birth_date(id_number), timezone.localdate()
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day)) < 14


def clean_uscc(text: str) -> str:
    """The 18-character unified social credit code in its one form; ValidationError in plain words otherwise."""
    try:
        return uscc.validate(compact(text))
    except InvalidLength as error:
        raise ValidationError(_("统一社会信用代码应为 18 位，请对照营业执照核对。")) from error
    except InvalidChecksum as error:
        raise ValidationError(_("统一社会信用代码的校验位不对，可能有一位抄错了，请对照营业执照核对。")) from error
    except NumberError as error:
        raise ValidationError(
            _("统一社会信用代码只含数字和大写字母（没有 I、O、S、V、Z），请对照营业执照核对。")
        ) from error


def clean_phone(text: str) -> str:
    """A mainland mobile number, 11 digits; ValidationError otherwise."""
    number = compact(text).removeprefix("+86")
    if not MOBILE.fullmatch(number):
        raise ValidationError(_("手机号应为 1 开头的 11 位数字，请核对。"))
    return number


def clean_callback(text: str) -> str:
    """A mobile number or a landline with its area code, half-width; empty stays empty. ValidationError otherwise."""
    number = compact(text).removeprefix("+86")
    if number and not (MOBILE.fullmatch(number) or LANDLINE.fullmatch(number)):
        raise ValidationError(_("请填写 11 位手机号码，或者带区号的固定电话，例如 0839-5550100。"))
    return number


def mask_id_number(number: str) -> str:
    """First and last character only: ``1***************X``."""
    return number if len(number) < 3 else number[0] + "*" * (len(number) - 2) + number[-1]


def mask_uscc(number: str) -> str:
    """First and last four: the code is public, but is not repeated whole where it is not needed."""
    return number if len(number) < 9 else number[:4] + "*" * (len(number) - 8) + number[-4:]


def mask_name(name: str) -> str:
    """A natural person's name for the public list: surname and one star, ``张*``."""
    return name[:1] + "*" if name else ""


def mask_phone(phone: str) -> str:
    """``138****1234``; shorter numbers keep their last two digits."""
    if len(phone) < 8:
        return "*" * max(len(phone) - 2, 0) + phone[-2:]
    return phone[:3] + "*" * (len(phone) - 7) + phone[-4:]
