"""Beginning to write: a new matter, or a draft from the guide in force."""

import uuid
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from identity.models import Department, Role
from matters import drafting, editors
from matters.checks.header import CODE
from matters.models import Matter
from matters.views.staff.access import get_matter, keeper


class _DepartmentField(forms.ModelChoiceField):
    """Departments by their full names."""

    def label_from_instance(self, obj: Department) -> str:
        return obj.name


class NewMatterForm(forms.Form):
    """What must be known before a draft can be kept."""

    name = forms.CharField(
        label="事项名称",
        max_length=200,
        min_length=2,
        help_text="公众看到的全称，例如：食品经营许可证核发",
        error_messages={"required": "请填写事项名称。", "min_length": "事项名称至少要有 2 个字。"},
    )
    department = _DepartmentField(
        Department.objects.none(),
        label="部门",
        empty_label="请选择",
        help_text="作出决定的部门；您只能为自己维护的部门新建事项",
        error_messages={"required": "请选择部门。", "invalid_choice": "您不能为这个部门新建事项，请重新选择。"},
    )
    code = forms.CharField(
        label="实施编码",
        max_length=50,
        required=False,
        help_text="31 位实施编码或本地编码，定下后不能改。还没有领到的请空着，本站先编一个本地编码",
    )

    def __init__(self, *args: Any, departments: QuerySet[Department], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["department"]
        assert isinstance(field, _DepartmentField)
        field.queryset = departments
        if len(departments) == 1:
            field.initial = departments[0]

    def clean_code(self) -> str:
        """A code that may be kept; empty for one that the site makes up."""
        code: str = self.cleaned_data["code"]
        if code and not CODE.fullmatch(code):
            raise forms.ValidationError("实施编码最多 50 位，只含字母、数字、点、- 和 _。")
        return code

    def clean(self) -> dict[str, Any]:
        """Two matters of one department cannot have one name."""
        data = super().clean() or {}
        same = Matter.objects.filter(department=data.get("department"), name=data.get("name"), active=True)
        if data.get("department") and same.exists():
            self.add_error("name", f"本部门已有名为“{data['name']}”的事项，请换一个名称，或者去修改那一个。")
        return data


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Name, department and code; then the editor."""
    departments = editors.departments_for(keeper(request), Role.EDITOR).order_by("code")
    form = NewMatterForm(request.POST or None, departments=departments)
    if form.is_valid():
        data = form.cleaned_data
        try:
            draft = drafting.begin(data["name"], data["department"], data["code"], by=keeper(request))
        except drafting.CodeTaken as error:
            form.add_error("code", str(error))
        else:
            return _to_editor(draft.matter)
    context = {
        "form": form,
        "departments": departments,
        "crumbs": [{"text": "事项管理", "url": reverse("catalogue:desk")}, {"text": "新建事项"}],
    }
    return render(request, "matters/staff/new_matter.html", context, status=400 if form.errors else 200)


@require_POST
def revise(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Open the draft; where there is none, make one from the guide in force."""
    matter = get_matter(request, uid, Role.EDITOR)
    try:
        drafting.revise(matter, by=keeper(request))
    except ValueError as error:
        context = {"detail": str(error), "url": reverse("catalogue:desk")}
        return render(request, "409.html", context, status=409)
    return _to_editor(matter)


def _to_editor(matter: Matter) -> HttpResponse:
    return HttpResponseRedirect(reverse("catalogue:edit", args=[matter.uid]))
