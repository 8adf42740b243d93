"""Where each field of a guide stands in the workbook: one row a column, in the order of the sheets.

Paths are those of the models in ``matters.guide``, ``matters.formdef`` and ``matters.scenario``, below the object that a row of the sheet
stands for. A test compares this table with the models: no field may be missing.
"""

from matters import codes
from matters.workbook.kinds import (
    DAYS,
    FIELD_TYPES,
    PREFILLS,
    QUESTION_KINDS,
    YES,
    Column,
    Kind,
    Sheet,
    long_text,
    number,
    one_code,
    same,
    some_codes,
    text,
    words,
    yes_no,
)

ONLY_WHEN = words("只在这些情形", "only_when", "写“问题标识.选项值”，见“情形问题”“情形选项”；任何情形都适用的不填")

MAIN = Sheet(
    "事项",
    "",
    (
        # --- header
        text("业务名称", "guide.matter_name", "2 到 200 个字", 30),
        text("基本编码", "header.base_code", "12 位数字"),
        text("英文名称", "header.name_en", width=24),
        one_code("事项类型", "header.type_code", codes.MATTER_TYPES),
        one_code("办件类型", "header.case_kind", codes.CASE_KINDS, "即办件的承诺期限写 0"),
        some_codes("服务对象", "header.service_objects", codes.SERVICE_OBJECTS),
        some_codes("面向人群", "header.audiences", codes.AUDIENCES),
        words("主题分类", "header.themes"),
        some_codes("人生大事", "header.life_events", codes.LIFE_EVENTS),
        words("俗称", "header.aliases", "群众平时的叫法，搜索时能找到"),
        one_code("许可类别", "header.licence_class", same(codes.LICENCE_CLASSES), "行政许可填写，公示时用"),
        yes_no("直接关系公共安全", "header.public_safety", "直接关系公共安全、人身健康、生命财产安全的写“是”"),
        some_codes(
            "特别程序",
            "header.special_procedures",
            codes.SPECIAL_PROCEDURES,
            "所需时间不计入期限（行政许可法第四十五条）",
        ),
        yes_no("联办", "header.joint"),
        text("数量限制", "header.number_limit"),
        number("数量", "header.quota", "没有限制的写 0"),
        text("数量起算日", "header.quota_from", "例如 2026-01-01"),
        yes_no("告知承诺", "header.commitment", "可以先承诺、后核查的写“是”"),
        long_text("承诺内容", "header.commitment_text"),
        number("承诺核查期限（工作日）", "header.commitment_check_days", "不填按 30"),
        some_codes("通办范围", "header.cross_scope", same(codes.CROSS_SCOPES)),
        text("中介服务", "header.intermediary"),
        yes_no("可预约", "header.appointment"),
        yes_no("可快递", "header.express"),
        # --- fields 2 and 3
        text("部门编码", "guide.department.code"),
        text("部门名称", "guide.department.name", width=26),
        text("部门信用代码", "guide.department.uscc", "18 位统一社会信用代码", 22),
        one_code("部门性质", "guide.department.org_nature", codes.ORG_NATURES),
        text("委托机关", "guide.department.entrusting_body", "部门性质是受委托组织时填写"),
        text("责任处室", "guide.responsible_office.name"),
        text("责任处室电话", "guide.responsible_office.phone", "带区号，例如 0800-8123456"),
        # --- fields 5 to 8
        number("受理期限（工作日）", "guide.acceptance_limit", "0 到 5（行政许可法第三十二条）"),
        number("反馈时限", "guide.feedback_limit.value", "法律规定的办结时限"),
        one_code("反馈时限单位", "guide.feedback_limit.unit", codes.UNITS, default="G"),
        text("反馈时限说明", "guide.feedback_limit.note"),
        text("反馈时限出处", "guide.feedback_limit.article", "不是 20 个工作日时，写明出自哪一条"),
        number("承诺期限", "guide.promised_limit.value", "不长于反馈时限"),
        one_code("承诺期限单位", "guide.promised_limit.unit", codes.UNITS, default="G"),
        text("承诺期限说明", "guide.promised_limit.note"),
        text("承诺期限出处", "guide.promised_limit.article"),
        text("受理季节开始", "guide.acceptance_window.season_from", "03-01 或 2026-03-01；全年受理的不填"),
        text("受理季节结束", "guide.acceptance_window.season_to"),
        yes_no("网上随时可提交", "guide.acceptance_window.online_always", "不填按“是”"),
        # --- fields 10, 12, 14 to 20
        Column("不需要材料", "guide.materials", Kind.NONE, "确实不需要任何材料时写“是”", {True: YES}, 14),
        yes_no("是否收费", "guide.fee_standard.is_fee"),
        yes_no("网上缴费", "guide.fee_standard.online_pay", "收费的应开通，不收费的写“否”"),
        text("网上办理地址", "guide.service_address.online_url", width=30),
        text("办事大厅", "guide.service_address.hall_name", width=24),
        text("大厅地址", "guide.service_address.address", width=30),
        text("窗口号", "guide.service_address.window_no"),
        text("交通", "guide.service_address.transit"),
        one_code("成果类型", "guide.outcome.type", codes.OUTCOME_TYPES),
        text("成果名称", "guide.outcome.name", width=24),
        text("成果样本", "guide.outcome.sample"),
        number("有效期", "guide.outcome.validity.value"),
        one_code("有效期单位", "guide.outcome.validity.unit", codes.VALIDITY_UNITS, default="P"),
        some_codes("送达方式", "guide.outcome.delivery", codes.DELIVERIES),
        number(
            "送达期限（工作日）",
            "guide.outcome.delivery_days",
            "决定后几个工作日内送达，不填按 10（行政许可法第四十四条）",
        ),
        text("咨询电话", "guide.contact.phone", "带区号"),
        text("电子邮件", "guide.contact.email", width=26),
        text("投诉电话", "guide.contact.complaint_phone", "带区号，不同于咨询电话"),
        text("投诉网址", "guide.contact.complaint_url", width=26),
        one_code("受理级别", "guide.acceptance_level_place.level", codes.LEVELS),
        text("受理地行政区划代码", "guide.acceptance_level_place.region", "6 位数字"),
        text("受理机关", "guide.acceptance_level_place.org", width=26),
        text("受理地点", "guide.acceptance_level_place.place", width=30),
        Column(
            "各区县没有受理地点",
            "guide.district_points",
            Kind.NONE,
            "只在上面的地点受理时写“是”；有的写在“受理地点”里",
            {True: YES},
            14,
        ),
        one_code("办理级别", "guide.handling_level.level", codes.LEVELS),
        long_text("权限划分", "guide.handling_level.division_of_power", "办理级别是分级管理时填写"),
        some_codes("网上办理深度", "guide.service_capability.depth", codes.DEPTHS),
        some_codes("办理形式", "guide.service_capability.channels", codes.CHANNELS),
        number("到现场次数", "guide.service_capability.visits", "0 到 9"),
        long_text("到现场的原因", "guide.service_capability.reason", "需要到现场，或者不能网上办理时填写"),
        text("申请表标题", "form.title", "没有在线申请表的不填", 24),
    ),
)

BASES = Sheet(
    "办理依据",
    "guide.legal_basis",
    (
        one_code("效力层级", "level", same(codes.BASIS_LEVELS)),
        text("名称", "title", width=34),
        text("文号", "doc_no", width=22),
        text("条款号", "article"),
        long_text("条文内容", "text"),
    ),
)
CONDITIONS = Sheet(
    "申请条件",
    "guide.conditions",
    (
        long_text("条件", "text"),
        long_text("自查问题", "question", "写了问题的条件，登录前可以自查"),
        long_text("不满足时的提示", "answer_if_not"),
        ONLY_WHEN,
    ),
)
MATERIALS = Sheet(
    "材料",
    "guide.materials",
    (
        text("材料标识", "key", "小写字母开头，只含小写字母、数字、- 和 _；表格下载按它指明材料"),
        text("材料名称", "name", width=34),
        one_code("材料类别", "kind", codes.MATERIAL_KINDS, default="other"),
        one_code("必要性", "necessity", codes.NECESSITIES),
        one_code("来源", "source", codes.SOURCES),
        text("核发机构", "issuer"),
        number("原件份数", "originals"),
        number("复印件份数", "copies"),
        yes_no("收电子件", "electronic", "不填按“是”"),
        Column("文件格式", "formats", Kind.WORDS, width=18, default="pdf、jpg、png"),
        number("单个文件上限（MB）", "max_mb", "不填按 20"),
        number("最多几个文件", "max_files", "不填按 5"),
        text("材料依据", "basis", "哪部规定的哪一条要求的", 34),
        yes_no("数据共享获取", "shared_data", "由共享数据得到的，不要求申请人提交"),
        one_code("可信等级", "trust", codes.TRUST_LEVELS, default="C"),
        long_text("填写须知", "how_to"),
        long_text("样本说明", "sample_note"),
        ONLY_WHEN,
    ),
)
DOWNLOADS = Sheet(
    "表格下载",
    "guide.form_downloads",
    (
        text("材料标识", "material_key", "“材料”里的材料标识"),
        text("表格名称", "name", width=30),
        text("格式", "format", "pdf、docx、ofd 或 xlsx", 10),
        text("空白表", "blank", "网址或文件；由系统生成的写 generated", 24),
        text("填写样表", "sample", "网址或文件；由系统生成的写 generated", 24),
    ),
)
FEES = Sheet(
    "收费项目",
    "guide.fee_standard.items",
    (
        text("项目名称", "name", width=24),
        text("收费标准", "standard", width=30),
        text("收费依据", "basis", width=34),
        yes_no("可减免", "reducible"),
        number("金额（分）", "amount_cents", "以分为单位；按情况计算的写 0"),
        ONLY_WHEN,
    ),
)
STEPS = Sheet(
    "办理环节",
    "guide.procedure",
    (
        number("顺序", "order", "从 1 起；同时进行的写同一个数"),
        one_code("环节类别", "kind", codes.STEP_KINDS),
        text("环节名称", "name"),
        one_code("办理人员", "role", codes.STEP_ROLES),
        text("办理部门", "department", "由别的部门办理时写它的全称", 24),
        text("办理处室", "office"),
        long_text("做什么", "content"),
        number("时限（工作日）", "working_days"),
        yes_no("现场核查", "onsite", "填“是”的，两名以上工作人员记录核查后才能通过"),
        ONLY_WHEN,
    ),
)
HOURS = Sheet(
    "受理时间",
    "guide.acceptance_window.weekly_hours",
    (
        some_codes("星期", "days", DAYS, "例如 周一、周二"),
        text("开始", "open", "例如 09:00"),
        text("结束", "close", "例如 17:00"),
    ),
)
POINTS = Sheet(
    "受理地点",
    "guide.district_points",
    (
        text("行政区划代码", "region"),
        text("地点名称", "name", width=26),
        text("地址", "address", width=34),
        text("受理时间", "hours", width=26),
        text("电话", "phone"),
    ),
)
QUESTIONS_ASKED = Sheet("常见问题", "header.faq", (long_text("问题", "question"), long_text("回答", "answer")))
SECTIONS = Sheet(
    "表单部分",
    "form.sections",
    (
        text("部分标识", "key", "小写字母开头，只含小写字母、数字和 _"),
        text("标题", "title", width=26),
        long_text("说明", "help"),
        yes_no("可重复", "repeating"),
        number("最少行数", "min_rows"),
        number("最多行数", "max_rows"),
    ),
    key="key",
    reference="所属部分",
)
FIELDS = Sheet(
    "表单字段",
    "fields",
    (
        text("字段标识", "key", "小写字母开头，只含小写字母、数字和 _"),
        one_code("类型", "type", FIELD_TYPES, default="text"),
        text("名称", "label", width=26),
        text("英文名称", "label_en", width=24),
        long_text("说明", "help"),
        yes_no("必填", "required", "不填按“是”"),
        text("示例", "example", "印在样表上", 24),
        text("最小值", "min"),
        text("最大值", "max"),
        number("最多字数", "max_length", "不填按 200"),
        text("格式规则", "pattern", "正则表达式"),
        text("显示条件：部分", "shown_when.section", "只在某个答案之后才问的，写那个字段所在部分的标识"),
        text("显示条件：字段", "shown_when.field"),
        text("显示条件：答案", "shown_when.equals"),
        one_code("自动带入", "prefilled_from", PREFILLS),
    ),
    parent=SECTIONS,
    key="key",
    reference="所属字段",
)
CHOICES = Sheet("选项", "choices", (text("选项值", "value"), text("选项文字", "label", width=34)), parent=FIELDS)
QUESTIONS = Sheet(
    "情形问题",
    "scenario.questions",
    (
        text("问题标识", "key", "小写字母开头，只含小写字母、数字和 _"),
        long_text("问题", "text"),
        long_text("英文问题", "text_en"),
        long_text("说明", "help"),
        one_code("单选或多选", "kind", QUESTION_KINDS, default="one"),
        ONLY_WHEN,
    ),
    key="key",
    reference="所属问题",
)
ANSWERS = Sheet(
    "情形选项",
    "choices",
    (
        text("选项值", "value"),
        text("选项文字", "label", width=30),
        text("英文文字", "label_en", width=30),
        long_text("提示", "hint"),
        long_text("不能办理时的说明", "stop", "选了它就不能在这里办理的，写明该怎么办"),
        text("应办理的事项编码", "stop_matter", "不能办理时，应该办理哪个事项"),
    ),
    parent=QUESTIONS,
    key="value",
    reference="所属选项",
)
FILLS = Sheet(
    "情形带入",
    "fills",
    (
        text("表单部分标识", "section"),
        text("表单字段标识", "field"),
        text("带入的值", "value", width=26),
    ),
    parent=ANSWERS,
)

SHEETS = (
    MAIN,
    BASES,
    CONDITIONS,
    MATERIALS,
    DOWNLOADS,
    FEES,
    STEPS,
    HOURS,
    POINTS,
    QUESTIONS_ASKED,
    SECTIONS,
    FIELDS,
    CHOICES,
    QUESTIONS,
    ANSWERS,
    FILLS,
)
BY_NAME = {sheet.name: sheet for sheet in SHEETS}
# header.code is the first column of every sheet.
CODE_PATH = "header.code"


def children(parent: Sheet | None) -> list[Sheet]:
    """The sheets whose rows belong to a row of ``parent``; for None those below the matter itself."""
    return [sheet for sheet in SHEETS if sheet.path and sheet.parent is parent]
