"""Each paper says what the law asks of it (C07, C17, C18). The words are read from the finished PDF by another engine."""

import pytest

from applications.documents import content
from applications.documents.catalog import KINDS
from applications.documents.render import document_html
from tests.applications.documents.reading import made, words
from tests.applications.documents.samples import CASE, CITIZEN, EXTRAS, sample

CASE_FACTS = ["519900202602130000178", "食品经营许可（新办）", "云川市市场监督管理局"]
MUST_CONTAIN = {
    "receipt": [*CASE_FACTS, "K7M2XQ", "云川市清源餐饮有限公司", "2026年2月13日9时05分", "网上大厅自动收件",
                "食品安全规章制度", "原件", "复印件", "电子件", "不表示申请已经受理", "查询办法"],
    "acceptance": [*CASE_FACTS, "市监许受〔2026〕12号", "王芳", "138****0001", "第三十二条第一款第（五）项",
                   "2026年2月24日起予以受理", "2026年3月24日", "2026年3月10日", "不收费", "0999-5550112", "0999-5550100",
                   "2026年3月6日", "受送达人（签收）"],
    "correction": [*CASE_FACTS, "第三十二条第一款第（四）项", "共2项", "缺少食品安全自查制度", "没有标明清洗、消毒区域",
                   "加盖公章后扫描上传", "2026年3月20日前补正", "在线补正", "邮寄", "五个工作日内一次告知",
                   "逾期不告知的，自收到申请材料之日起即为受理", "受送达人（签收）"],
    "intake_refusal": [*CASE_FACTS, "不予受理", "由经营场所所在地机关管辖", "青原县市场监督管理局", "第（二）项",
                       "六十日", "云川市人民政府", "六个月", "云川市人民法院"],
    "grant": [*CASE_FACTS, "准予行政许可", "第三十八条第一款", "91519900MA6X0YUNC1", "热食类食品制售",
              "不得从事生食类食品制售", "自2026年3月6日至2031年3月5日", "JY25199000001782", "应当在变化后十个工作日内申请变更"],
    "refusal": [*CASE_FACTS, "加工区与卫生间相邻", "没有与经营的食品品种", "第三十三条第一款第（一）项", "第三十八条第二款",
                "六十日", "云川市人民政府", "http://127.0.0.1:8000/help/", "六个月", "云川市人民法院"],
    "pause": [*CASE_FACTS, "第四十五条", "检验", "需要对生产用水", "2026年3月2日", "2026年3月16日", "2026年4月8日"],
    "extension": [*CASE_FACTS, "2026年3月24日", "十个工作日", "会同消防救援机构", "云川市市场监督管理局负责人批准",
                  "2026年4月8日", "第四十二条第一款"],
    "withdrawal": [*CASE_FACTS, "2026年2月18日9时05分", "经营计划调整", "王芳", "91519900MA6X0YUNC1", "领回"],
    "termination": [*CASE_FACTS, "终止办理", "注销登记", "第七十条", "六十日", "六个月"],
    "delivery": ["准予行政许可决定书", "市监许准〔2026〕1号", "云川市清源餐饮有限公司", "一站网上大厅“我的办件”", "电子送达",
                 "2026年3月7日9时05分", "到达系统", "同意电子送达", "签收人", "代收人", "拒收事由", "见证人", "赵敏"],
    "renewal": [*CASE_FACTS, "第五十条", "JY25199000001782", "原有效期至", "2026年4月30日", "自2026年5月1日至2031年4月30日", "编号不变"],
    "licence_change": [*CASE_FACTS, "第四十九条", "变更前", "变更后", "云川市清源饮食服务有限公司", "冷食类食品制售",
                       "自2026年3月6日至2031年3月5日"],
    "licence_end": [*CASE_FACTS, "注销行政许可决定书", "第七十条第（三）项", "法人或者其他组织依法终止", "JY25199000001782", "公告",
                    "六十日", "六个月"],
    "bar": [*CASE_FACTS, "第七十八条", "警告", "提供虚假材料", "2026年3月6日", "2027年3月6日", "不得再次申请", "陈述和申辩",
            "六十日", "六个月"],
    "deferral": [*CASE_FACTS, "容缺受理", "从业人员健康证明", "2026年3月13日前", "终止办理", "云川市清源餐饮有限公司", "在网上确认"],
    "commitment": [*CASE_FACTS, "告知承诺", "有固定的经营场所", "愿意接受核查", "20个工作日", "撤销所作决定", "2026年2月13日9时05分"],
    "commitment_revocation": [*CASE_FACTS, "撤销行政许可决定书", "市监许准〔2026〕1号", "2026年3月6日", "没有消毒设备", "第六十九条第二款",
                              "JY25199000001782", "陈述、申辩", "六十日", "六个月"],
    "hearing_right": [*CASE_FACTS, "第四十六条、第四十七条", "五个工作日内", "2026年3月9日前", "不承担组织听证的费用", "0999-5550112"],
    "hearing_notice": [*CASE_FACTS, "第四十八条", "2026年3月25日9时05分", "三楼听证室", "孙立", "申请回避", "第四十五条",
                       "不承担组织听证的费用", "笔录"],
    "third_party_notice": ["张平", "519900202602130000178", "排烟口正对其住宅窗户", "第三十六条", "陈述和申辩", "2026年3月9日前"],
    "licence": ["食品经营许可证", "JY25199000001782", "云川市清源餐饮有限公司", "91519900MA6X0YUNC1", "㛃𠮷·阿依努尔",
                "云川市清溪区望江路18号", "热食类食品制售", "自2026年3月6日至2031年3月5日", "云川市市场监督管理局"],
}  # fmt: skip


def test_every_kind_is_tried():
    assert set(MUST_CONTAIN) == set(KINDS) == set(EXTRAS)


@pytest.mark.parametrize("kind", KINDS)
def test_the_paper_says_it(kind):
    text = words(made(kind))
    missing = [phrase for phrase in MUST_CONTAIN[kind] if phrase not in text]
    assert missing == [], text
    assert "7QK4-M2XR-TB9C" in text


def test_silence_becomes_acceptance_from_the_day_of_receipt():
    text = words(made("acceptance_tacit"))
    assert "自收到申请材料之日即2026年2月13日起视为受理" in text
    assert "第（四）项" in text


def test_renewal_by_silence_says_so():
    text = words(made("renewal_deemed"))
    assert "第五十条第二款" in text
    assert "视为准予延续" in text


def test_without_a_period_the_paper_is_a_warning_only():
    text = words(made("bar_warning"))
    assert "给予警告" in text
    assert "不得再次申请该行政许可" not in text


@pytest.mark.parametrize(
    "kind", ["acceptance", "correction", "grant", "refusal", "pause", "extension", "intake_refusal"]
)
def test_matters_that_are_no_licence_do_not_speak_of_licences(kind):
    frozen = sample(kind, CITIZEN)
    assert "许可" not in frozen["title"]
    assert "行政许可" not in document_html(kind, frozen)


@pytest.mark.parametrize(
    ("kind", "changes", "told"),
    [
        ("correction", {"items": []}, "items 至少要有一项"),
        ("refusal", {"reasons": []}, "reasons 至少要有一项"),
        ("refusal", {"legal_basis": " "}, "legal_basis 不能为空"),
        ("intake_refusal", {"competent_organ": ""}, "必须写明有权办理的机关"),
        ("extension", {"added_days": 20}, "added_days"),
        ("delivery", {"method": "口头告知"}, "method"),
        ("grant", {"unknown": 1}, "unknown 是多余的"),
    ],
)
def test_a_paper_without_what_the_law_asks_cannot_be_made(kind, changes, told):
    with pytest.raises(content.IncompleteDocument, match=told):
        sample(kind, **changes)


def test_content_is_plain_json_and_its_digest_follows_it():
    frozen = sample("grant")
    assert content.digest(frozen) == content.digest(sample("grant"))
    assert content.digest(frozen) != content.digest(sample("grant", scope="别的"))
    assert frozen["case"]["submitted_at"] == "2026-02-13T09:05:00+08:00"
    assert frozen["check_url"] == f"{CASE.hall_url}/check/7QK4M2XRTB9C/"
