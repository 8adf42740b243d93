"""Checks of fields 14-20: where, what comes of it, whom to ask, levels and service capability."""

import re

from identity.numbers import PROVINCES
from matters import codes
from matters.checks.contacts import is_email, is_phone, is_url
from matters.checks.problem import Findings
from matters.guide import GuideContent, Outcome, Point

MAX_DELIVERY_DAYS = 10
# A name that ends in 证 is a certificate; 凭证, 公证 and the like are not.
CERTIFICATE_NAME = re.compile(r"(?<![凭公认验])证$")
REGION = re.compile(r"\d{6}", re.ASCII)
# Which digits of a region code a level leaves at 0: a province, a city; a county and below use all.
REGION_ENDS = {"1": "0000", "2": "0000", "3": "00"}
# 99 is no province of GB/T 2260: invented cities (the demo, exercises) live there.
KNOWN_PROVINCES = PROVINCES | {0, 99}
BELOW_CITY = {"4", "5", "6"}


def check_service_address(content: GuideContent, found: Findings) -> None:
    """Field 14: a web address or a hall with address and window."""
    place = content.guide.service_address
    if not (place.online_url or place.hall_name):
        found.add("", "服务地址还没有填写：网上办理地址和办事大厅至少写一个。")
    if place.online_url and not is_url(place.online_url):
        found.add("online_url", f"网上办理地址“{place.online_url}”应是以 http:// 或 https:// 开头的网址。")
    if place.hall_name:
        found.need(place.address, "address", "办事大厅的地址")
        found.need(place.window_no, "window_no", "办事大厅的窗口")


def check_outcome(content: GuideContent, found: Findings) -> None:
    """Field 15: what is given, its sample, and delivery in at most 10 working days (行政许可法 arts. 39, 44)."""
    outcome = content.guide.outcome
    if found.need(outcome.type, "type", "业务成果的类型") and outcome.type in (codes.CERTIFICATE, codes.APPROVAL):
        found.need(outcome.name, "name", "业务成果的名称")
    if outcome.name:
        found.need(outcome.sample, "sample", f"业务成果“{outcome.name}”的样本")
        _check_name_and_type(outcome, found)
    if not outcome.delivery:
        found.add("delivery", "业务成果的送达方式还没有填写。")
    if outcome.delivery_days > MAX_DELIVERY_DAYS:
        found.add("delivery_days", "送达期限不能超过 10 个工作日（行政许可法第四十四条）。")
    if outcome.validity.unit != "P" and not outcome.validity.value:
        found.add("validity", "业务成果的有效期还没有填写；长期有效请选“长期”（P）。")


def _check_name_and_type(outcome: Outcome, found: Findings) -> None:
    wanted = ""
    if CERTIFICATE_NAME.search(outcome.name):
        wanted = codes.CERTIFICATE
    elif outcome.name.endswith(("文", "批复")):
        wanted = codes.APPROVAL
    if wanted and outcome.type and outcome.type != wanted:
        found.add("type", f"业务成果名为“{outcome.name}”，类型应为{codes.OUTCOME_TYPES[wanted]}（{wanted}）。")


def check_contact(content: GuideContent, found: Findings) -> None:
    """Field 16: numbers with area code; complaints do not go to the desk complained of."""
    contact = content.guide.contact
    for name, value, label in (
        ("phone", contact.phone, "咨询电话"),
        ("complaint_phone", contact.complaint_phone, "投诉电话"),
    ):
        if found.need(value, name, label) and not is_phone(value):
            found.add(name, f"{label}“{value}”应带区号，例如 0800-8123456。")
    if contact.phone and contact.phone == contact.complaint_phone:
        found.add("complaint_phone", "投诉电话不能和咨询电话相同。")
    if found.need(contact.email, "email", "电子邮件地址") and not is_email(contact.email):
        found.add("email", f"电子邮件地址“{contact.email}”格式不对。")
    if contact.complaint_url and not is_url(contact.complaint_url):
        found.add("complaint_url", "投诉网址应以 http:// 或 https:// 开头。")


def check_acceptance_level_place(content: GuideContent, found: Findings) -> None:
    """Field 17: level, region code fitting the level, organ and place."""
    place = content.guide.acceptance_level_place
    found.need(place.level, "level", "受理级别")
    found.need(place.org, "org", "受理机关")
    found.need(place.place, "place", "受理地点")
    if not found.need(place.region, "region", "受理地行政区划代码"):
        return
    if not REGION.fullmatch(place.region) or int(place.region[:2]) not in KNOWN_PROVINCES:
        found.add("region", f"行政区划代码“{place.region}”应为 6 位数字，前两位是省级代码。")
    elif not _level_fits_region(place.level, place.region):
        found.add("region", f"行政区划代码 {place.region} 和受理级别（{codes.LEVELS.get(place.level, '')}）不一致。")


def _level_fits_region(level: str, region: str) -> bool:
    if level in REGION_ENDS:
        return region.endswith(REGION_ENDS[level])
    return not (level in BELOW_CITY and region.endswith("00"))


def check_district_points(content: GuideContent, found: Findings) -> None:
    """Field 18: places in the districts; an explicit none unless the matter crosses regions or is split by level."""
    if "district_points" not in content.guide.model_fields_set:
        found.add("", "各区县受理地点还没有填写；没有时请写“无”。")
        return
    points = content.guide.district_points
    crosses = content.header.cross_scope or content.guide.handling_level.level == "7"
    if crosses and not points:
        found.add("", "通办或分级管理的事项，至少要写一个区县受理地点。")
    for index, point in enumerate(points):
        _check_point(point, index, content.guide.acceptance_level_place.region, found)


def _check_point(point: Point, index: int, hall_region: str, found: Findings) -> None:
    where = f"第 {index + 1} 个受理地点的"
    found.need(point.address, f"{index}.address", f"{where}地址")
    found.need(point.hours, f"{index}.hours", f"{where}受理时间")
    if found.need(point.phone, f"{index}.phone", f"{where}电话") and not is_phone(point.phone):
        found.add(f"{index}.phone", f"{where}电话“{point.phone}”应带区号。")
    if not found.need(point.region, f"{index}.region", f"{where}行政区划代码"):
        return
    prefix = re.sub(r"(?:00){1,2}$", "", hall_region)
    if not point.region.isdecimal() or len(point.region) < 6 or not point.region.startswith(prefix):
        found.add(f"{index}.region", f"{where}行政区划代码“{point.region}”不在本地（{hall_region}）范围内。")


def check_handling_level(content: GuideContent, found: Findings) -> None:
    """Field 19: who decides; split by level says how; never lower than where the case was taken in."""
    handling, acceptance = content.guide.handling_level, content.guide.acceptance_level_place.level
    if not found.need(handling.level, "level", "办理级别"):
        return
    if handling.level == "7":
        found.need(handling.division_of_power, "division_of_power", "分级管理的权限划分")
    elif acceptance and acceptance != "7" and handling.level > acceptance:
        found.add("level", "办理级别不能低于受理级别：上报办理的，由更高一级机关决定。")


def check_service_capability(content: GuideContent, found: Findings) -> None:
    """Field 20: depth and channels; visits and their reason agree with them."""
    capability = content.guide.service_capability
    if not capability.depth:
        found.add("depth", "网上办理深度还没有填写。")
    if not capability.channels:
        found.add("channels", "办理形式还没有填写。")
    if "visits" not in capability.model_fields_set:
        found.add("visits", "到办事现场次数还没有填写。")
        return
    is_online = bool(codes.ONLINE_CHANNELS & set(capability.channels))
    fully_online = is_online and bool(codes.FULLY_ONLINE_DEPTHS & set(capability.depth))
    if capability.visits:
        found.need(capability.reason, "reason", "需要到现场的原因")
        if fully_online:
            found.add("visits", "网上办理深度已到“互联网办理”，到现场次数应为 0。")
        return
    if not (fully_online or codes.MAIL_CHANNEL in capability.channels or content.header.express):
        found.add("visits", "到现场次数为 0，但既不能全程网办，也没有快递申请，请核对。")
    if not is_online:
        found.need(capability.reason, "reason", "不能网上办理的原因")
    elif capability.reason:
        found.add("reason", "不需要到现场的事项，不应填写必须到现场的原因。")
