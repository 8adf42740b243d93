"""The first line of these views: fetch the data set and ask whether this person keeps it."""

import uuid

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.urls import reverse

from identity.models import Role
from matters import editors
from matters.models import DataSet
from matters.views.staff.access import keeper


def sets_of(request: HttpRequest, *roles: str) -> QuerySet[DataSet]:
    """The sets of this person's departments."""
    departments = editors.departments_for(keeper(request), *roles)
    return DataSet.objects.filter(department__in=departments).select_related("department", "current")


def get_set(request: HttpRequest, uid: uuid.UUID, *roles: str) -> DataSet:
    """A set that this person keeps; another department's and one that is not there give the same 404."""
    dataset = sets_of(request, *roles).filter(uid=uid).first()
    if dataset is None:
        raise Http404("没有找到这个数据集，或者它不由您的部门维护。")
    return dataset


def get_editable(request: HttpRequest, uid: uuid.UUID) -> DataSet:
    """A set whose definition and records this person may write; the system writes its own sets itself."""
    dataset = get_set(request, uid, Role.EDITOR)
    if dataset.built_in:
        raise Http404("这个数据集由系统自动维护，不能修改。")
    return dataset


def crumbs(dataset: DataSet | None = None, *more: str) -> list[dict[str, str]]:
    """Where the person is."""
    way = [{"text": "事项管理", "url": reverse("catalogue:desk")}]
    way.append({"text": "查询服务", "url": reverse("catalogue:datasets")} if dataset or more else {"text": "查询服务"})
    if dataset:
        way.append({"text": dataset.name, "url": address(dataset)} if more else {"text": dataset.name})
    return way + [{"text": text} for text in more]


def address(dataset: DataSet) -> str:
    """The set's own page."""
    return reverse("catalogue:dataset", args=[dataset.uid])
