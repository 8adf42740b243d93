"""Labels of a department on cases: a word to find them by. Inside only, no part of the procedure."""

from django.db.models import QuerySet

from applications.actors import Actor
from applications.desk.rows import CASEWORK
from applications.errors import DataMissing
from applications.models import Application, Label
from identity.models import Department

TONES = {"blue": "蓝", "green": "绿", "amber": "黄", "red": "红", "grey": "灰"}
MOST = 40


def of(actor: Actor) -> QuerySet[Label]:
    """The labels of this person's departments."""
    return Label.objects.filter(department__in=actor.departments_as(*CASEWORK)).select_related("department")


def make(actor: Actor, department: Department, name: str, tone: str) -> Label:
    """A new label of one's department. DataMissing says what is wrong."""
    problems = {}
    if department.pk not in actor.departments_as(*CASEWORK):
        problems["department"] = "请选择自己的部门。"
    if not name.strip() or len(name.strip()) > 12:
        problems["name"] = "标签请写 12 个字以内。"
    elif Label.objects.filter(department=department, name=name.strip()).exists():
        problems["name"] = "已经有这个标签。"
    if tone not in TONES:
        problems["tone"] = "请选择一种颜色。"
    if Label.objects.filter(department=department).count() >= MOST:
        problems["name"] = f"一个部门最多 {MOST} 个标签，请先删除不用的。"
    if problems:
        raise DataMissing(problems)
    return Label.objects.create(department=department, name=name.strip(), tone=tone)


def stick(label: Label, cases: list[Application]) -> None:
    """Put the label on cases."""
    label.cases.add(*cases)


def take_off(label: Label, cases: list[Application]) -> None:
    """Take the label off cases."""
    label.cases.remove(*cases)
