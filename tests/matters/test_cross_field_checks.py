"""The seventeen checks between fields that reviewers really make, each under its name (docs/GUIDE.md lists them)."""

from typing import Any

import pytest

from matters.checks.phrases import EMPTY_PHRASE
from matters.guide_checks import check_guide
from tests.matters.guides import USCC, whole

FEE = {
    "is_fee": True,
    "online_pay": True,
    "items": [{"name": "工本费", "standard": "每证 5 元", "basis": "川价〔2018〕1 号"}],
}
OUTCOME = {
    "type": "10",
    "name": "许可证",
    "sample": "generated",
    "validity": {"unit": "P"},
    "delivery": ["邮寄"],
    "delivery_days": 3,
}


def outcome(**changes: Any) -> dict[str, Any]:
    return OUTCOME | changes


def capability(**changes: Any) -> dict[str, Any]:
    return {"depth": ["5"], "channels": ["1", "2"], "visits": 0, "reason": ""} | changes


def fee(**changes: Any) -> dict[str, Any]:
    return FEE | changes


def problems(**changes: Any) -> list[tuple[str, str]]:
    return [(problem.path, problem.message) for problem in check_guide(whole(**changes))]


# (name of the check, a guide that breaks it, where it is told, words of the message)
BROKEN: list[tuple[str, dict[str, Any], str, str]] = [
    (
        "instant_means_promise_of_nought",
        {"header": {"case_kind": "1"}},
        "promised_limit.value",
        "即办件的承诺期限应为 0",
    ),
    (
        "promise_of_nought_means_instant",
        {"promised_limit": {"value": 0, "unit": "G"}},
        "promised_limit.value",
        "应为即办件",
    ),
    ("name_in_certificate_gives_certificate", {"outcome": outcome(type="20")}, "outcome.type", "类型应为证照"),
    ("name_in_document_gives_document", {"outcome": outcome(name="核准文", type="30")}, "outcome.type", "类型应为批文"),
    ("name_in_reply_gives_approval", {"outcome": outcome(name="立项批复", type="10")}, "outcome.type", "类型应为批文"),
    (
        "visits_need_a_reason",
        {"service_capability": capability(depth=["4"], visits=1)},
        "service_capability.reason",
        "需要到现场的原因",
    ),
    (
        "no_visits_have_no_reason",
        {"service_capability": capability(reason="须核验原件")},
        "service_capability.reason",
        "不应填写必须到现场的原因",
    ),
    (
        "no_visits_and_not_online_need_mail",
        {
            "header": {"express": False},
            "service_capability": capability(depth=["1"], channels=["1"], reason="无法网办，须验看原件"),
        },
        "service_capability.visits",
        "没有快递申请",
    ),
    (
        "full_depth_needs_no_visit",
        {"service_capability": capability(visits=1, reason="采指纹")},
        "service_capability.visits",
        "应为 0",
    ),
    ("fee_has_item", {"fee_standard": fee(items=[])}, "fee_standard.items", "至少要有一个收费项目"),
    (
        "fee_has_basis",
        {"fee_standard": fee(items=[{"name": "工本费", "standard": "5 元"}])},
        "fee_standard.items.0.basis",
        "依据还没有填写",
    ),
    ("fee_is_paid_online", {"fee_standard": fee(online_pay=False)}, "fee_standard.online_pay", "应开通网上缴费"),
    (
        "no_fee_is_not_paid_online",
        {"fee_standard": fee(is_fee=False, items=[])},
        "fee_standard.online_pay",
        "不应开通网上缴费",
    ),
    (
        "complaints_have_their_own_number",
        {"contact": {"phone": "0839-5550102", "email": "a@example.cn", "complaint_phone": "0839-5550102"}},
        "contact.complaint_phone",
        "不能和咨询电话相同",
    ),
    (
        "both_numbers_have_area_codes",
        {"contact": {"phone": "5550102", "email": "a@example.cn", "complaint_phone": "5550199"}},
        "contact.phone",
        "应带区号",
    ),
    (
        "whom_it_serves_agrees_with_its_audience",
        {"header": {"service_objects": ["1"], "audiences": ["enterprise"]}},
        "header.service_objects",
        "应包括法人",
    ),
    ("licence_answers_a_question", {"header": {"faq": []}}, "header.faq", "至少要有一个常见问题"),
    ("licence_has_five_steps", {"procedure": None}, "procedure", "至少要有 5 个环节"),
    ("result_has_a_sample", {"outcome": outcome(sample="")}, "outcome.sample", "样本还没有填写"),
    ("nothing_says_nothing", {"conditions": [{"text": "按规定执行的其他情形"}]}, "conditions.0.text", "没有说清楚"),
]


@pytest.mark.parametrize(("name", "changes", "path", "words"), BROKEN, ids=[row[0] for row in BROKEN])
def test_a_guide_that_breaks_the_check_is_told_where(name, changes, path, words):
    if name == "licence_has_five_steps":
        changes = {"procedure": whole()["guide"]["procedure"][:4]}
    found = problems(**changes)
    assert any(where == path and words in message for where, message in found), found


def test_the_whole_guide_breaks_none():
    assert problems() == []
    assert problems(fee_standard=FEE) == []
    assert problems(outcome=outcome(type="20", name="核准文")) == []
    assert problems(outcome=outcome(type="20", name="立项批复")) == []
    assert problems(service_capability=capability(depth=["4"], visits=1, reason="采指纹")) == []


@pytest.mark.parametrize(
    "phrase", ["按规定执行", "详见附件", "其他材料", "另行通知", "待定", "视情况而定", "其他条件", "以实际为准"]
)
def test_phrases_that_say_nothing_are_known(phrase):
    assert EMPTY_PHRASE.search(phrase)


def test_they_are_told_at_the_place_and_only_once():
    found = problems(header={"code": f"{USCC}4000131001000", "number_limit": "视情况而定"})
    assert found == [("header.number_limit", "“视情况”没有说清楚，请写明具体内容。")]
