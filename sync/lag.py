"""The figures in words: what an operator says on the telephone."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sync.figures import Arrived, Figures, Sent


@dataclass(frozen=True, slots=True)
class Station:
    """A place on the way: its name, the last batch that has reached it, how far it is behind the one before."""

    name: str
    number: int
    behind: int
    hint: str = ""

    @property
    def state(self) -> str:
        """``done`` when it is level with the place before, else ``behind``."""
        return "behind" if self.behind else "done"


def outgoing(figures: Figures) -> list[str]:
    """Sentences about what this side sends."""
    sent, said = figures.sent, []
    if sent.waiting:
        said.append(
            ngettext(
                "有 %(n)d 条还没有封装，最早的已等 %(time)s。",
                "有 %(n)d 条还没有封装，最早的已等 %(time)s。",
                sent.waiting,
            )
            % {"n": sent.waiting, "time": _span(figures.at, sent.waiting_since)}
        )
    if sent.unconfirmed:
        said.append(
            _("有 %(n)d 批（%(records)d 条）对端还没有确认应用，最早的一批封装已有 %(time)s。")
            % {
                "n": sent.unconfirmed,
                "records": sent.unconfirmed_records,
                "time": _span(figures.at, sent.unconfirmed_since),
            }
        )
    if not said:
        said.append(_("送出的内容对端都已应用。") if sent.sealed else _("还没有送出过批次。"))
    return said


def incoming(figures: Figures) -> list[str]:
    """Sentences about what this side receives."""
    arrived, said = figures.arrived, []
    if arrived.heard_at is None:
        said.append(_("还没有收到过批次。"))
    else:
        said.append(_("最近一次收到对端的批次：%(time)s前。") % {"time": _span(figures.at, arrived.heard_at)})
    if arrived.parked:
        said.append(_("有 %(n)d 批已收下，在等前面的批次或其他条件。") % {"n": arrived.parked})
    if arrived.partial:
        said.append(_("有 %(n)d 卷已收下，在等同一批的其他各卷。") % {"n": arrived.partial})
    if arrived.dead:
        said.append(
            _("有 %(n)d 条记录无法应用，%(behind)d 条排在它们后面。")
            % {"n": arrived.dead, "behind": arrived.behind_dead}
        )
    return said


def out_stations(sent: Sent) -> list[Station]:
    """The way out, from this side's seal to the peer's backup."""
    numbers = [
        (_("已封装"), sent.sealed, _("有了序号，内容不再改变")),
        (_("已放到送出处"), sent.offered, _("可以拷走")),
        (_("对端已应用"), sent.applied, _("对端的回执")),
        (_("对端已备份"), sent.durable, _("在此以前的文件才会清理")),
    ]
    return _stations(numbers)


def in_stations(arrived: Arrived) -> list[Station]:
    """The way in, from arrival to this side's backup."""
    numbers = [
        (_("已收到"), arrived.received, _("至少到了一卷")),
        (_("已应用"), arrived.applied, _("进入本端数据库")),
        (_("本端已备份"), arrived.durable, _("运行 manage.py backup 之后")),
    ]
    return _stations(numbers)


def _stations(numbers: list[tuple[str, int, str]]) -> list[Station]:
    before = [numbers[0][1], *(number for _name, number, _hint in numbers)]
    return [
        Station(name, number, max(0, ahead - number), hint)
        for (name, number, hint), ahead in zip(numbers, before, strict=False)
    ]


def _span(now: datetime, since: datetime | None) -> str:
    """A length of time as people say it: minutes below an hour, hours below two days, then days."""
    minutes = int((now - since).total_seconds() // 60) if since else 0
    hours, rest = divmod(minutes, 60)
    if minutes < 1:
        return _("不到 1 分钟")
    if hours < 1:
        return ngettext("%(n)d 分钟", "%(n)d 分钟", minutes) % {"n": minutes}
    if hours < 48:
        return _("%(hours)d 小时 %(minutes)d 分钟") % {"hours": hours, "minutes": rest}
    return _("%(n)d 天") % {"n": hours // 24}
