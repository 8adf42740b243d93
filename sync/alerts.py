"""What needs a person now, in sentences: for the top of the operator's page."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from sync import courier_state, marks, new_epochs, overlap
from sync.models import EpochChange
from sync.reasons import CannotProceed


@dataclass(frozen=True, slots=True)
class Alert:
    """One notification; ``kind`` is error or warning."""

    kind: str
    title: str
    text: str


def now(change: EpochChange | None) -> list[Alert]:
    """Everything that stands in the way of the exchange, the worst first; ``change`` is what new_epochs.waiting() gives."""
    return [*_behind(), *_courier(), *_epoch(change), *_held_back()]


def _behind() -> list[Alert]:
    try:
        marks.check()
    except CannotProceed as error:
        return [Alert("error", _("停止封装"), str(error))]
    return []


def _courier() -> list[Alert]:
    courier = courier_state.figures()
    found = []
    if courier.silence:
        found.append(Alert("error", _("对端失联"), courier.silence))
    if courier.failures:
        found.append(Alert("error", _("自动交换连续失败"), courier.failure))
    if courier.behind:
        text = _("对端说它已封装的批次中，还有 %(n)d 批没有到本端。可能还在路上；久不到时请对端重发。") % {
            "n": courier.behind
        }
        found.append(Alert("warning", _("有批次没有到"), text))
    return found


def _epoch(change: EpochChange | None) -> list[Alert]:
    if change is None:
        return []
    text = _(
        "对端恢复过备份，开始了第 %(number)d 纪元（%(reason)s）。它列出 %(listed)d 条事实，本端有而它丢失的有 %(lost)d 条，会退还给它。"
        "请打开“核对新纪元”，与对端管理员核对后批准。"
    ) % {
        "number": change.stream.number,
        "reason": change.reason,
        "listed": change.listed,
        "lost": new_epochs.lost(change).count(),
    }
    return [Alert("warning", _("新纪元等待批准"), text)]


def _held_back() -> list[Alert]:
    sentence = overlap.held_back()
    return [Alert("warning", _("有内容暂缓封装"), sentence)] if sentence else []
