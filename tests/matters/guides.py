"""A whole guide that may be published, for tests to damage."""

import copy
from typing import Any

USCC = "11990181MA00000013"

WHOLE: dict[str, Any] = {
    "header": {
        "code": "YC-SCJG-0001",
        "base_code": "000131001000",
        "name_en": "Food Business Licence",
        "type_code": "01",
        "case_kind": "2",
        "service_objects": ["1", "2"],
        "audiences": ["person", "enterprise"],
        "themes": ["开办企业", "餐饮食品"],
        "aliases": ["卫生许可", "开饭店"],
        "special_procedures": ["testing"],
        "faq": [{"question": "可以委托别人办吗？", "answer": "可以，请带委托书。"}],
        "express": True,
    },
    "guide": {
        "matter_name": "食品经营许可",
        "department": {"code": "YC-SCJG", "name": "云川市市场监督管理局", "uscc": USCC, "org_nature": "1"},
        "responsible_office": {"name": "行政审批科", "phone": "0839-5550101"},
        "legal_basis": [
            {
                "level": "法律",
                "title": "中华人民共和国食品安全法",
                "doc_no": "主席令第二十一号",
                "article": "第三十五条",
                "text": "国家对食品生产经营实行许可制度。",
            }
        ],
        "acceptance_limit": 5,
        "feedback_limit": {"value": 20, "unit": "G"},
        "promised_limit": {"value": 10, "unit": "G"},
        "acceptance_window": {
            "weekly_hours": [{"days": [1, 2, 3, 4, 5], "open": "09:00", "close": "17:00"}],
            "online_always": True,
        },
        "conditions": [
            {
                "text": "有与经营品种相适应的固定场所",
                "question": "您是否已有固定的经营场所？",
                "answer_if_not": "请先落实场所，再来申请。",
            },
            {"text": "有专职或兼职的食品安全管理人员"},
        ],
        "materials": [
            {
                "key": "form",
                "name": "食品经营许可申请书",
                "kind": "form",
                "necessity": "必要",
                "source": "申请人自备",
                "originals": 1,
                "basis": "《食品经营许可和备案管理办法》第十三条",
            },
            {
                "key": "plan",
                "name": "经营场所平面图",
                "kind": "plan",
                "necessity": "必要",
                "source": "申请人自备",
                "originals": 1,
                "basis": "《食品经营许可和备案管理办法》第十三条",
                "how_to": "标明面积和设备位置。",
            },
            {
                "key": "licence",
                "name": "营业执照",
                "kind": "certificate",
                "necessity": "必要",
                "source": "政府部门核发",
                "issuer": "市场监督管理部门",
                "copies": 1,
                "basis": "《食品经营许可和备案管理办法》第十三条",
                "shared_data": True,
            },
        ],
        "form_downloads": [
            {
                "material_key": "form",
                "name": "食品经营许可申请书",
                "format": "pdf",
                "blank": "generated",
                "sample": "generated",
            }
        ],
        "fee_standard": {"is_fee": False, "items": [], "online_pay": False},
        "procedure": [
            {
                "order": 1,
                "kind": "apply",
                "name": "申请",
                "role": "applicant",
                "content": "提交材料",
                "working_days": 0,
            },
            {"order": 2, "kind": "accept", "name": "受理", "role": "clerk", "content": "核对材料", "working_days": 2},
            {
                "order": 3,
                "kind": "review",
                "name": "审查",
                "role": "reviewer",
                "content": "书面审查",
                "working_days": 5,
            },
            {
                "order": 4,
                "kind": "decide",
                "name": "决定",
                "role": "approver",
                "content": "作出决定",
                "working_days": 2,
            },
            {"order": 5, "kind": "deliver", "name": "送达", "role": "clerk", "content": "发放证件", "working_days": 3},
        ],
        "service_address": {
            "online_url": "https://hall.yunchuan.example.cn/matters/YC-SCJG-0001/",
            "hall_name": "云川市政务服务中心",
            "address": "云川市滨河路 18 号",
            "window_no": "A12",
            "transit": "3 路公交政务中心站",
        },
        "outcome": {
            "type": "10",
            "name": "食品经营许可证",
            "sample": "generated",
            "validity": {"value": 5, "unit": "Y"},
            "delivery": ["窗口领取", "邮寄", "电子"],
            "delivery_days": 3,
        },
        "contact": {
            "phone": "0839-5550102",
            "email": "scjg@yunchuan.example.cn",
            "complaint_phone": "0839-5550199",
            "complaint_url": "",
        },
        "acceptance_level_place": {
            "level": "4",
            "region": "990181",
            "org": "云川市市场监督管理局",
            "place": "云川市政务服务中心 A12 窗口",
        },
        "district_points": [],
        "handling_level": {"level": "4", "division_of_power": ""},
        "service_capability": {"depth": ["5"], "channels": ["1", "2"], "visits": 0, "reason": ""},
    },
    "form": {
        "title": "食品经营许可申请表",
        "sections": [
            {
                "key": "place",
                "title": "经营场所",
                "fields": [
                    {"key": "name", "label": "店名", "example": "小青馆", "prefilled_from": "enterprise.name"},
                    {"key": "area", "type": "decimal", "label": "面积（平方米）", "min": 5, "example": "80"},
                    {"key": "online", "type": "yesno", "label": "是否网上经营", "example": "no"},
                    {
                        "key": "site",
                        "label": "网店地址",
                        "shown_when": {"section": "place", "field": "online", "equals": "yes"},
                    },
                ],
            },
            {
                "key": "staff",
                "title": "从业人员",
                "repeating": True,
                "min_rows": 1,
                "max_rows": 3,
                "fields": [
                    {"key": "name", "label": "姓名", "example": "赵敏"},
                    {"key": "since", "type": "date", "label": "入职日期", "example": "2026-01-05"},
                ],
            },
        ],
    },
}


def whole(**changes: Any) -> dict[str, Any]:
    """A copy of the whole guide; ``changes`` replace guide fields, or update ``header`` and ``form``."""
    content = copy.deepcopy(WHOLE)
    for part in ("header", "form"):
        content[part] |= changes.pop(part, {})
    content["guide"] |= changes
    return content


# Something of each of the twenty fields that the guide page must show.
GUIDE_TEXTS = [
    "食品经营许可",
    "云川市市场监督管理局",
    USCC,
    "行政审批科",
    "主席令第二十一号",
    "第三十五条",
    "国家对食品生产经营实行许可制度。",
    "收到申请后 5 个工作日内",
    "20 个工作日",
    "10 个工作日",
    "周一至周五 09:00–17:00",
    "有专职或兼职的食品安全管理人员",
    "营业执照",
    "标明面积和设备位置。",
    "空白表",
    "填写样表",
    "不收费",
    "核对材料",
    "A12",
    "3 路公交政务中心站",
    "食品经营许可证",
    "5 年",
    "0839-5550102",
    "scjg@yunchuan.example.cn",
    "0839-5550199",
    "云川市政务服务中心 A12 窗口",
    "无，只在上面的地点受理。",
    "县级",
    "互联网办理",
    "不用到现场",
    "可以委托别人办吗？",
]
