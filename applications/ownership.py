"""Who owns what of a case: the outer side all that the applicant says until it is submitted, the inner side status and decision.

Which side may send a topic at all stands where its handler is registered (``from_side``). Here is what a topic of the right
side may still not say; such a record is a dead letter.
"""

from collections.abc import Mapping
from typing import Any

from applications import numbering, requests
from applications.models.application import Channel
from sync.registry import Reject

# What an applicant's request may bring. Papers presented at a window, and how far they are trusted, are noted inside.
OUTER_CHANGES = frozenset({"answers", "materials", "round"})


def check_online_number(number: str) -> None:
    """Reject a submission from outside under a number that only the windows give out."""
    if numbering.is_number(number) and numbering.series_of(number) == Channel.COUNTER:
        raise Reject(f"{number} 是窗口号段的申请编号，外网不能使用。")


def check_request(action: str, changes: Mapping[str, Any]) -> None:
    """Reject a request from outside for a move that applicants do not make, or with what they cannot say."""
    if action not in (*requests.ACTIONS, requests.CANCEL_LICENCE):
        raise Reject(f"“{action}”不是申请人可以请求的事，办理和决定由内网作出。")
    if foreign := sorted(set(changes) - OUTER_CHANGES):
        raise Reject(f"申请人的请求里不能有 {foreign[0]}，它由内网登记。")


def check_move(action: str) -> None:
    """Reject a submission in the office's name: until then a case belongs to its applicant, outside."""
    if action == "submit":
        raise Reject("提交由申请人作出，内网不能替外网的草稿提交。")
