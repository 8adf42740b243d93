"""Short words for what people do."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from django.db import connection

from applications import actors, services
from applications.models import Application
from identity.models import User
from tests.factories import moment

# Asked for only when the act is late.
LATE = {"late_reason": "收到时窗口停电。"}
OVERRUN = {"overrun_reason": "补充核查用时较长。"}
# The least each move asks for, so that a test names only what it is about.
DATA: dict[str, dict[str, Any]] = {
    "ask_correction": {
        "items": [
            {"target": "material:plan", "label": "经营场所平面图", "problem": "缺少比例尺", "remedy": "标注比例尺"}
        ]
    },
    "refuse_intake": {"reason": "本事项由市文化旅游局办理。", "right_organ": "云川市文化旅游局", **LATE},
    "tell_not_required": {"reason": "面积不足十平方米的无需许可。", **LATE},
    "fix_on_spot": {"field": "place.area", "value": "21", "agreed_by": "王芳"},
    "accept_with_deferral": {"owed": ["lease"], "signed": "申请人当面签署"},
    "check_owed": {"owed_key": "lease", "verdict": "ok"},
    "publish_overrun": {"reason": "检测机构设备故障。"},
    "grant_at_once": {"opinion": "符合条件。"},
    "confirm_pledge": {"opinion": "现场核查属实。"},
    "find_pledge_false": {"reason": "现场没有消毒设备。", "legal_basis": "《行政许可法》第六十九条第二款"},
    "pass_on": {"opinion": "材料齐全，符合条件。"},
    "send_back": {"reason": "现场核查记录缺少签字。"},
    "pause": {"procedure": "expert_review", "reason": "需要专家评审消防分区。", "expected_days": 5},
    "extend": {"reason": "案情复杂，需要补充核查。"},
    "transfer_up": {"opinion": "初审同意。", "upper_organ": "省级主管部门"},
    "grant": {"opinion": "同意。", **OVERRUN},
    "refuse": {
        "reason": "经营场所与污染源距离不足二十五米。",
        "legal_basis": "《食品安全法》第三十三条第一款第一项",
        **OVERRUN,
    },
    "deliver": {"method": "电子送达", "recipient": "申请人"},
    "terminate": {"reason": "申请人已经注销。"},
    "void": {"reason": "重复的申请。"},
    "withdraw": {"reason": "不再开店。"},
    "plan_check": {"check_kind": "onsite", "check_on": "2026-03-05", "officers": ["liuyang", "chenjing"]},
    "record_check": {"check": "", "findings": "布局与平面图一致。", "result": "passed"},
    "name_third_party": {
        "party_name": "张平",
        "party_contact": "13900020001",
        "interest": "店铺的排烟口正对其住宅窗户。",
        "told_how": "当面告知",
    },
    "hear_third_party": {"party": "", "heard_how": "spoken", "statement": "希望排烟口改向。"},
    "tell_hearing": {"reason": "该事项直接涉及申请人与他人之间重大利益关系。"},
    "set_hearing": {"set_for": "2026-03-20 09:30", "place": "市政务服务中心三楼会议室", "presider": "sunli"},
    "hold_hearing": {"record": "双方陈述、质证完毕。", "confirmed_by": "申请人王芳"},
    "drop_hearing": {"reason": "申请人撤回听证申请。"},
}


def move(case: Application, action: str, *, by: User | None, at: str = "2026-03-03 10:00", **data: Any) -> Application:
    """Make a move as staff (``by`` None is the system), with the least data it needs, nothing rendered."""
    actor = actors.staff(by) if by else actors.system()
    return services.perform(
        case.pk, action, actor=actor, seen=None, at=moment(at), render=False, **(DATA.get(action, {}) | data)
    )


@contextmanager
def unguarded() -> Iterator[None]:
    """As somebody with the keys of the database: events and seals can be changed and removed, foreign keys do not hold."""
    kept = import_module("applications.migrations.0010_evidence_is_only_added_to")
    off, on = ["SET session_replication_role = replica"], ["SET session_replication_role = DEFAULT"]
    if connection.vendor == "sqlite":  # the triggers against deletion are off in all tests (tests/conftest.py)
        off = [f"DROP TRIGGER {table}_kept_update" for table in kept.TABLES]
        on = [kept.sqlite_trigger(table, "UPDATE") for table in kept.TABLES]
    _execute(off)
    try:
        yield
    finally:
        _execute(on)


def _execute(statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
