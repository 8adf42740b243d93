"""The packages that this person keeps: list, a new one, one package with everything about it, its difference and preview."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from identity.models import Role
from matters import editors, search
from matters.joint import publishing, queries
from matters.joint.diff import PARTS, differences
from matters.joint.forms import NewForm
from matters.joint.reading import Reading
from matters.models import JointChange, JointMatter, JointVersion
from matters.views.staff.access import keeper
from matters.views.staff.desk import tabs
from matters.views.staff.joint_access import get_joint, may

ROWS = 50
SHOWN = {"": "全部", "draft": "草稿", "review": "待审核", "changed": "成员指南已更新"}


class Filters(forms.Form):
    """What narrows the list; it stays in the address."""

    q = forms.CharField(label="名称", required=False, max_length=100, widget=forms.TextInput(attrs={"type": "search"}))
    show = forms.ChoiceField(label="状态", required=False, choices=list(SHOWN.items()))


def listing(request: HttpRequest) -> HttpResponse:
    """The packages of this person's departments."""
    kept = queries.kept_by(keeper(request)).defer("search", "title_search", "current__content")
    found = _narrowed(kept, request.GET.get("q", ""), request.GET.get("show", ""))
    is_narrowed = bool(request.GET.get("q") or request.GET.get("show"))
    context = {
        "tabs": tabs(request),
        "page": Paginator(found.order_by("name", "pk"), ROWS).get_page(request.GET.get("page")),
        "filters": Filters(request.GET),
        "is_narrowed": is_narrowed,
        "clear_url": reverse("catalogue:joint") if is_narrowed else "",
        "may_write": editors.departments_for(keeper(request), Role.EDITOR).exists(),
        "crumbs": [{"text": "事项管理", "url": reverse("catalogue:desk")}, {"text": "一件事"}],
    }
    return render(request, "matters/staff/joint/list.html", context)


def _narrowed(joints: QuerySet[JointMatter], text: str, show: str) -> QuerySet[JointMatter]:
    open_one = JointVersion.objects.filter(joint=OuterRef("pk"), state__in=["draft", "review"])
    joints = queries.with_changes(joints).annotate(open_state=Subquery(open_one.values("state")[:1]))
    for word in search.words(text):
        joints = joints.filter(search__contains=word)
    if show == "changed":
        return queries.only_changed(joints)
    return joints.filter(open_state=show) if show in ("draft", "review") else joints


def new(request: HttpRequest) -> HttpResponse:
    """Begin a package; it is a draft until somebody else publishes it."""
    departments = editors.departments_for(keeper(request), Role.EDITOR)
    if not departments:
        raise Http404("只有事项编辑可以新建“一件事”。")
    form = NewForm(request.POST or None, departments=departments)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            version = publishing.begin(given["code"], given["name"], given["lead"], by=keeper(request))
        except ValueError as wrong:
            form.add_error("code", str(wrong))
        else:
            return redirect("catalogue:joint-edit", version.joint.uid)
    context = {"form": form, "crumbs": crumbs(None, "新建")}
    return render(request, "matters/staff/joint/new.html", context, status=422 if form.errors else 200)


def package(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """One package: where it stands, what is wrong, what can be done now, its versions and their record."""
    return show(request, get_joint(request, uid))


def show(request: HttpRequest, joint: JointMatter, status: int = 200, **extra: Any) -> HttpResponse:
    """The page of a package; ``extra`` are forms that were sent and not accepted."""
    version = queries.open_version(joint)
    standing = publishing.standing(version) if version else None
    is_review = version is not None and version.state == JointVersion.State.REVIEW
    publishes = may(request, joint, Role.PUBLISHER)
    context = {
        "joint": joint,
        "version": version,
        "problems": standing.problems if standing else [],
        "reading": Reading(standing.package, [], narrowing=False) if standing else None,
        "changes": queries.changes_of(joint),
        "versions": joint.versions.order_by("-number"),
        "record": JointChange.objects.filter(version__joint=joint).select_related("version")[:50],
        "part_names": PARTS,
        "writes": may(request, joint, Role.EDITOR),
        "publishes": publishes,
        "is_own": publishes and is_review and version is not None and publishing.wrote(version, keeper(request)),
        "is_review": is_review,
        "crumbs": crumbs(None, joint.name),
        **extra,
    }
    return render(request, "matters/staff/joint/package.html", context, status=status)


def diff(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """The open version against the one in force, as the public would see the change."""
    joint = get_joint(request, uid)
    version = queries.open_version(joint)
    if version is None or joint.current is None:
        messages.info(request, "没有可以比较的两版：要有现行版本，也要有正在修改的版本。")
        return redirect("catalogue:joint-package", joint.uid)
    merged = publishing.standing(version).package
    before = joint.current
    context = {
        "joint": joint,
        "version": version,
        "before": before,
        "lines": differences(before.parsed, before.package, version.parsed, merged),
        "crumbs": crumbs(joint, "和现行版比较"),
    }
    return render(request, "matters/staff/joint/diff.html", context)


def preview(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """The open version as the public would see it."""
    joint = get_joint(request, uid)
    version = queries.open_version(joint)
    if version is None:
        return redirect("catalogue:joint-package", joint.uid)
    merged = publishing.standing(version).package
    context = {
        "joint": joint,
        "version": version,
        "content": version.parsed,
        "title": version.parsed.name or joint.name,
        "reading": Reading(merged, request.GET.getlist("when"), narrowing="narrow" in request.GET),
        "offered": queries.offered(merged),
        "is_preview": True,
        "crumbs": crumbs(joint, "预览"),
    }
    return render(request, "matters/package.html", context)


def crumbs(joint: JointMatter | None, here: str) -> list[dict[str, str]]:
    """The way back from a page of a package."""
    way = [
        {"text": "事项管理", "url": reverse("catalogue:desk")},
        {"text": "一件事", "url": reverse("catalogue:joint")},
    ]
    if joint is not None:
        way.append({"text": joint.name, "url": reverse("catalogue:joint-package", args=[joint.uid])})
    return [*way, {"text": here}]
