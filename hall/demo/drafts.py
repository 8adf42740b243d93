"""Guides in the making, so that the editor has something to show: one just begun, one being revised with faults left in it."""

import copy

from identity.models import Department, User
from matters import drafting, services
from matters.models import Matter

EDITOR = "zhouning"
BEGUN = "食品摊贩登记"
BEGUN_IN = "scjg"
# Faults that a clerk makes, in the guide of this matter.
REVISED = "建筑工程施工许可证核发"


def load() -> int:
    """Begin what is not there yet; how many drafts were made."""
    return _begin() + _revise()


def _begin() -> int:
    if Matter.objects.filter(name=BEGUN).exists():
        return 0
    drafting.begin(BEGUN, Department.objects.get(code=BEGUN_IN), "", by=User.objects.get(username=EDITOR))
    return 1


def _revise() -> int:
    matter = Matter.objects.get(name=REVISED)
    if matter.versions.count() > 1:
        return 0
    editor = User.objects.get(username=EDITOR)
    draft = drafting.revise(matter, by=editor)
    content = copy.deepcopy(draft.content)
    content["guide"]["materials"][1]["basis"] = ""
    content["guide"]["materials"].append({"key": "m1", "name": "其他材料"})
    content["guide"]["contact"]["complaint_phone"] = content["guide"]["contact"]["phone"]
    services.save_draft(content, matter.department, by=editor, seen=draft.revision)
    return 1
