"""What needs a person now, in sentences: for the top of the operator's page."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from sync import courier_state, marks, new_epochs, overlap
from sync.models import EpochChange, Stream
from sync.reasons import CannotProceed


@dataclass(frozen=True, slots=True)
class Alert:
    """One notification; ``kind`` is error or warning."""

    kind: str
    title: str
    text: str


def now(change: EpochChange | None, streams: Iterable[Stream]) -> list[Alert]:
    """Everything that stands in the way of the exchange, the worst first.

    ``change`` is what new_epochs.waiting() gives, ``streams`` are the current ones.
    """
    return [*_behind(), *_courier(), *_epoch(change), *_returns(streams), *_held_back()]


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


def _returns(streams: Iterable[Stream]) -> list[Alert]:
    if not any(stream.awaits_return for stream in streams):
        return []
    text = _(
        "本站点恢复过备份，对端还没有退还全部内容。退还完以前，内网不编文号、不自动答复；窗口和审批请等退还完再办件。"
        "对端批准新纪元以后，把它的批次取回打开即可；确实取不到的，运行 manage.py new_epoch --stop-waiting。"
    )
    return [Alert("warning", _("等待对端退还"), text)]


def _held_back() -> list[Alert]:
    sentence = overlap.held_back()
    return [Alert("warning", _("有内容暂缓封装"), sentence)] if sentence else []
