"""The guide on one sheet says what the guide says."""

import copy

from applications.documents.guide_sheet import guide_page
from tests.applications.documents.reading import pages, words
from tests.applications.documents.test_form_layout import CONTENT

GUIDE = copy.deepcopy(CONTENT)
GUIDE["guide"] |= {
    "acceptance_limit": 5,
    "feedback_limit": {"value": 20, "unit": "G"},
    "promised_limit": {"value": 8, "unit": "G"},
    "conditions": ["有固定的经营场所。"],
    "procedure": [{"order": 1, "kind": "review", "name": "现场核查", "content": "两人以上到场。", "working_days": 4}],
    "service_address": {"hall_name": "云川市市民服务中心", "address": "政务路1号", "window_no": "12号窗口"},
    "outcome": {"type": "10", "name": "试验许可证", "delivery": ["邮寄"], "delivery_days": 5},
    "contact": {"phone": "0889-5550311", "complaint_phone": "0889-5512345"},
    "legal_basis": [{"level": "法律", "title": "试验法", "article": "第三条", "text": "应当试验。"}],
}


def test_it_says_what_people_ask():
    made = guide_page(GUIDE, "http://127.0.0.1:8000/matters/X/").pdf()
    text = words(made)
    for phrase in ("承诺8个工作日", "法定期限20个工作日", "不收费", "不用跑", "试验许可证", "云川市市民服务中心12号窗口", "有固定的经营场所",
                   "平面图", "免提交", "现场核查", "4个工作日", "《试验法》第三条：应当试验。", "0889-5550311", "0889-5512345"):  # fmt: skip
        assert phrase in text, phrase
    assert len(pages(made)) == 1


def test_fees_and_visits_are_told():
    paid = copy.deepcopy(GUIDE)
    paid["guide"]["fee_standard"] = {
        "is_fee": True,
        "items": [{"name": "工本费", "standard": "10元/本", "basis": "价费字1号"}],
    }
    paid["guide"]["service_capability"] = {"visits": 1, "reason": "须当面采集指纹"}
    text = words(guide_page(paid, "http://127.0.0.1:8000/").pdf())
    assert "工本费：10元/本" in text
    assert "1次须当面采集指纹" in text
