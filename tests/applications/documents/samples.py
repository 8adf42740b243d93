"""One document of every kind, about an invented bakery in the demo city; and the awkward ones."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from applications.documents import content
from applications.documents.catalog import KINDS
from applications.documents.facts import ApplicantFacts, CaseFacts, MaterialFacts, OrganFacts, RemedyFacts

SHANGHAI = ZoneInfo("Asia/Shanghai")
SUBMITTED = datetime(2026, 2, 13, 9, 5, tzinfo=SHANGHAI)
LONG_NAME = "内蒙古自治区鄂尔多斯市达拉特旗展旦召苏木黄河湾现代农牧业综合开发有限责任公司"

CASE = CaseFacts(
    number="519900202602130000178",
    query_code="K7M2XQ",
    applicant=ApplicantFacts(
        name="云川市清源餐饮有限公司",
        is_enterprise=True,
        id_number="91519900MA6X0YUNC1",
        contact_name="王芳",
        phone="138****0001",
        address="云川市清溪区望江路18号",
        legal_representative="㛃𠮷·阿依努尔",
    ),
    matter_name="食品经营许可（新办）",
    matter_code="115199000000000000300013101",
    type_code="01",
    organ=OrganFacts(
        name="云川市市场监督管理局",
        phone="0999-5550112",
        address="云川市政务中心二楼B区",
        complaint_phone="0999-5550100",
    ),
    legal_basis=("《中华人民共和国食品安全法》第三十五条",),
    submitted_at=SUBMITTED,
    hall_name="一站 · 云川市政务服务大厅",
    hall_url="http://127.0.0.1:8000",
    materials=(
        MaterialFacts("食品经营许可申请书", electronic=1),
        MaterialFacts("主要设备设施、布局和操作流程等文件", electronic=2),
        MaterialFacts("食品安全规章制度", originals=1, electronic=1),
    ),
    remedies=RemedyFacts("云川市人民政府", "云川市人民法院", "http://127.0.0.1:8000/help/"),
    accepted_on=date(2026, 2, 24),
    intake_due=date(2026, 2, 27),
    promise_due=date(2026, 3, 10),
    law_due=date(2026, 3, 24),
)
CITIZEN = replace(
    CASE,
    applicant=ApplicantFacts("李*", False, "5***************X", "李*", "138****1234"),
    matter_name="高龄津贴发放",
    type_code="05",
    organ=OrganFacts("云川市民政局", "0999-5550221", "云川市政务中心一楼A区", "0999-5550100"),
    legal_basis=("《中华人民共和国老年人权益保障法》第三十三条",),
)

EXTRAS: dict[str, dict[str, Any]] = {
    "receipt": {"received_at": SUBMITTED, "receiver": "网上大厅自动收件"},
    "acceptance": {"accepted_on": date(2026, 2, 24), "law_due": date(2026, 3, 24), "promise_due": date(2026, 3, 10)},
    "correction": {
        "items": [
            {
                "name": "食品安全规章制度",
                "problem": "缺少食品安全自查制度和食品安全事故处置方案。",
                "remedy": "补充上述两项制度，加盖公章后扫描上传。",
                "basis": "《食品经营许可和备案管理办法》第十四条",
            },
            {"name": "布局图", "problem": "没有标明清洗、消毒区域。", "remedy": "在图上标明各功能区并注明面积。"},
        ],
        "supply_due": date(2026, 3, 20),
    },
    "intake_refusal": {
        "ground": "not_this_organ",
        "reason": "申请的经营场所位于邻县，由经营场所所在地机关管辖。",
        "competent_organ": "青原县市场监督管理局",
    },
    "grant": {
        "scope": "热食类食品制售；预包装食品销售（含冷藏冷冻食品）",
        "conditions": ["不得从事生食类食品制售。"],
        "duties": [
            "在经营场所的显著位置悬挂或者摆放许可证正本。",
            "许可事项发生变化的，应当在变化后十个工作日内申请变更。",
            "需要延续的，应当在有效期届满三十日前提出申请。",
        ],
        "licence_name": "食品经营许可证",
        "licence_number": "JY25199000001782",
        "valid_from": date(2026, 3, 6),
        "valid_to": date(2031, 3, 5),
    },
    "refusal": {
        "facts": "2026年3月2日，两名核查人员到望江路18号现场核查，发现加工区与卫生间相邻且没有分隔，没有专用的餐饮具消毒设施。",
        "reasons": ["经营场所的布局不能避免食品接触有毒物、不洁物。", "没有与经营的食品品种、数量相适应的消毒设备。"],
        "legal_basis": "《中华人民共和国食品安全法》第三十三条第一款第（一）项、第（二）项",
    },
    "pause": {
        "procedure": "检验",
        "reason": "需要对生产用水委托有资质的机构进行检验。",
        "began_on": date(2026, 3, 2),
        "expected_end": date(2026, 3, 16),
        "new_due": date(2026, 4, 8),
    },
    "extension": {
        "original_due": date(2026, 3, 24),
        "added_days": 10,
        "reason": "现场核查需要会同消防救援机构进行，协调时间较长",
        "approver": "云川市市场监督管理局负责人",
        "new_due": date(2026, 4, 8),
    },
    "withdrawal": {"requested_at": SUBMITTED + timedelta(days=5), "requested_by": "王芳", "reason": "经营计划调整"},
    "termination": {
        "reason": "申请人已于2026年3月1日办理注销登记，申请主体资格终止。",
        "legal_basis": "《中华人民共和国行政许可法》第七十条",
    },
    "delivery": {
        "papers": [
            {"title": "准予行政许可决定书", "number": "市监许准〔2026〕1号"},
            {"title": "食品经营许可证", "number": "JY25199000001782"},
        ],
        "recipient": "云川市清源餐饮有限公司",
        "method": "电子送达",
        "place": "一站网上大厅“我的办件”",
        "sent_at": SUBMITTED + timedelta(days=22),
        "arrived_at": SUBMITTED + timedelta(days=22, minutes=3),
        "consent": "申请人提交申请时勾选同意电子送达（2026年2月13日9时05分）",
        "server": "综合窗口 赵敏",
    },
    "renewal": {
        "licence_name": "食品经营许可证",
        "licence_number": "JY25199000001782",
        "old_valid_to": date(2026, 4, 30),
        "valid_from": date(2026, 5, 1),
        "valid_to": date(2031, 4, 30),
    },
    "licence_change": {
        "licence_name": "食品经营许可证",
        "licence_number": "JY25199000001782",
        "changes": [
            {"label": "名称（姓名）", "old": "云川市清源餐饮有限公司", "new": "云川市清源饮食服务有限公司"},
            {"label": "许可内容", "old": "热食类食品制售", "new": "热食类食品制售；冷食类食品制售"},
        ],
        "valid_from": date(2026, 3, 6),
        "valid_to": date(2031, 3, 5),
    },
    "licence_end": {
        "licence_name": "食品经营许可证",
        "licence_number": "JY25199000001782",
        "act": "注销",
        "holder": "云川市清源餐饮有限公司",
        "ground": "法人或者其他组织依法终止",
        "reason": "该公司已于2026年3月1日办理注销登记。",
        "article": "第七十条第（三）项",
    },
    "bar": {
        "article": "第七十八条",
        "ground": "隐瞒有关情况或者提供虚假材料申请行政许可",
        "reason": "提交的场所使用证明系伪造。",
        "begins": date(2026, 3, 6),
        "ends": date(2027, 3, 6),
    },
    "deferral": {
        "owed_items": [{"name": "从业人员健康证明"}],
        "owed_due": date(2026, 3, 13),
        "signed_by": "云川市清源餐饮有限公司",
        "signed": "提交申请时在网上确认",
    },
    "commitment": {
        "requirements": ["有固定的经营场所", "从业人员取得健康证明"],
        "pledge": "承诺符合上列条件，愿意接受核查。",
        "check_days": 20,
        "signed_by": "云川市清源餐饮有限公司",
        "signed_at": SUBMITTED,
    },
    "commitment_revocation": {
        "decision": "《准予行政许可决定书》（市监许准〔2026〕1号）",
        "decided_on": date(2026, 3, 6),
        "licence_number": "JY25199000001782",
        "reason": "现场没有消毒设备，与承诺不符。",
        "legal_basis": "《行政许可法》第六十九条第二款",
    },
    "hearing_right": {"reason": "该事项直接涉及他人重大利益关系。", "ask_due": date(2026, 3, 9)},
    "hearing_notice": {
        "set_for": SUBMITTED + timedelta(days=40),
        "place": "云川市政务中心三楼听证室",
        "presider": "孙立",
        "began_on": date(2026, 3, 11),
        "expected_end": date(2026, 3, 26),
        "new_due": date(2026, 4, 16),
    },
    "third_party_notice": {
        "party": "张平",
        "interest": "排烟口正对其住宅窗户。",
        "answer_due": date(2026, 3, 9),
    },
    "licence": {
        "licence_name": "食品经营许可证",
        "licence_number": "JY25199000001782",
        "holder": "云川市清源餐饮有限公司",
        "holder_code": "91519900MA6X0YUNC1",
        "legal_representative": "㛃𠮷·阿依努尔",
        "address": "云川市清溪区望江路18号",
        "lines": [
            {"label": "主体业态", "value": "餐饮服务经营者"},
            {"label": "经营项目", "value": "热食类食品制售；预包装食品销售（含冷藏冷冻食品）"},
        ],
        "valid_from": date(2026, 3, 6),
        "valid_to": date(2031, 3, 5),
    },
}


def sample(kind: str, case: CaseFacts = CASE, **changes: Any) -> dict[str, Any]:
    """Frozen content of one document; ``changes`` replace parts of the usual one."""
    number = f"市监许{KINDS[kind].series}〔2026〕12号" if KINDS[kind].series else ""
    issue = {"number": number, "issued_on": date(2026, 3, 6), "check_code": "7QK4M2XRTB9C"}
    return content.build(kind, case=case, extra={**issue, **EXTRAS[kind], **changes})


def long_case(case: CaseFacts = CASE) -> CaseFacts:
    """Real-length names everywhere, and thirty materials."""
    return replace(
        case,
        applicant=replace(case.applicant, name=LONG_NAME),
        matter_name="在特定区域内从事生产建设活动涉及国家重点保护野生动物及其栖息地的审批（含跨县级行政区域的联合申请）",
        organ=replace(case.organ, name="云川市自然资源和规划局（云川市林业和草原局）"),
        materials=tuple(
            MaterialFacts(f"第{n}份材料：{LONG_NAME}的有关证明文件", copies=1, electronic=n) for n in range(1, 31)
        ),
    )


def many_items(count: int = 30) -> list[dict[str, str]]:
    """A correction notice nobody wants to get."""
    return [
        {
            "name": f"第{n}项材料",
            "problem": "扫描件不清晰，第二页印章无法辨认。" * (1 + n % 3),
            "remedy": "重新扫描上传，分辨率不低于300dpi。",
        }
        for n in range(1, count + 1)
    ]


def all_samples() -> dict[str, dict[str, Any]]:
    """Name → frozen content: every kind, and the awkward variants."""
    usual = {kind: sample(kind) for kind in EXTRAS}
    return usual | {
        "acceptance_tacit": sample("acceptance", tacit=True, accepted_on=date(2026, 2, 13)),
        "acceptance_citizen": sample("acceptance", CITIZEN),
        "grant_citizen": sample(
            "grant", CITIZEN, conditions=[], licence_name="", licence_number="", scope="自2026年3月起按月发放高龄津贴。"
        ),
        "receipt_long": sample("receipt", long_case()),
        "correction_long": sample("correction", long_case(), items=many_items()),
        "grant_long": sample("grant", long_case(), licence_number="YC-2026-0000001782"),
        "licence_long": sample("licence", long_case(), holder=LONG_NAME, valid_to=None),
        "renewal_deemed": sample("renewal", deemed=True),
        "renewal_long": sample("renewal", long_case(), valid_to=None),
        "licence_change_long": sample(
            "licence_change", long_case(), changes=[{"label": "名称（姓名）", "old": LONG_NAME, "new": LONG_NAME * 2}]
        ),
        "bar_warning": sample("bar", ends=None),
        "licence_dense": sample(
            "licence", lines=[{"label": "经营项目", "value": "热食类食品制售；冷食类食品制售；" * 40}]
        ),
    }
