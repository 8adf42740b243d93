"""What the demo's applicants say of the service after the end (好差评)."""

from datetime import datetime, timedelta

from applications import actors
from applications.models import Application
from applications.models.rating import Grade
from applications.ratings import giving
from applications.states import ENDED
from hall.demo import fates

SHARE = 0.45  # of the ended cases are rated
WEIGHTS = {Grade.VERY_GOOD: 60, Grade.GOOD: 25, Grade.FAIR: 9, Grade.BAD: 4, Grade.VERY_BAD: 2}
WORDS = {
    Grade.VERY_GOOD: ("一次没跑就办好了。", "比承诺的快，点赞。", ""),
    Grade.GOOD: ("很方便。", "", ""),
    Grade.FAIR: ("材料清单可以再清楚一点。", ""),
    Grade.BAD: ("咨询电话打了三次才有人接。", "补正通知写得不明白，又跑了一趟窗口。"),
    Grade.VERY_BAD: ("说好的期限过了也没有人告诉我原因。",),
}


def give(now: datetime) -> int:
    """Rate some of the ended cases that are not rated yet, always the same ones; how many were."""
    rows = Application.objects.filter(
        uid__gte=fates.uid_of(0), uid__lte=fates.uid_of(10**12 - 1), state__in=ENDED, rating=None
    )
    waiting = [case for case in rows.order_by("pk") if _is_rated(case) and not giving.refusal(case)]
    for case in waiting:
        _give(case, now)
    return len(waiting)


def _is_rated(case: Application) -> bool:
    return fates.chance_of(fates.number_of(case.uid), "rated").random() < SHARE


def _give(case: Application, now: datetime) -> None:
    chance = fates.chance_of(fates.number_of(case.uid), "rating")
    grade = chance.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
    wants_call = grade >= Grade.BAD and chance.random() < 0.7
    giving.give(
        case,
        actor=actors.applicant_named(case.contact_name or case.applicant_name),
        grade=grade,
        text=chance.choice(WORDS[grade]),
        contact_name=case.contact_name if wants_call else "",
        contact_phone=case.contact_phone if wants_call else "",
        at=min((case.ended_at or now) + timedelta(hours=chance.randint(1, 60)), now),
    )
