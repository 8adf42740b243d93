"""What people write in the demo's history: opinions, reasons, corrections."""

from random import Random
from typing import Any

from applications.models import Application
from applications.models.application import ApplicantKind
from matters.guide import Guide

DELIVERIES = {"电子": "电子送达", "窗口领取": "直接送达", "邮寄": "邮寄送达"}
ON_THE_SPOT = ("材料齐全，当场办理。", "信息核对一致，当场办结。")
ACCEPTED = (
    "材料齐全，符合法定形式，转审查环节。",
    "已核对原件信息和共享证照，转办理科室。",
    "收件核对无误，请尽快安排审查。",
)
REVIEWED = (
    "经审查，申请材料真实有效，符合办理条件。",
    "已到现场核查，场所和设施与申报图纸一致，建议准予。",
    "核对了共享数据，各项信息一致，提请决定。",
    "人员资格和制度文件已逐项核对，没有发现问题。",
    "经核实情况属实，同意转下一环节。",
    "技术资料完整，数据满足标准要求。",
)
GRANTED = ("同意。", "同意审查意见，准予办理。", "符合法定条件，准予。")
PROBLEMS = (
    ("没有签名（盖章）", "请签名或者盖章后重新上传扫描件。"),
    ("扫描件不清楚，看不清日期和编号", "请在光线充足处重新拍摄，四角完整、文字清晰。"),
    ("缺少最后一页", "请补上完整的文件，按页码顺序合成一个PDF。"),
    ("上面的地址与申请表填写的不一致", "请核对地址，上传与申请表一致的文件。"),
    ("已经超过有效期", "请上传仍在有效期内的文件。"),
)
PAUSES = {
    "hearing": ("周边居民申请听证，依法组织听证", 12),
    "tender": ("同一线路有三个以上申请人，依法组织招标", 20),
    "auction": ("年度可采区开采权依法组织拍卖", 20),
    "inspection": ("需要由检验机构进行检验", 8),
    "testing": ("需要委托检测机构对样品进行检测", 7),
    "quarantine": ("需要隔离检疫观察", 10),
    "appraisal": ("需要由专业机构作出鉴定意见", 10),
    "expert_review": ("方案涉及专业技术问题，需要专家评审", 9),
}
EXTENSIONS = ("需要向其他单位核实有关情况，二十日内不能作出决定", "现场情况复杂，需要补充核查")
SENT_BACK = ("核查记录缺少当事人签字，请补充。", "请补充说明核查时的照片对应的位置。")


def correction_items(case: Application, chance: Random) -> list[dict[str, str]]:
    """One or two materials with what is wrong and how to mend it."""
    wanted = [one for one in case.guide.materials if one.electronic and not one.shared_data]
    chosen = chance.sample(wanted, min(len(wanted), chance.choice((1, 1, 2))))
    items = []
    for material in chosen:
        problem, remedy = chance.choice(PROBLEMS)
        items.append(
            {"target": f"material:{material.key}", "label": material.name, "problem": problem, "remedy": remedy}
        )
    return items


PLEDGE_TRUE = "实地核查，承诺的内容属实。"
PLEDGE_FALSE = {
    "reason": "实地核查发现，承诺投入的车辆没有检测合格，与承诺的内容不符。",
    "legal_basis": "《行政许可法》第六十九条第二款",
}
# What lateness makes necessary to say.
LATE = {
    "late_reason": "收到申请时综合窗口系统检修，恢复后即时办理。",
    "overrun_reason": "补充核对材料占用的时间超过预计，向申请人致歉。",
}


def refusal(guide: Guide, chance: Random) -> dict[str, str]:
    """Which condition is not met, and the article."""
    condition, basis = chance.choice(guide.conditions), guide.legal_basis[0]
    title = basis.title.removeprefix("中华人民共和国")
    reason = f"经审查，没有达到下列条件：{condition.text}"
    return {"reason": reason, "legal_basis": f"《{title}》{basis.article}"}


def not_this_organ(case: Application) -> dict[str, str]:
    """The neighbouring county's organ, named."""
    neighbour = f"澄河县{case.department.name.removeprefix('云川市')}"
    return {"reason": "申请的地点不在云川市行政区域内，不属于本机关的管辖范围。", "right_organ": neighbour}


def not_required(case: Application) -> str:
    """Why nothing has to be applied for."""
    if case.guide_version.header.is_licence:
        return "经核对，申请的项目依法不需要取得许可，向本机关备案即可。"
    return "经核对，需要的信息已经通过数据共享登记，不用重复申请。"


def terminated(case: Application) -> str:
    """The subject of the application is gone."""
    if case.applicant_kind == ApplicantKind.ENTERPRISE:
        return "申请单位已经办理注销登记，办理对象消失，终止办理。"
    return "申请人已经迁出云川市，本事项不再由本机关办理，终止办理。"


def upper_organ(case: Application) -> str:
    """The organ of the same field in the prefecture."""
    return f"云江市{case.department.name.removeprefix('云川市')}"


def pause(case: Application, chance: Random) -> dict[str, Any]:
    """One of the procedures that the guide lists."""
    procedure = chance.choice(case.special_procedures_allowed())
    reason, days = PAUSES[procedure]
    return {"procedure": procedure, "reason": f"{reason}。", "expected_days": days + chance.randint(0, 4)}


def delivery(case: Application, chance: Random) -> dict[str, str]:
    """One of the ways that the guide offers, electronic first of all."""
    offered = case.guide_version.guide.outcome.delivery
    way = "电子" if "电子" in offered and chance.random() < 0.7 else chance.choice(offered)
    data = {"method": DELIVERIES[way], "recipient": case.applicant_name}
    if way != "邮寄":
        return data
    return data | {"carrier": "中国邮政 EMS", "tracking": f"YC{chance.randint(10**9, 10**10 - 1)}"}
