"""What a data set is: its fields and who may ask it what. Pure; a draft may be as incomplete as it likes, see ``checks``."""

from typing import Literal

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, Field

MOST_FIELDS = 40
MOST_SORTS = 3  # each is a column with an index of its own
MOST_CROSS = 5
ORDINARY = 100  # lookup numbers from here on belong to fields that the query over all sets leaves out
KINDS = {
    "text": "文字",
    "number": "数字",
    "date": "日期",
    "code": "编号",
    "uscc": "统一社会信用代码",
    "phone": "电话",
    "id_number": "身份证号",
    "person": "人名",
    "address": "地址",
}
SEARCHES = {"": "不能查询", "exact": "完全一致", "prefix": "开头一致", "contains": "包含"}
MASKS = {
    "": "原样公开",
    "person": "人名只留姓（张*）",
    "id_number": "身份证号只留首尾",
    "phone": "电话留前三后四",
    "district": "地址只到区县",
    "hidden": "不公开",
}
FREQUENCIES = {
    "live": _("随时更新"),
    "day": _("每天更新"),
    "week": _("每周更新"),
    "month": _("每月更新"),
    "quarter": _("每季度更新"),
    "year": _("每年更新"),
    "irregular": _("不定期更新"),
}


class FieldDefinition(BaseModel):
    """One column of the set."""

    key: str = ""
    label: str = ""
    label_en: str = ""
    kind: Literal["text", "number", "date", "code", "uscc", "phone", "id_number", "person", "address"] = "text"
    required: bool = False
    search: Literal["", "exact", "prefix", "contains"] = ""
    in_list: bool = False
    in_detail: bool = True
    mask: Literal["", "person", "id_number", "phone", "district", "hidden"] = ""
    sortable: bool = False
    cross: bool = False  # found by the query over all sets

    @property
    def is_hidden(self) -> bool:
        """Whether nobody outside ever sees it, not even masked."""
        return self.mask == "hidden"

    @property
    def mask_label(self) -> str:
        """How it is shown, in words."""
        return MASKS[self.mask]

    @property
    def is_secret(self) -> bool:
        """Whether its value stays inside: what crosses for searching is a keyed hash."""
        return bool(self.mask)


class Definition(BaseModel):
    """A whole data set, as drafted and as published."""

    name: str = ""
    name_en: str = ""
    description: str = ""
    description_en: str = ""
    theme: str = ""
    source: str = ""
    frequency: str = ""
    personal: bool = False
    open: bool = False
    key: str = ""
    order: str = ""
    descending: bool = False
    fields: list[FieldDefinition] = Field(default_factory=list)

    def field(self, key: str) -> FieldDefinition | None:
        """The field with this key."""
        return next((field for field in self.fields if field.key == key), None)

    @property
    def searchable(self) -> list[FieldDefinition]:
        """What the query form asks, in order."""
        return [field for field in self.fields if field.search]

    @property
    def plainly_searchable(self) -> list[FieldDefinition]:
        """What may stand in an address: fields whose values are public anyway."""
        return [] if self.personal else [field for field in self.searchable if not field.is_secret]

    @property
    def is_guarded(self) -> bool:
        """Whether a query may hold something personal: then it travels in the body of a POST, never in the address."""
        return self.personal or any(field.is_secret for field in self.searchable)

    @property
    def listed(self) -> list[FieldDefinition]:
        """Columns of the result list."""
        return [field for field in self.fields if field.in_list and not field.is_hidden]

    @property
    def detailed(self) -> list[FieldDefinition]:
        """Lines of a record's own page."""
        return [field for field in self.fields if field.in_detail and not field.is_hidden]

    @property
    def sorts(self) -> list[str]:
        """The keys behind the sort columns: the set's own order first, then what people may choose."""
        chosen = [field.key for field in self.fields if field.sortable]
        return [key for key in dict.fromkeys([self.order, *chosen]) if key][:MOST_SORTS]

    @property
    def crossing(self) -> list[FieldDefinition]:
        """Fields of which something leaves the inner side in the clear or masked: what nobody is shown stays."""
        sorts = self.sorts
        return [
            field
            for field in self.fields
            if not field.is_hidden
            and (field.in_list or field.in_detail or field.key in sorts or (field.search and not field.is_secret))
        ]

    def lookup_numbers(self) -> dict[str, int]:
        """Searchable field → its number in the lookup table; those of the query over all sets have the smallest."""
        cross = [field.key for field in self.searchable if field.cross]
        others = [field.key for field in self.searchable if not field.cross]
        return {key: 1 + at for at, key in enumerate(cross)} | {key: ORDINARY + at for at, key in enumerate(others)}
