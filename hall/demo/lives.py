"""Guides in the middle of their lives, so that the catalogue's desk has something to do: a draft with problems, one that waits
for review, one that comes into force in three weeks, one with three versions, one whose half-yearly check is due."""

import copy
from datetime import date, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.utils import timezone

from hall.demo import city
from identity.models import User
from matters import reviewing, services, upkeep, validity
from matters.models import GuideVersion, Matter

Content = dict[str, Any]
WITH_PROBLEMS = "special-equipment-registration"
IN_REVIEW = "enterprise-change-registration"
SCHEDULED = "drainage-permit"
THREE_VERSIONS = "completion-filing"
CHECK_DUE = "road-occupation-excavation"
# Who writes and who publishes in the departments of these guides.
WRITERS = {"scjg": "suqing", "zjj": "qiaoan"}
PUBLISHERS = {"scjg": "weili", "zjj": "zouyuan"}
CONFIRMER = "zhouning"
DAYS_TO_COME = 20
CONFIRMED_DAYS_AGO = 40


def versions(stem: str, content: Content, since: date) -> list[tuple[Content, date]]:
    """The versions in which a guide file is published, each with the day from which it was in force."""
    if stem != THREE_VERSIONS:
        return [(content, since)]
    middle = copy.deepcopy(content)
    middle["guide"]["service_address"]["transit"] = "乘2路公交车到市民服务中心站"
    middle["guide"]["conditions"] = middle["guide"]["conditions"][::-1]
    oldest = copy.deepcopy(middle)
    oldest["guide"]["materials"][0]["how_to"] = "请用黑色签字笔填写，一式两份。"
    oldest["header"]["faq"] = oldest["header"].get("faq", [])[:1]
    return [
        (oldest, since - relativedelta(months=12)),
        (middle, since - relativedelta(months=6)),
        (content, since),
    ]


def confirmer() -> User:
    """Who writes the city's guides and looks at them every half year."""
    return User.objects.get(username=CONFIRMER)


def lead() -> int:
    """Bring every example into its situation; returns how many were not there yet."""
    led = sum((_draft_with_problems(), _waits_for_review(), _comes_into_force_later()))
    led += _confirm_all_but_one()
    if led:
        upkeep.check_matter(_matter(CHECK_DUE))  # the others: by the first night's check
    return led


def _matter(stem: str) -> Matter:
    content = city.guide_content(city.GUIDES / f"{stem}.json")
    return Matter.objects.select_related("department", "current").get(code=content["header"]["code"])


def _revised(stem: str) -> tuple[Matter, Content] | None:
    """A matter with a copy of its guide in force; None when somebody has worked on it already."""
    matter = _matter(stem)
    if matter.current is None or matter.versions.count() > 1:
        return None
    return matter, copy.deepcopy(matter.current.content)


def _save(matter: Matter, content: Content) -> GuideVersion:
    writer = User.objects.get(username=WRITERS[matter.department.code])
    return services.save_draft(content, matter.department, by=writer)


@transaction.atomic
def _draft_with_problems() -> bool:
    found = _revised(WITH_PROBLEMS)
    if found is None:
        return False
    matter, content = found
    guide = content["guide"]
    guide["materials"].append({"key": "more", "name": "其他材料", "necessity": "必要"})
    guide["contact"]["complaint_phone"] = guide["contact"]["phone"]
    guide["conditions"][0]["text"] = "符合规定条件。"
    _save(matter, content)
    return True


@transaction.atomic
def _waits_for_review() -> bool:
    found = _revised(IN_REVIEW)
    if found is None:
        return False
    matter, content = found
    _improve(content, "变更登记以后，原来的营业执照要交回吗？", "要。领取新执照时把原来的正本和副本一并交回。")
    draft = _save(matter, content)
    reviewing.perform(draft, "submit", by=User.objects.get(username=WRITERS[matter.department.code]), seen=draft.seen)
    return True


@transaction.atomic
def _comes_into_force_later() -> bool:
    found = _revised(SCHEDULED)
    if found is None:
        return False
    matter, content = found
    _improve(content, "一处工地有几个排水口，要分别申请吗？", "不用。一并写在同一份申请表里，附上各排水口的位置图。")
    draft = _save(matter, content)
    writer, publisher = (User.objects.get(username=who[matter.department.code]) for who in (WRITERS, PUBLISHERS))
    draft = reviewing.perform(draft, "submit", by=writer, seen=draft.seen)
    draft = reviewing.perform(draft, "approve", by=publisher, seen=draft.seen, opinion="内容完整，同意。")
    day = timezone.localdate() + timedelta(days=DAYS_TO_COME)
    reviewing.perform(draft, "publish", by=publisher, seen=draft.seen, effective_on=day)
    return True


def _improve(content: Content, question: str, answer: str) -> None:
    """What a careful editor changes: a question people ask, how to get there, one paper less to copy."""
    content["header"]["faq"].append({"question": question, "answer": answer})
    content["guide"]["service_address"]["transit"] = "乘2路、7路公交车到市民服务中心站，出站步行三分钟"
    for material in content["guide"]["materials"]:
        if material["copies"] > 1 and material["electronic"]:
            material["copies"] = 1


@transaction.atomic
def _confirm_all_but_one() -> int:
    """Every guide was looked at within the half year, except one."""
    unconfirmed = Matter.objects.filter(current__isnull=False, checked_on=None).exclude(pk=_matter(CHECK_DUE).pk)
    day = timezone.localdate() - timedelta(days=CONFIRMED_DAYS_AGO)
    demo = [city.guide_content(path)["header"]["code"] for path in city.guide_files()]
    waiting = list(unconfirmed.filter(code__in=demo))
    for matter in waiting:
        validity.confirm(matter, by=confirmer(), on=day)
    return len(waiting)
