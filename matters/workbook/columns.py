"""Where each field of a guide stands in the workbook: one row a column, in the order of the sheets.

Paths are those of the models in ``matters.guide``, ``matters.formdef`` and ``matters.scenario``, below the object that a row of the sheet
stands for. A test compares this table with the models: no field may be missing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Any

from matters import codes

CODE_HEADING = "实施编码"
OWNER_HEADING = "主管部门编码"
HELP_SHEET = "填写说明"
# Written where "explicitly nothing" differs from an empty cell.
NOTHING = "无"


class Kind(Enum):
    """How a cell is read."""

    TEXT = "文字"
    NUMBER = "整数"
    YES_NO = "是或否"
    CODE = "从列表中选一个"
    WORDS = "几个词，用顿号（、）隔开"
    CODES = "从列表中选，几个用顿号（、）隔开"
    NONE = "没有时写“是”"


YES, NO = "是", "否"
DAYS: dict[int, str] = dict(enumerate(("周一", "周二", "周三", "周四", "周五", "周六", "周日"), start=1))
FIELD_TYPES = {
    "text": "一行文字",
    "textarea": "多行文字",
    "integer": "整数",
    "decimal": "小数",
    "money": "金额",
    "date": "日期",
    "choice": "单选",
    "multichoice": "多选",
    "yesno": "是否",
    "phone": "电话",
    "email": "电子邮件",
    "id_number": "身份证号",
    "uscc": "统一社会信用代码",
    "address": "地址",
}
PREFILLS = {
    "enterprise.name": "企业名称",
    "enterprise.uscc": "企业信用代码",
    "enterprise.legal_representative": "法定代表人",
    "enterprise.address": "企业地址",
    "person.name": "本人姓名",
    "person.id_number": "本人身份证号",
    "person.phone": "本人手机号",
}
QUESTION_KINDS = {"one": "单选", "many": "可多选"}


def _same(values: tuple[str, ...]) -> dict[str, str]:
    return {value: value for value in values}


@dataclass(frozen=True)
class Column:
    """A column: heading, path below the row's object, how to read it, what to write in it."""

    heading: str
    path: str
    kind: Kind = Kind.TEXT
    help: str = ""
    choices: Mapping[Any, Any] | None = None
    width: int = 18
    # An empty value is not the same as none, because the model's default says something: written as 无.
    says_nothing: bool = False


@dataclass(frozen=True)
class Sheet:
    """A sheet: one row an element of the list at ``path``, below the content or below an element of ``parent``."""

    name: str
    path: str
    columns: tuple[Column, ...]
    parent: "Sheet | None" = None
    # By which leaf, and under which heading, rows of other sheets name a row of this one.
    key: str = ""
    reference: str = ""

    @property
    def ancestors(self) -> "tuple[Sheet, ...]":
        """The sheets above, the topmost first."""
        return (*self.parent.ancestors, self.parent) if self.parent else ()

    @cached_property
    def leading(self) -> tuple[str, ...]:
        """The headings that say where a row belongs."""
        first = (CODE_HEADING, OWNER_HEADING) if not self.path else (CODE_HEADING,)
        return (*first, *(sheet.reference for sheet in self.ancestors))

    @cached_property
    def headings(self) -> tuple[str, ...]:
        """All headings from left to right."""
        return (*self.leading, *(column.heading for column in self.columns))


def _text(heading: str, path: str, help: str = "", width: int = 18) -> Column:  # noqa: A002
    return Column(heading, path, Kind.TEXT, help, width=width)


def _long(heading: str, path: str, help: str = "") -> Column:  # noqa: A002
    return Column(heading, path, Kind.TEXT, help, width=40)


def _number(heading: str, path: str, help: str = "") -> Column:  # noqa: A002
    return Column(heading, path, Kind.NUMBER, help, width=12)


def _yes_no(heading: str, path: str, help: str = "") -> Column:  # noqa: A002
    return Column(heading, path, Kind.YES_NO, help, {True: YES, False: NO}, width=12)


def _code(heading: str, path: str, choices: Mapping[Any, Any], help: str = "", *, default: str = "") -> Column:  # noqa: A002
    said = f"不填按“{choices[default]}”" if default else ""
    return Column(heading, path, Kind.CODE, "；".join(filter(None, (help, said))), choices, 16, bool(default))


def _codes(heading: str, path: str, choices: Mapping[Any, Any], help: str = "") -> Column:  # noqa: A002
    return Column(heading, path, Kind.CODES, help, choices, 22)


def _words(heading: str, path: str, help: str = "") -> Column:  # noqa: A002
    return Column(heading, path, Kind.WORDS, help, width=22)


ONLY_WHEN = _words("只在这些情形", "only_when", "写“问题标识.选项值”，见“情形问题”“情形选项”；任何情形都适用的不填")

MAIN = Sheet(
    "事项",
    "",
    (
        # --- header
        _text("业务名称", "guide.matter_name", "2 到 200 个字", 30),
        _text("基本编码", "header.base_code", "12 位数字"),
        _text("英文名称", "header.name_en", width=24),
        _code("事项类型", "header.type_code", codes.MATTER_TYPES),
        _code("办件类型", "header.case_kind", codes.CASE_KINDS, "即办件的承诺期限写 0"),
        _codes("服务对象", "header.service_objects", codes.SERVICE_OBJECTS),
        _codes("面向人群", "header.audiences", codes.AUDIENCES),
        _words("主题分类", "header.themes"),
        _words("俗称", "header.aliases", "群众平时的叫法，搜索时能找到"),
        _codes(
            "特别程序",
            "header.special_procedures",
            codes.SPECIAL_PROCEDURES,
            "所需时间不计入期限（行政许可法第四十五条）",
        ),
        _yes_no("联办", "header.joint"),
        _text("数量限制", "header.number_limit"),
        _codes("通办范围", "header.cross_scope", _same(codes.CROSS_SCOPES)),
        _text("中介服务", "header.intermediary"),
        _yes_no("可预约", "header.appointment"),
        _yes_no("可快递", "header.express"),
        # --- fields 2 and 3
        _text("部门编码", "guide.department.code"),
        _text("部门名称", "guide.department.name", width=26),
        _text("部门信用代码", "guide.department.uscc", "18 位统一社会信用代码", 22),
        _code("部门性质", "guide.department.org_nature", codes.ORG_NATURES),
        _text("委托机关", "guide.department.entrusting_body", "部门性质是受委托组织时填写"),
        _text("责任处室", "guide.responsible_office.name"),
        _text("责任处室电话", "guide.responsible_office.phone", "带区号，例如 0800-8123456"),
        # --- fields 5 to 8
        _number("受理期限（工作日）", "guide.acceptance_limit", "0 到 5（行政许可法第三十二条）"),
        _number("反馈时限", "guide.feedback_limit.value", "法律规定的办结时限"),
        _code("反馈时限单位", "guide.feedback_limit.unit", codes.UNITS, default="G"),
        _text("反馈时限说明", "guide.feedback_limit.note"),
        _text("反馈时限出处", "guide.feedback_limit.article", "不是 20 个工作日时，写明出自哪一条"),
        _number("承诺期限", "guide.promised_limit.value", "不长于反馈时限"),
        _code("承诺期限单位", "guide.promised_limit.unit", codes.UNITS, default="G"),
        _text("承诺期限说明", "guide.promised_limit.note"),
        _text("承诺期限出处", "guide.promised_limit.article"),
        _text("受理季节开始", "guide.acceptance_window.season_from", "03-01 或 2026-03-01；全年受理的不填"),
        _text("受理季节结束", "guide.acceptance_window.season_to"),
        _yes_no("网上随时可提交", "guide.acceptance_window.online_always", "不填按“是”"),
        # --- fields 10, 12, 14 to 20
        Column("不需要材料", "guide.materials", Kind.NONE, "确实不需要任何材料时写“是”", {True: YES}, 14),
        _yes_no("是否收费", "guide.fee_standard.is_fee"),
        _yes_no("网上缴费", "guide.fee_standard.online_pay", "收费的应开通，不收费的写“否”"),
        _text("网上办理地址", "guide.service_address.online_url", width=30),
        _text("办事大厅", "guide.service_address.hall_name", width=24),
        _text("大厅地址", "guide.service_address.address", width=30),
        _text("窗口号", "guide.service_address.window_no"),
        _text("交通", "guide.service_address.transit"),
        _code("成果类型", "guide.outcome.type", codes.OUTCOME_TYPES),
        _text("成果名称", "guide.outcome.name", width=24),
        _text("成果样本", "guide.outcome.sample"),
        _number("有效期", "guide.outcome.validity.value"),
        _code("有效期单位", "guide.outcome.validity.unit", codes.VALIDITY_UNITS, default="P"),
        _codes("送达方式", "guide.outcome.delivery", codes.DELIVERIES),
        _number(
            "送达期限（工作日）",
            "guide.outcome.delivery_days",
            "决定后几个工作日内送达，不填按 10（行政许可法第四十四条）",
        ),
        _text("咨询电话", "guide.contact.phone", "带区号"),
        _text("电子邮件", "guide.contact.email", width=26),
        _text("投诉电话", "guide.contact.complaint_phone", "带区号，不同于咨询电话"),
        _text("投诉网址", "guide.contact.complaint_url", width=26),
        _code("受理级别", "guide.acceptance_level_place.level", codes.LEVELS),
        _text("受理地行政区划代码", "guide.acceptance_level_place.region", "6 位数字"),
        _text("受理机关", "guide.acceptance_level_place.org", width=26),
        _text("受理地点", "guide.acceptance_level_place.place", width=30),
        Column(
            "各区县没有受理地点",
            "guide.district_points",
            Kind.NONE,
            "只在上面的地点受理时写“是”；有的写在“受理地点”里",
            {True: YES},
            14,
        ),
        _code("办理级别", "guide.handling_level.level", codes.LEVELS),
        _long("权限划分", "guide.handling_level.division_of_power", "办理级别是分级管理时填写"),
        _codes("网上办理深度", "guide.service_capability.depth", codes.DEPTHS),
        _codes("办理形式", "guide.service_capability.channels", codes.CHANNELS),
        _number("到现场次数", "guide.service_capability.visits", "0 到 9"),
        _long("到现场的原因", "guide.service_capability.reason", "需要到现场，或者不能网上办理时填写"),
        _text("申请表标题", "form.title", "没有在线申请表的不填", 24),
    ),
)

BASES = Sheet(
    "办理依据",
    "guide.legal_basis",
    (
        _code("效力层级", "level", _same(codes.BASIS_LEVELS)),
        _text("名称", "title", width=34),
        _text("文号", "doc_no", width=22),
        _text("条款号", "article"),
        _long("条文内容", "text"),
    ),
)
CONDITIONS = Sheet(
    "申请条件",
    "guide.conditions",
    (
        _long("条件", "text"),
        _long("自查问题", "question", "写了问题的条件，登录前可以自查"),
        _long("不满足时的提示", "answer_if_not"),
        ONLY_WHEN,
    ),
)
MATERIALS = Sheet(
    "材料",
    "guide.materials",
    (
        _text("材料标识", "key", "小写字母开头，只含小写字母、数字、- 和 _；表格下载按它指明材料"),
        _text("材料名称", "name", width=34),
        _code("材料类别", "kind", codes.MATERIAL_KINDS, default="other"),
        _code("必要性", "necessity", codes.NECESSITIES),
        _code("来源", "source", codes.SOURCES),
        _text("核发机构", "issuer"),
        _number("原件份数", "originals"),
        _number("复印件份数", "copies"),
        _yes_no("收电子件", "electronic", "不填按“是”"),
        Column("文件格式", "formats", Kind.WORDS, "不填按 pdf、jpg、png", width=18, says_nothing=True),
        _number("单个文件上限（MB）", "max_mb", "不填按 20"),
        _number("最多几个文件", "max_files", "不填按 5"),
        _text("材料依据", "basis", "哪部规定的哪一条要求的", 34),
        _yes_no("数据共享获取", "shared_data", "由共享数据得到的，不要求申请人提交"),
        _code("可信等级", "trust", codes.TRUST_LEVELS, default="C"),
        _long("填写须知", "how_to"),
        _long("样本说明", "sample_note"),
        ONLY_WHEN,
    ),
)
DOWNLOADS = Sheet(
    "表格下载",
    "guide.form_downloads",
    (
        _text("材料标识", "material_key", "“材料”里的材料标识"),
        _text("表格名称", "name", width=30),
        _text("格式", "format", "pdf、docx、ofd 或 xlsx", 10),
        _text("空白表", "blank", "网址或文件；由系统生成的写 generated", 24),
        _text("填写样表", "sample", "网址或文件；由系统生成的写 generated", 24),
    ),
)
FEES = Sheet(
    "收费项目",
    "guide.fee_standard.items",
    (
        _text("项目名称", "name", width=24),
        _text("收费标准", "standard", width=30),
        _text("收费依据", "basis", width=34),
        _yes_no("可减免", "reducible"),
        _number("金额（分）", "amount_cents", "以分为单位；按情况计算的写 0"),
        ONLY_WHEN,
    ),
)
STEPS = Sheet(
    "办理环节",
    "guide.procedure",
    (
        _number("顺序", "order", "从 1 起；同时进行的写同一个数"),
        _code("环节类别", "kind", codes.STEP_KINDS),
        _text("环节名称", "name"),
        _code("办理人员", "role", codes.STEP_ROLES),
        _text("办理部门", "department", "由别的部门办理时写它的全称", 24),
        _text("办理处室", "office"),
        _long("做什么", "content"),
        _number("时限（工作日）", "working_days"),
        ONLY_WHEN,
    ),
)
HOURS = Sheet(
    "受理时间",
    "guide.acceptance_window.weekly_hours",
    (
        _codes("星期", "days", DAYS, "例如 周一、周二"),
        _text("开始", "open", "例如 09:00"),
        _text("结束", "close", "例如 17:00"),
    ),
)
POINTS = Sheet(
    "受理地点",
    "guide.district_points",
    (
        _text("行政区划代码", "region"),
        _text("地点名称", "name", width=26),
        _text("地址", "address", width=34),
        _text("受理时间", "hours", width=26),
        _text("电话", "phone"),
    ),
)
QUESTIONS_ASKED = Sheet("常见问题", "header.faq", (_long("问题", "question"), _long("回答", "answer")))
SECTIONS = Sheet(
    "表单部分",
    "form.sections",
    (
        _text("部分标识", "key", "小写字母开头，只含小写字母、数字和 _"),
        _text("标题", "title", width=26),
        _long("说明", "help"),
        _yes_no("可重复", "repeating"),
        _number("最少行数", "min_rows"),
        _number("最多行数", "max_rows"),
    ),
    key="key",
    reference="所属部分",
)
FIELDS = Sheet(
    "表单字段",
    "fields",
    (
        _text("字段标识", "key", "小写字母开头，只含小写字母、数字和 _"),
        _code("类型", "type", FIELD_TYPES, default="text"),
        _text("名称", "label", width=26),
        _text("英文名称", "label_en", width=24),
        _long("说明", "help"),
        _yes_no("必填", "required", "不填按“是”"),
        _text("示例", "example", "印在样表上", 24),
        _text("最小值", "min"),
        _text("最大值", "max"),
        _number("最多字数", "max_length", "不填按 200"),
        _text("格式规则", "pattern", "正则表达式"),
        _text("显示条件：部分", "shown_when.section", "只在某个答案之后才问的，写那个字段所在部分的标识"),
        _text("显示条件：字段", "shown_when.field"),
        _text("显示条件：答案", "shown_when.equals"),
        _code("自动带入", "prefilled_from", PREFILLS),
    ),
    parent=SECTIONS,
    key="key",
    reference="所属字段",
)
CHOICES = Sheet("选项", "choices", (_text("选项值", "value"), _text("选项文字", "label", width=34)), parent=FIELDS)
QUESTIONS = Sheet(
    "情形问题",
    "scenario.questions",
    (
        _text("问题标识", "key", "小写字母开头，只含小写字母、数字和 _"),
        _long("问题", "text"),
        _long("英文问题", "text_en"),
        _long("说明", "help"),
        _code("单选或多选", "kind", QUESTION_KINDS, default="one"),
        ONLY_WHEN,
    ),
    key="key",
    reference="所属问题",
)
ANSWERS = Sheet(
    "情形选项",
    "choices",
    (
        _text("选项值", "value"),
        _text("选项文字", "label", width=30),
        _text("英文文字", "label_en", width=30),
        _long("提示", "hint"),
        _long("不能办理时的说明", "stop", "选了它就不能在这里办理的，写明该怎么办"),
    ),
    parent=QUESTIONS,
    key="value",
    reference="所属选项",
)
FILLS = Sheet(
    "情形带入",
    "fills",
    (
        _text("表单部分标识", "section"),
        _text("表单字段标识", "field"),
        _text("带入的值", "value", width=26),
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
