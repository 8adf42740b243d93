"""The package's page as Django forms, to and from its content."""

import re
from typing import Any

from django import forms
from django.forms.formsets import BaseFormSet, formset_factory

from identity.models import Department
from identity.offering import offer, offer_rows
from matters import codes
from matters.codes import LIFE_EVENTS
from matters.joint.guide import JointContent

BLANK_QUESTIONS = 2
MOST_MEMBERS = 50
LIST_SEPARATORS = re.compile(r"[、，,;；\n]+")


class NewForm(forms.Form):
    """What a package needs to begin."""

    name = forms.CharField(label="名称", max_length=200, help_text="群众的说法，例如“开办餐饮店一件事”。")
    code = forms.CharField(
        label="编码",
        max_length=50,
        help_text="用在网址里，发布后不能改。用字母、数字和连字符，例如 restaurant。",
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
    )
    lead = forms.ModelChoiceField(
        label="牵头部门", queryset=Department.objects.none(), to_field_name="code", empty_label="请选择"
    )

    def __init__(self, *args: Any, departments: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self, "lead", departments)
        if len(departments) == 1:
            self.fields["lead"].initial = departments[0].code

    def clean_code(self) -> str:
        """Only what stands in an address as it is."""
        code: str = self.cleaned_data["code"]
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9-]*", code):
            raise forms.ValidationError("编码只能用字母、数字和连字符，并以字母或数字开头。")
        return code


class ContentForm(forms.Form):
    """Everything but the members, the merge and the questions. All may be empty in a draft."""

    name = forms.CharField(label="名称", max_length=200, required=False)
    name_en = forms.CharField(label="英文名称", max_length=200, required=False)
    lead = forms.ChoiceField(label="牵头部门", required=False)
    life_event = forms.ChoiceField(
        label="阶段", required=False, choices=[("", "请选择"), *LIFE_EVENTS.items()], help_text="群众按阶段查找。"
    )
    audiences = forms.MultipleChoiceField(
        label="面向", required=False, choices=list(codes.AUDIENCES.items()), widget=forms.CheckboxSelectMultiple
    )
    aliases = forms.CharField(
        label="俗称", required=False, max_length=500, help_text="群众可能搜的说法，用顿号隔开，例如：开饭店、开小吃店。"
    )
    themes = forms.CharField(
        label="主题", required=False, max_length=500, help_text="用顿号隔开，例如：准营准办、开办企业。"
    )
    description = forms.CharField(
        label="说明",
        required=False,
        max_length=2000,
        help_text="一两句话：办成什么事，谁来办。",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    limit = forms.IntegerField(
        label="联合办理期限（工作日）",
        required=False,
        min_value=0,
        max_value=3650,
        help_text="留空时按先后顺序自动计算。两项以上行政许可联合办理的，不超过 45 个工作日。",
    )
    limit_basis = forms.CharField(
        label="期限依据",
        required=False,
        max_length=500,
        help_text="其中的行政许可不足两项时必须写明；两项以上的依据是行政许可法第四十二条第二款，可以不写。",
    )
    visits = forms.IntegerField(
        label="到现场次数",
        required=False,
        min_value=0,
        max_value=99,
        help_text="留空时自动计算：同一步里的各事项跑一次。",
    )
    hall_name = forms.CharField(label="综合窗口所在大厅", required=False, max_length=200)
    window_no = forms.CharField(label="窗口号", required=False, max_length=50)
    address = forms.CharField(label="地址", required=False, max_length=200)
    transit = forms.CharField(label="交通", required=False, max_length=200)
    phone = forms.CharField(label="咨询电话", required=False, max_length=100, help_text="例如 0839-5550101。")
    complaint_phone = forms.CharField(label="投诉电话", required=False, max_length=100)

    def __init__(self, *args: Any, departments: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(department.code, department.name) for department in departments]
        offer(self, "lead", [("", "请选择"), *choices])

    @property
    def groups(self) -> list[tuple[str, list[Any]]]:
        """The fields as they stand on the page, under their headings."""
        return [(title, [self[name] for name in names]) for title, names in GROUPS]


GROUPS = (
    ("基本信息", ("name", "name_en", "lead", "life_event", "audiences", "description", "aliases", "themes")),
    ("期限和现场", ("limit", "limit_basis", "visits")),
    ("综合窗口和联系方式", ("hall_name", "window_no", "address", "transit", "phone", "complaint_phone")),
)


class MemberRow(forms.Form):
    """One matter of the package."""

    code = forms.CharField(widget=forms.HiddenInput, max_length=50)
    stage = forms.IntegerField(label="第几步", min_value=1, max_value=20)
    when = forms.CharField(label="什么情形下才办", required=False, max_length=200)
    gone = forms.BooleanField(label="移除", required=False)


class FaqRow(forms.Form):
    """A question that people often ask."""

    question = forms.CharField(label="问题", required=False, max_length=300)
    answer = forms.CharField(label="回答", required=False, max_length=3000, widget=forms.Textarea(attrs={"rows": 3}))


MemberRows = formset_factory(MemberRow, extra=0, max_num=MOST_MEMBERS, absolute_max=MOST_MEMBERS)
FaqRows = formset_factory(FaqRow, extra=BLANK_QUESTIONS, max_num=50, absolute_max=60)


class PackageForms:
    """The three forms of the page, filled from a content or from what was sent."""

    def __init__(self, content: JointContent, departments: Any, data: Any = None) -> None:
        self.content = ContentForm(data, initial=_initial(content), departments=departments)
        members = [member.model_dump() for member in content.members]
        self.members: BaseFormSet = MemberRows(data, initial=members, prefix="members")
        self.faq: BaseFormSet = FaqRows(data, initial=[one.model_dump() for one in content.faq], prefix="faq")

    def is_valid(self) -> bool:
        """Whether everything can be read; each part is asked, so that all errors show at once."""
        return all([self.content.is_valid(), self.members.is_valid(), self.faq.is_valid()])

    def values(self, before: JointContent) -> dict[str, Any]:
        """The content as typed; what this page does not show stays as it was."""
        said = self.content.cleaned_data
        place = {name: said.pop(name) for name in ("hall_name", "window_no", "address", "transit")}
        contact = {name: said.pop(name) for name in ("phone", "complaint_phone")}
        return before.model_dump() | {
            **said,
            "aliases": _words(said["aliases"]),
            "themes": _words(said["themes"]),
            "members": [self._member(row) for row in self.members.cleaned_data if not row.get("gone")],
            "place": before.place.model_dump() | place,
            "contact": before.contact.model_dump() | contact,
            "faq": [row for row in self.faq.cleaned_data if row.get("question") or row.get("answer")],
        }

    @staticmethod
    def _member(row: dict[str, Any]) -> dict[str, Any]:
        return {name: row[name] for name in ("code", "stage", "when")}


def _initial(content: JointContent) -> dict[str, Any]:
    values = content.model_dump(include=set(ContentForm.base_fields))
    values |= {"aliases": "、".join(content.aliases), "themes": "、".join(content.themes)}
    return values | content.place.model_dump() | content.contact.model_dump()


def _words(text: str) -> list[str]:
    return [word.strip() for word in LIST_SEPARATORS.split(text) if word.strip()]
