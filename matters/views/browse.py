"""Finding a matter without searching: by audience, theme, department, type and level."""

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from identity.models import Department
from matters import codes, queries, search
from matters.models import Matter
from matters.views.pages import public_page

ROWS = 20


class Filters(forms.Form):
    """The filters of the list; they stay in the address."""

    audience = forms.CharField(required=False, widget=forms.HiddenInput)
    q = forms.CharField(
        label=gettext_lazy("名称或关键词"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    theme = forms.ChoiceField(label=gettext_lazy("主题"), required=False)
    department = forms.ChoiceField(label=gettext_lazy("部门"), required=False)
    type = forms.ChoiceField(label=gettext_lazy("事项类型"), required=False)
    level = forms.ChoiceField(label=gettext_lazy("办理级别"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        options = {
            "theme": [(facet.value, f"{facet.value}（{facet.count}）") for facet in queries.themes()],
            "department": [(d.code, f"{d.name}（{d.matter_count}）") for d in queries.departments()],
            "type": _options("type_code", codes.MATTER_TYPES),
            "level": _options("level", codes.LEVELS),
        }
        for name, choices in options.items():
            self.fields[name].choices = [("", _("全部")), *choices]  # type: ignore[attr-defined]

    @property
    def given(self) -> dict[str, str]:
        """What was asked for, as it stands in the address, also values that do not exist."""
        return {name: str(self.data.get(name, "")).strip() for name in self.fields}

    @property
    def is_used(self) -> bool:
        """Whether anything but the audience narrows the list."""
        return any(value for name, value in self.given.items() if name != "audience")


def _options(column: str, labels: dict[str, Any]) -> list[tuple[str, str]]:
    facets = queries.column_facets(column)
    return [(facet.value, f"{labels.get(facet.value, facet.value)}（{facet.count}）") for facet in facets]


@public_page
def browse(request: HttpRequest) -> HttpResponse:
    """The list of all guides, narrowed."""
    filters = Filters(request.GET)
    given = filters.given
    page = Paginator(_matters(given), ROWS).get_page(request.GET.get("page"))
    audience = codes.AUDIENCES.get(given["audience"], "")
    context = {
        "filters": filters,
        "page": page,
        "audience": audience,
        "tabs": _tabs(given["audience"]),
        "clear_url": f"{reverse('matters:browse')}?audience={given['audience']}" if filters.is_used else "",
        "crumbs": [{"text": _("办事指南")}],
    }
    return render(request, "matters/browse.html", context)


def _matters(given: dict[str, str]) -> QuerySet[Matter]:
    matters = search.find(given["q"]) if given["q"] else queries.published().order_by("-visits", "name", "pk")
    return queries.narrowed(
        matters,
        audience=given["audience"],
        theme=given["theme"],
        department=given["department"],
        type_code=given["type"],
        level=given["level"],
    )


def _tabs(chosen: str) -> list[dict[str, Any]]:
    counts = {facet.value: facet.count for facet in queries.audiences()}
    url = reverse("matters:browse")
    tabs: list[dict[str, Any]] = [{"title": _("全部"), "url": url, "current": chosen not in codes.AUDIENCES}]
    for value, label in codes.AUDIENCES.items():
        tabs.append(
            {
                "title": label,
                "url": f"{url}?audience={value}",
                "count": counts.get(value, 0),
                "current": value == chosen,
            }
        )
    return tabs


@public_page
def departments(request: HttpRequest) -> HttpResponse:
    """Every department that offers something."""
    context = {
        "departments": queries.departments(),
        "crumbs": [{"text": _("办事指南"), "url": reverse("matters:browse")}, {"text": _("部门")}],
    }
    return render(request, "matters/departments.html", context)


@public_page
def department(request: HttpRequest, code: str) -> HttpResponse:
    """One department: where it is, whom to call, and its matters."""
    found = Department.objects.prefetch_related("offices").filter(code=code).first()
    if found is None:
        raise Http404(_("没有找到这个部门。请从部门列表里重新查找。"))
    matters = queries.narrowed(queries.published(), department=code).order_by("-visits", "name", "pk")
    context = {
        "department": found,
        "offices": [office for office in found.offices.all() if office.phone],
        "page": Paginator(matters, ROWS).get_page(request.GET.get("page")),
        "crumbs": [
            {"text": _("办事指南"), "url": reverse("matters:browse")},
            {"text": _("部门"), "url": reverse("matters:departments")},
            {"text": found.name},
        ],
    }
    return render(request, "matters/department.html", context)
