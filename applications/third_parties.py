"""Third parties with a major interest (行政许可法 36, 47): named and told, then heard, before a decision.

The law sets no period for what they say; five working days, as for asking for a hearing (art. 47), is this hall's own rule.
Names and words of third parties stay on the inner side: the effects do nothing where the data did not come along.
"""

import uuid
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from applications import clocks
from applications.actors import Actor
from applications.errors import DataMissing
from applications.models import Application, ThirdParty
from applications.models.third_party import HeardHow
from matters import calendar

Data = dict[str, Any]


def facts_of_naming(case: Application, actor: Actor, data: Data) -> Data:
    """The party's key and until when it may speak. DataMissing for a name that is the applicant's or named already."""
    if data["party_name"] == case.applicant_name:
        raise DataMissing({"party_name": "申请人自己不是利害关系人。"})
    if case.third_parties.filter(name=data["party_name"]).exists():
        raise DataMissing({"party_name": "这位利害关系人已经登记过。"})
    due = calendar.current().add_workdays(case.acting_on, clocks.HEARING_ASK.value)
    return {"party": str(uuid.uuid4()), "answer_due": due.isoformat()}


def facts_of_hearing(case: Application, actor: Actor, data: Data) -> Data:
    """Nothing new; DataMissing when a statement is missing, or silence is noted before its time."""
    party = _party(case, str(data["party"]))
    if party is None or party.heard_on is not None:
        raise DataMissing({"party": "请选择一位还没有听取意见的利害关系人。"})
    if data["heard_how"] == HeardHow.SILENT and case.acting_on <= party.answer_due:
        raise DataMissing({"heard_how": f"{party.name}可以陈述到 {party.answer_due}，期满之前不能记为没有陈述。"})
    if data["heard_how"] != HeardHow.SILENT and not data.get("statement"):
        raise DataMissing({"statement": "请写下利害关系人陈述的意见。"})
    return {}


def _party(case: Application, uid: str) -> ThirdParty | None:
    return next((one for one in case.third_parties.all() if str(one.uid) == uid), None)


def name(case: Application, data: Data, at: datetime, actor: Actor) -> None:
    if "party" not in data:
        return
    ThirdParty.objects.create(
        uid=data["party"],
        application=case,
        name=data["party_name"],
        contact=data["party_contact"],
        interest=data["interest"],
        told_on=timezone.localdate(at),
        told_how=data["told_how"],
        answer_due=date.fromisoformat(data["answer_due"]),
    )


def hear(case: Application, data: Data, at: datetime, actor: Actor) -> None:
    if "party" not in data:
        return
    case.third_parties.filter(uid=data["party"]).update(
        heard_on=timezone.localdate(at), heard_how=data["heard_how"], statement=data.get("statement", "")
    )
