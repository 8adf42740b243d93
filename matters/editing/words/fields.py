"""Words for the twenty fields themselves."""

from matters.editing.word import Word
from matters.guide import GUIDE_FIELDS

_HELP = {
    "department": "作出决定的机关。文书落款用这里的名称。",
    "responsible_office": "本部门里负责这件事的处室，以及能问到人的电话。",
    "feedback_limit": "法律规定多久作出决定。一般是 20 个工作日（行政许可法第四十二条）；不是 20 的，要写明出自哪一条。",
    "promised_limit": "我们向申请人承诺多久办完，不能比法定时限长。即办件填 0。",
    "acceptance_window": "什么时候收申请。至少写一段每周的受理时间，或者写明受理季节。",
    "fee_standard": "收费的写明项目、标准和依据（行政许可法第五十八、五十九条）。",
    "service_address": "到哪里办：网址和办事大厅至少写一个。",
    "outcome": "准予之后给申请人什么，怎么给。送达不超过 10 个工作日（行政许可法第四十四条）。",
    "contact": "咨询和投诉都要能找到人，两个电话不能相同，都带区号。",
    "acceptance_level_place": "哪一级、哪个机关、在哪里收申请。",
    "handling_level": "由哪一级作出决定，不能低于受理级别。",
    "service_capability": "网上能办到哪一步；要到现场的，说明几次、为什么。",
}


def _group(name: str) -> Word:
    return Word(GUIDE_FIELDS[name], _HELP[name])


WORDS = {
    "Guide": {name: _group(name) for name in _HELP}
    | {
        "matter_name": Word(
            "业务名称", "2 到 200 个字，本部门内不能重名，末尾不要重复“审批”“许可”。", "食品经营许可证核发"
        ),
        "legal_basis": Word(
            "办理依据",
            "至少一条。行政许可至少要有一条法律、行政法规、国务院决定、地方性法规或省级政府规章（行政许可法第十四至十七条）。",
            row="条依据",
            title="title",
        ),
        "acceptance_limit": Word(
            "受理期限（工作日）",
            "收到申请后几个工作日内决定是否受理，0 到 5；当场决定的填 0（行政许可法第三十二条）。",
            "5",
        ),
        "conditions": Word(
            "申请条件",
            "至少一条，每条说一件事。不要写“符合规定条件”（行政许可法第三十条）。",
            row="条条件",
            title="text",
        ),
        "materials": Word(
            "所需要件和表格",
            "申请人要交的每一份材料，都要有依据；不能写“其他材料”（行政许可法第二十九至三十一条）。",
            row="份材料",
            title="name",
            none="这件事不用交任何材料",
        ),
        "form_downloads": Word(
            "表格下载",
            "每一份申请表都要有空白表和填好的样表（行政许可法第二十九、三十条）。",
            row="份表格",
            title="name",
        ),
        "procedure": Word(
            "办理指南（办理流程）",
            "从申请到送达的每一步。行政许可要有申请、受理、审查、决定、送达五步。序号相同的环节同时进行。",
            row="个环节",
            title="name",
        ),
        "district_points": Word(
            "各区县受理地点",
            "通办和分级管理的事项至少写一个；没有的请勾选“没有”。",
            row="个受理地点",
            title="name",
            none="没有，只在上面的地点受理",
        ),
    },
    "DepartmentInfo": {
        "code": Word("部门编号", "本站里这个部门的编号。", "scjg", is_rare=True),
        "name": Word("部门名称", "全称，和印章一致。", "云川市市场监督管理局", offer="departments"),
        "uscc": Word("统一社会信用代码", "18 位，最后一位是校验位（GB 32100）。", "11990181033100219G"),
        "org_nature": Word("部门性质", "依法自己行使职权的是法定机关；受委托的还要写委托机关。"),
        "entrusting_body": Word(
            "委托机关", "部门性质是受委托组织时填写全称（行政许可法第二十四条）。", "云川市人民政府"
        ),
    },
    "OfficeInfo": {
        "name": Word("责任处室", "选本部门的处室。", "行政审批科", offer="own_offices", is_closed=True),
        "phone": Word("处室电话", "带区号，上班时间有人接。", "0889-5550311"),
    },
    "Limit": {
        "value": Word("数值", "只写数字；当场办结填 0。", "20"),
        "unit": Word("单位", "期限一般用工作日（行政许可法第八十二条）；法律另有规定的按法律。"),
        "note": Word("说明", "从哪天起算、包含什么。", "自受理之日起计算"),
        "article": Word("出自哪一条", "法定时限不是 20 个工作日时必须写，并且这一条要在“办理依据”里。", "第四十二条"),
    },
    "AcceptanceWindow": {
        "weekly_hours": Word("每周受理时间", "上午、下午分开的写两段。", row="段时间", title="open"),
        "season_from": Word("受理季节从", "只在一段时间受理的填写，写成月-日。", "03-01"),
        "season_to": Word("受理季节到", "和开始日期一起填写。", "06-30"),
        "online_always": Word("网上全天可以提交", "不勾选的，网上也只在受理时间内收。"),
    },
    "WeeklyHours": {
        "days": Word(
            "星期几",
            "可以多选。",
            options={str(n): f"周{day}" for n, day in enumerate("一二三四五六日", 1)},
        ),
        "open": Word("开始", "24 小时制。", "09:00"),
        "close": Word("结束", "要晚于开始。", "17:00"),
    },
    "FeeStandard": {
        "is_fee": Word(
            "是否收费", "选“收费”以后写明每一个收费项目。", is_asked=True, options={"yes": "收费", "no": "不收费"}
        ),
        "items": Word("收费项目", "收费的至少写一个；不收费的不要写。", row="个收费项目", title="name"),
        "online_pay": Word("可以网上缴费", "收费事项应当开通；不收费的不要勾选。"),
    },
    "ServiceAddress": {
        "online_url": Word("网上办理地址", "以 http:// 或 https:// 开头。", "https://www.example.gov.cn/matters/"),
        "hall_name": Word("办事大厅", "大厅的名称。", "云川市政务服务中心"),
        "address": Word("大厅地址", "写到门牌号。", "云川市滨河路 18 号"),
        "window_no": Word("窗口", "楼层和窗口号。", "一楼 A12 窗口"),
        "transit": Word("怎么去", "公交、地铁和停车。", "3 路公交政务中心站下车"),
    },
    "Outcome": {
        "type": Word("成果类型", "名称以“证”结尾的是证照，以“文”“批复”结尾的是批文。"),
        "name": Word("成果名称", "证照或批文的全称；类型是其他的可以空着。", "食品经营许可证"),
        "sample": Word("样本", "写 generated 表示由本站按内容生成样本，或者写样本文件的网址。", "generated"),
        "validity": Word("有效期", "长期有效的，单位选“长期”。", "5 年"),
        "delivery": Word("送达方式", "至少选一种。"),
        "delivery_days": Word(
            "送达期限（工作日）", "作出决定后几个工作日内送达，不超过 10（行政许可法第四十四条）。", "10"
        ),
    },
    "Validity": {
        "value": Word("有效期数值", "长期有效的填 0。", "5"),
        "unit": Word("有效期单位", "年、月、天，或者长期。"),
    },
    "Contact": {
        "phone": Word("咨询电话", "带区号。", "0889-5550311"),
        "email": Word("电子邮件", "能收到咨询的邮箱。", "scjg@example.gov.cn"),
        "complaint_phone": Word("投诉电话", "带区号，不能和咨询电话相同。", "0889-5550399"),
        "complaint_url": Word("投诉网址", "没有就空着。", "https://www.example.gov.cn/complaint/"),
    },
    "LevelPlace": {
        "level": Word("受理级别", "收申请的机关是哪一级。"),
        "region": Word("行政区划代码", "6 位数字（GB/T 2260），和受理级别一致：市级后两位是 00，县级不是。", "990181"),
        "org": Word("受理机关", "收申请的机关全称。", "云川市市场监督管理局", offer="departments"),
        "place": Word("受理地点", "在哪里收。", "云川市政务服务中心一楼 A12 窗口"),
    },
    "HandlingLevel": {
        "level": Word("办理级别", "不同情形由不同级别办理的选“分级管理”。"),
        "division_of_power": Word(
            "权限划分", "分级管理时写明哪一级管什么。", "面积 300 平方米以上由市级办理，其余由县级办理", is_long=True
        ),
    },
    "ServiceCapability": {
        "depth": Word("网上办理深度", "网上最多能办到哪一步，可以多选。"),
        "channels": Word("办理形式", "申请人可以从哪里办。"),
        "visits": Word("到现场次数", "全程不用来的填 0。网上能办到“互联网办理”的，应当是 0。", "0"),
        "reason": Word(
            "必须到现场或不能网办的原因",
            "要来现场、或者不能网上办的，写明原因；不用来的空着。",
            "须当场采集指纹",
            is_long=True,
        ),
    },
}
