"""What of the moves of procedure_life.py may leave the inner network, and what the applicant's timeline says of them.

Third parties, officers' names and findings stay inside; of a hearing the applicant is told the dates, place and presider.
"""

from datetime import datetime
from typing import Any

PUBLIC_DATA: dict[str, tuple[str, ...]] = {
    "plan_check": ("check_kind", "check_on"),
    "tell_hearing": ("reason", "ask_due"),
    "ask_hearing": ("request", "asked_by"),
    "set_hearing": ("set_for", "place", "presider", "expected_end"),
    "hold_hearing": ("held_on",),
    "drop_hearing": ("reason",),
}
# Documents that are addressed to somebody else than the applicant.
INSIDE_ONLY = frozenset({"third_party_notice"})


def public_note(action: str, data: dict[str, Any]) -> str | None:
    """One sentence for the applicant's timeline; None when these moves have nothing special to say of it."""
    if action == "plan_check" and data["check_kind"] == "onsite":
        return f"现场核查定在 {data['check_on']}。"
    if action == "tell_hearing":
        return f"{data['reason'].rstrip('。')}。可以在 {data['ask_due']} 之前（含当日）申请听证。"
    if action == "set_hearing":
        at = datetime.fromisoformat(data["set_for"])
        return f"听证定在 {at:%Y-%m-%d %H:%M}，地点：{data['place']}，主持人：{data['presider']}。"
    return None
