"""Questions about deadlines as ``manage.py due`` reads them: ``START WORKDAYS [FROM:TO …]``."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from matters.workdays import Calendar, Pause

DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
FIRST_YEAR, LAST_YEAR = 1950, 2100


@dataclass(frozen=True)
class Question:
    """When does a period of ``workdays`` working days end that began on ``start``, without the days of ``pauses``?"""

    start: date
    workdays: int
    pauses: tuple[Pause, ...] = ()


@dataclass(frozen=True)
class Answer:
    """The due date; provisional when a holiday notice that it depends on is not out yet."""

    question: Question
    due: date
    provisional: bool

    def as_line(self) -> str:
        """Due date first; the word in both languages, because people and scripts read it."""
        return f"{self.due}{' 暂定 provisional' if self.provisional else ''}"

    def as_dict(self) -> dict[str, object]:
        """For ``--json``."""
        return {
            "start": str(self.question.start),
            "workdays": self.question.workdays,
            "pauses": [[str(begin), str(end)] for begin, end in self.question.pauses],
            "due": str(self.due),
            "provisional": self.provisional,
        }


def parse(words: Sequence[str]) -> Question:
    """Read ``START WORKDAYS [FROM:TO …]``; ValueError with a Chinese sentence when it cannot be read."""
    if len(words) < 2:
        raise ValueError("请写出起算日和工作日数，例如：2026-02-13 5")
    return Question(_day(words[0]), _count(words[1]), tuple(_pause(word) for word in words[2:]))


def answer(question: Question, calendar: Calendar) -> Answer:
    """Ask the calendar; ValueError with a Chinese sentence for impossible counts or pauses."""
    due = calendar.add_workdays(question.start, question.workdays, question.pauses)
    return Answer(question, due, calendar.is_provisional_period(question.start, due))


def _day(word: str) -> date:
    if not DAY.fullmatch(word):
        raise ValueError(f"日期“{word}”应写成 2026-02-13 的样子")
    try:
        day = date.fromisoformat(word)
    except ValueError:
        raise ValueError(f"日历上没有“{word}”这一天") from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"日期“{word}”应在 {FIRST_YEAR} 年至 {LAST_YEAR} 年之间")
    return day


def _count(word: str) -> int:
    if not word.isascii() or not word.isdigit() or len(word) > 9:
        raise ValueError(f"工作日数“{word}”应是 0 或正整数")
    return int(word)


def _pause(word: str) -> Pause:
    begin, colon, end = word.partition(":")
    if not colon:
        raise ValueError(f"暂停期间“{word}”应写成 起始日:结束日")
    return _day(begin), _day(end)
