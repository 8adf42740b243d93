"""Every part of a guide in words: what the nested fields are called, and how their values are read. For the office's pages."""

from collections.abc import Mapping, Sequence
from typing import Any

from matters import codes
from matters.checks.problem import LABELS

Path = Sequence[str | int]
DAYS = {1: "周一", 2: "周二", 3: "周三", 4: "周四", 5: "周五", 6: "周六", 7: "周日"}
FIELD_TYPES = {
    "text": "单行文字", "textarea": "多行文字", "integer": "整数", "decimal": "小数", "money": "金额", "date": "日期",
    "choice": "单选", "multichoice": "多选", "yesno": "是或否", "phone": "手机号码", "email": "电子邮件", "id_number": "身份证号",
    "uscc": "统一社会信用代码", "address": "地址",
}  # fmt: skip
PREFILLS = {
    "enterprise.name": "企业名称", "enterprise.uscc": "企业的统一社会信用代码", "enterprise.legal_representative": "法定代表人",
    "enterprise.address": "企业地址", "person.name": "申请人姓名", "person.id_number": "申请人身份证号", "person.phone": "申请人手机",
}  # fmt: skip
QUESTION_KINDS = {"one": "选一个", "many": "可选几个"}

# Names of nested fields; "parent.key" where the same key means different things.
NAMES: dict[str, str] = {
    "code": "编码", "header.code": "实施编码", "base_code": "基本编码", "name_en": "英文名称", "type_code": "事项类型",
    "case_kind": "办件类型", "service_objects": "服务对象", "audiences": "面向", "themes": "主题", "life_events": "人生大事", "aliases": "俗称",
    "licence_class": "许可类别", "public_safety": "直接关系公共安全和人身健康",
    "special_procedures": "特别程序", "joint": "联办", "number_limit": "数量限制", "quota": "数量（个）", "quota_from": "数量起算日",
    "commitment": "可以告知承诺", "commitment_text": "承诺的内容", "commitment_check_days": "承诺核查期限（工作日）", "cross_scope": "通办范围", "intermediary": "中介服务",
    "faq": "常见问题", "question": "问题", "answer": "回答", "appointment": "可以预约", "express": "可以快递",
    "name": "名称", "uscc": "统一社会信用代码", "org_nature": "部门性质", "entrusting_body": "委托机关", "phone": "电话",
    "level": "级别", "legal_basis.level": "层级", "title": "名称", "doc_no": "文号", "article": "条款", "text": "内容",
    "legal_basis.text": "条文", "questions.text": "问题", "text_en": "英文问题", "value": "数值", "unit": "单位", "note": "说明",
    "weekly_hours": "办公时间", "days": "星期", "open": "开始", "close": "结束", "season_from": "受理期开始", "season_to": "受理期结束",
    "online_always": "网上全天受理", "conditions.question": "自查问题", "answer_if_not": "不符合时的说明", "only_when": "只在这些回答下适用",
    "key": "标识", "kind": "类别", "necessity": "必要性", "source": "来源", "issuer": "出具单位", "originals": "原件份数",
    "copies": "复印件份数", "electronic": "收电子件", "formats": "文件格式", "max_mb": "单个文件上限（MB）", "max_files": "文件数上限",
    "basis": "依据", "shared_data": "数据共享取得，免交", "trust": "可信等级", "how_to": "填写和制作要求", "sample_note": "样例说明",
    "material_key": "对应的材料", "format": "格式", "blank": "空白表", "sample": "填写样表", "outcome.sample": "样本",
    "is_fee": "收费", "items": "收费项目", "standard": "标准", "reducible": "可以减免", "amount_cents": "金额（分）", "online_pay": "网上缴费",
    "order": "次序", "role": "办理人员", "department": "部门", "office": "处室", "content": "做什么", "working_days": "时限（工作日）", "onsite": "要求现场核查",
    "online_url": "网上办理地址", "hall_name": "办事大厅", "address": "地址", "window_no": "窗口", "transit": "交通",
    "type": "类型", "validity": "有效期", "delivery": "送达方式", "delivery_days": "送达期限（工作日）", "email": "电子邮件",
    "complaint_phone": "投诉电话", "complaint_url": "投诉网址", "region": "区划", "org": "机构", "place": "地点", "hours": "时间",
    "division_of_power": "权限划分", "depth": "网办深度", "channels": "办理渠道", "visits": "到现场次数", "reason": "原因",
    "sections": "部分", "help": "填写说明", "repeating": "可以填写多行", "min_rows": "最少行数", "max_rows": "最多行数", "fields": "填写项",
    "label": "名称", "label_en": "英文名称", "required": "必填", "example": "示例", "choices": "选项", "min": "最小", "max": "最大",
    "max_length": "最多字数", "pattern": "格式要求", "shown_when": "显示条件", "prefilled_from": "自动填入", "section": "部分", "field": "填写项",
    "equals": "回答为", "questions": "问题", "hint": "提示", "stop": "不能办理时的说明", "stop_matter": "应当办理的事项", "fills": "填入申请表", "fills.value": "填入的值",
    "choices.value": "选项的值",
}  # fmt: skip
ROW_WORDS = {
    "legal_basis": "第 {} 条依据", "conditions": "第 {} 条", "materials": "第 {} 份材料", "form_downloads": "第 {} 份表格",
    "items": "第 {} 个收费项目", "procedure": "第 {} 个环节", "district_points": "第 {} 个受理点", "sections": "第 {} 部分",
    "fields": "第 {} 项", "choices": "第 {} 个选项", "questions": "第 {} 问", "faq": "第 {} 个问题", "weekly_hours": "第 {} 段时间",
    "fills": "第 {} 处",
}  # fmt: skip
TABLES: dict[str, Mapping[Any, Any]] = {
    "type_code": codes.MATTER_TYPES, "case_kind": codes.CASE_KINDS, "service_objects": codes.SERVICE_OBJECTS, "audiences": codes.AUDIENCES,
    "special_procedures": codes.SPECIAL_PROCEDURES, "org_nature": codes.ORG_NATURES, "unit": codes.UNITS, "validity.unit": codes.VALIDITY_UNITS,
    "days": DAYS, "materials.kind": codes.MATERIAL_KINDS, "procedure.kind": codes.STEP_KINDS, "questions.kind": QUESTION_KINDS,
    "trust": codes.TRUST_LEVELS, "role": codes.STEP_ROLES, "outcome.type": codes.OUTCOME_TYPES, "fields.type": FIELD_TYPES,
    "level": codes.LEVELS, "legal_basis.level": {}, "depth": codes.DEPTHS, "channels": codes.CHANNELS, "delivery": codes.DELIVERIES,
    "prefilled_from": PREFILLS, "blank": {"generated": "由系统按申请表生成"}, "sample": {"generated": "由系统按申请表生成"},
}  # fmt: skip
NOTHING = "（空）"
ROW_NAMES = ("name", "title", "label", "question", "text")
LONGEST_NAME = 24


def _parent(path: Path) -> str:
    """The nearest name above the last one; places of rows are passed over."""
    return next((str(part) for part in reversed(path[:-1]) if isinstance(part, str)), "")


def _looked_up(table: Mapping[str, Any], path: Path) -> Any:
    key = str(path[-1])
    return table.get(f"{_parent(path)}.{key}", table.get(key))


def name_of(path: Path) -> str:
    """What a nested field is called, by its path from ``guide``'s fields, ``header``, ``form`` or ``scenario`` on."""
    key = str(path[-1])
    return LABELS[key] if len(path) == 1 and key in LABELS else str(_looked_up(NAMES, path) or key)


def row_name(path: Path, row: Mapping[str, Any]) -> str:
    """A row in words, by its place and its own name: 第 2 份材料“身份证”."""
    place = ROW_WORDS.get(_parent(path), "第 {} 行").format(int(path[-1]) + 1)
    own = next((str(row[key]) for key in ROW_NAMES if row.get(key)), "")
    short = own if len(own) <= LONGEST_NAME else f"{own[:LONGEST_NAME]}…"
    return f"{place}“{short}”" if short else place


def is_prose(path: Path, value: Any) -> bool:
    """Whether a leaf is text that somebody wrote, in which single words may change; not a code, a number or nothing."""
    return isinstance(value, str) and bool(value) and _looked_up(TABLES, path) is None


def value_words(path: Path, value: Any) -> str:
    """A leaf's value as people read it; （空） for nothing."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if value is None or value == "" or value == []:
        return NOTHING
    if isinstance(value, list):
        return "、".join(value_words(path, one) for one in value)
    if isinstance(value, Mapping):
        return "，".join(
            f"{name_of((*path, key))} {value_words((*path, key), one)}" for key, one in value.items() if one
        )
    return str((_looked_up(TABLES, path) or {}).get(value, value))
