"""The guide on one sheet says what the guide says."""

import copy

import pytest

from applications.documents.guide_sheet import guide_page
from hall.demo import city
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


def test_what_is_done_at_once_has_no_limit_of_nought_days():
    instant = copy.deepcopy(GUIDE)
    instant["header"] = {"type_code": "01", "case_kind": "1"}
    instant["guide"] |= {"acceptance_limit": 0, "feedback_limit": {"value": 0, "unit": "G"}}
    text = words(guide_page(instant, "http://127.0.0.1:8000/").pdf())
    assert "0个工作日" not in text
    assert "当场告知是否受理" in text


def test_a_long_guide_still_fits_on_one_sheet():
    long = copy.deepcopy(GUIDE)
    paper = {
        "name": "与申请事项有关的证明材料复印件",
        "necessity": "必要",
        "how_to": "加盖公章，并由经办人签名注明日期，与原件核对一致。",
    }
    long["guide"]["materials"] = [{"key": f"m{n}", **paper} for n in range(25)]
    long["guide"]["procedure"] = GUIDE["guide"]["procedure"] * 9
    long["guide"]["conditions"] = ["有与经营范围相适应的固定场所、设备、人员和管理制度，并且符合国家规定的标准。"] * 10
    assert len(pages(guide_page(long, "http://127.0.0.1:8000/").pdf())) == 2


@pytest.mark.parametrize("path", city.guide_files(), ids=lambda path: path.stem)
def test_every_guide_of_the_demo_city_is_one_sheet(path):
    made = guide_page(city.guide_content(path), "http://127.0.0.1:8000/matters/X/").pdf()
    assert len(pages(made)) <= 2
