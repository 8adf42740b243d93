"""A guide with a scenario, for tests: who cooks, whose premises, a stop."""

import copy
from typing import Any

from matters.guide import GuideContent
from tests.matters.guides import whole

SCENARIO: dict[str, Any] = {
    "questions": [
        {
            "key": "trade",
            "text": "做什么生意？",
            "text_en": "What kind of business?",
            "choices": [
                {"value": "meals", "label": "餐馆", "label_en": "Restaurant"},
                {"value": "shop", "label": "食品店", "fills": [{"section": "place", "field": "online", "value": "no"}]},
                {"value": "packaged", "label": "只卖预包装食品", "stop": "不用办许可，请备案。", "stop_matter": "BA-1"},
            ],
        },
        {
            "key": "raw",
            "text": "做不做生食？",
            "only_when": ["trade.meals"],
            "choices": [{"value": "yes", "label": "做"}, {"value": "no", "label": "不做"}],
        },
        {
            "key": "extras",
            "text": "还有什么？",
            "kind": "many",
            "choices": [{"value": "garden", "label": "露天座位"}, {"value": "none", "label": "没有"}],
        },
    ]
}


def scenario() -> dict[str, Any]:
    """A copy of the questions."""
    return copy.deepcopy(SCENARIO)


def narrowable(**changes: Any) -> dict[str, Any]:
    """The whole guide with the scenario: a material, a condition, a step and a charge that depend on it."""
    content = whole(**changes)
    guide = copy.deepcopy(content["guide"])
    content["guide"], content["scenario"] = guide, scenario()
    room = guide["materials"][1] | {"key": "room", "name": "专间设计图", "only_when": ["raw.yes"]}
    guide["materials"].append(room)
    guide["conditions"].append({"text": "露天座位不占人行道", "only_when": ["extras.garden"]})
    visit = guide["procedure"][2] | {"name": "现场核查", "working_days": 3, "only_when": ["trade.meals"]}
    guide["procedure"].insert(3, visit)
    guide["fee_standard"] = {
        "is_fee": True,
        "online_pay": True,
        "items": [
            {"name": "检测费", "standard": "80 元", "basis": "某规定", "amount_cents": 8000, "only_when": ["raw.yes"]}
        ],
    }
    return content


def parsed(**changes: Any) -> GuideContent:
    """The same, typed."""
    return GuideContent.model_validate(narrowable(**changes))
