"""What staff fill in about a data set: the set, one field, a file."""

from typing import Any

from django import forms
from django.conf import settings

from identity.models import Department
from identity.offering import offer, offer_rows
from matters.datasets import services
from matters.datasets.checks import KEY
from matters.datasets.definition import FREQUENCIES, KINDS, MASKS, SEARCHES, Definition, FieldDefinition
from matters.models import DataLoad

BOXES = ("personal", "open", "descending")


class SetForm(forms.Form):
    """The set itself; nothing but the name is required before it is published."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(label="名称", max_length=100, help_text="例如：定点医疗机构查询。")
    name_en = forms.CharField(label="英文名称", max_length=200, required=False)
    description = forms.CharField(
        label="说明",
        required=False,
        max_length=500,
        help_text="一句话：能查到什么，给谁用。",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    description_en = forms.CharField(
        label="英文说明", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    theme = forms.CharField(
        label="主题", max_length=50, required=False, help_text="和办事指南的主题一致，例如：医疗卫生。"
    )
    source = forms.CharField(
        label="数据来源",
        max_length=200,
        required=False,
        help_text="查询页上始终显示，例如：云川市医疗保障局定点协议台账。",
    )
    frequency = forms.ChoiceField(
        label="更新频率",
        required=False,
        choices=[("", "请选择"), *((key, str(words)) for key, words in FREQUENCIES.items())],
    )
    key = forms.ChoiceField(label="主键", required=False, help_text="用来区分每一条记录的必填字段；按它更新数据。")
    order = forms.ChoiceField(label="默认排序", required=False)
    descending = forms.BooleanField(label="倒序（大的、新的在前）", required=False)
    personal = forms.BooleanField(
        label="个人数据集：每一条是一个人。查询时要填全部查询项，完全一致才有结果，不能浏览和下载", required=False
    )
    open = forms.BooleanField(label="开放数据：任何人可以下载全部记录（CSV）", required=False)

    def __init__(self, definition: Definition, data: Any = None, *, seen: int | None = None) -> None:
        self.before = definition
        super().__init__(data, initial=definition.model_dump() | {"seen": seen})
        fields = [("", "还没有选"), *((field.key, field.label) for field in definition.fields)]
        for name in ("key", "order"):
            offer(self, name, fields)

    def definition(self) -> Definition:
        """The set as filled in, with its fields as they were."""
        given = {name: value for name, value in self.cleaned_data.items() if name in Definition.model_fields}
        return self.before.model_copy(update=given)


class NewSetForm(SetForm):
    """A new set: also where it is and whose. Fields come afterwards, so nothing asks for them yet."""

    slug = forms.CharField(
        label="网址标识", max_length=60, help_text="小写英文和短横，例如 designated-hospitals，以后不能改。"
    )
    department = forms.ModelChoiceField(label="部门", queryset=Department.objects.none())
    field_order = ("department", "slug")

    def __init__(self, departments: Any, data: Any = None) -> None:
        super().__init__(Definition(), data)
        for name in ("key", "order", "descending", "seen"):
            del self.fields[name]
        offer_rows(self, "department", departments)

    def clean_slug(self) -> str:
        """Free, and fit for an address."""
        slug: str = self.cleaned_data["slug"].strip().lower()
        if fault := services.slug_fault(slug):
            raise forms.ValidationError(fault)
        return slug


class FieldForm(forms.Form):
    """One field."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    label = forms.CharField(label="名称", max_length=60, help_text="也是数据文件里的列名，例如：机构名称。")
    label_en = forms.CharField(label="英文名称", max_length=100, required=False)
    key = forms.CharField(label="字段标识", max_length=40, help_text="字母开头，只含字母、数字和下划线，例如 name。")
    kind = forms.ChoiceField(label="类型", choices=list(KINDS.items()))
    required = forms.BooleanField(label="必填", required=False)
    search = forms.ChoiceField(label="查询方式", choices=list(SEARCHES.items()), required=False)
    mask = forms.ChoiceField(
        label="公开方式",
        choices=list(MASKS.items()),
        required=False,
        help_text="不原样公开的内容不会离开内网；要凭它查询的，只传送加密后的校验值，只能完全一致地查。",
    )
    in_list = forms.BooleanField(label="显示在结果列表", required=False)
    in_detail = forms.BooleanField(label="显示在详情", required=False)
    sortable = forms.BooleanField(label="可以用来排序", required=False)
    cross = forms.BooleanField(label="参加“一处查多库”（名称、号码）", required=False)

    def __init__(
        self, definition: Definition, field: FieldDefinition | None, data: Any = None, *, seen: int | None = None
    ) -> None:
        self.others = {other.key.lower() for other in definition.fields if other is not field}
        super().__init__(data, initial=(field or FieldDefinition()).model_dump() | {"seen": seen})

    def clean_key(self) -> str:
        """Well formed, and no other field's."""
        key: str = self.cleaned_data["key"].strip()
        if not KEY.fullmatch(key):
            raise forms.ValidationError("请以字母开头，只用字母、数字和下划线。")
        if key.lower() in self.others:
            raise forms.ValidationError("这个标识已经有字段在用，请换一个。")
        return key

    def field(self) -> FieldDefinition:
        """The field as filled in."""
        return FieldDefinition(**{name: self.cleaned_data[name] for name in FieldDefinition.model_fields})


class FileForm(forms.Form):
    """A table and what to do with it."""

    file = forms.FileField(
        label="数据文件",
        help_text="Excel（.xlsx）或 CSV，第一行是列名，和字段名称一致。",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv"}),
        error_messages={"required": "请选择要装入的文件。", "empty": "这个文件是空的。"},
    )
    mode = forms.ChoiceField(
        label="怎样装入", choices=DataLoad.Mode.choices, initial=DataLoad.Mode.REPLACE, widget=forms.RadioSelect
    )

    def clean_file(self) -> Any:
        """Not beyond the size that the hall takes."""
        file = self.cleaned_data["file"]
        if file.size > settings.HALL_MAX_UPLOAD_MB * 1024 * 1024:
            raise forms.ValidationError(f"文件超过 {settings.HALL_MAX_UPLOAD_MB} MB，请分成几个，按主键分批更新。")
        return file


class WithdrawForm(forms.Form):
    """Why a set is taken back."""

    reason = forms.CharField(
        label="撤回的理由",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请填写撤回的理由。"},
    )
