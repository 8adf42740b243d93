"""What stops a data set from being published: gaps, and settings that would show or give away too much. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from matters.datasets.definition import FREQUENCIES, MOST_CROSS, MOST_FIELDS, MOST_SORTS, Definition, FieldDefinition

KEY = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}")
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
# Words that addresses and the interface use themselves.
RESERVED_SLUGS = {"all", "new"}
RESERVED_KEYS = {"page", "page_size", "sort", "format", "q"}
IDENTIFYING = {"code", "uscc", "phone", "id_number"}


@dataclass(frozen=True)
class Fault:
    """One thing wrong; ``key`` names the field, empty for the set itself."""

    key: str
    message: str


def faults(definition: Definition) -> list[Fault]:
    """Everything that is wrong, in the order of the page; empty when the set may be published."""
    found = [*_about_set(definition), *_about_keys(definition)]
    for field in definition.fields:
        found += [Fault(field.key, message) for message in _about_field(field)]
    return [*found, *_about_use(definition), *_about_people(definition)]


def _about_set(definition: Definition) -> Iterator[Fault]:
    texts = (
        (definition.name, "请填写名称。"),
        (definition.description, "请写一句说明：能查到什么，给谁用。"),
        (definition.source, "请写明数据来源，查询页上始终显示。"),
        (definition.theme, "请选择主题，大家按主题找查询服务。"),
    )
    yield from (Fault("", message) for text, message in texts if not text.strip())
    if definition.frequency not in FREQUENCIES:
        yield Fault("", "请选择更新频率。")
    if not 1 <= len(definition.fields) <= MOST_FIELDS:
        yield Fault("", f"字段应有 1 到 {MOST_FIELDS} 个，现在有 {len(definition.fields)} 个。")


def _about_keys(definition: Definition) -> Iterator[Fault]:
    keys, labels = set[str](), set[str]()
    for field in definition.fields:
        if not KEY.fullmatch(field.key):
            yield Fault(field.key, f"字段标识“{field.key}”应以字母开头，只含字母、数字和下划线，不超过 40 个字符。")
        if field.key.lower() in RESERVED_KEYS:
            yield Fault(field.key, f"字段标识不能用“{field.key}”，查询地址里另有用处。")
        if not field.label.strip():
            yield Fault(field.key, "请填写字段名称。")
        if field.key.lower() in keys or field.label.strip() in labels:
            yield Fault(field.key, f"字段“{field.label}”的标识或名称和前面的重复。")
        keys.add(field.key.lower())
        labels.add(field.label.strip())


def _about_field(field: FieldDefinition) -> Iterator[str]:
    if field.kind == "id_number" and field.mask not in ("id_number", "hidden"):
        yield f"“{field.label}”是身份证号，请选择“只留首尾”或“不公开”（个人信息保护法第二十五条）。"
    if field.is_secret and field.search not in ("", "exact"):
        yield f"“{field.label}”不原样公开，只能按“完全一致”查询。"
    if field.is_secret and field.sortable:
        yield f"“{field.label}”不原样公开，不能用来排序。"
    if field.is_hidden and field.in_list:
        yield f"“{field.label}”设为不公开，不能显示在列表里。"
    if field.cross and (field.is_secret or not field.search):
        yield f"“{field.label}”要能原样查询，才能参加“一处查多库”。"


def _about_use(definition: Definition) -> Iterator[Fault]:
    key, order = definition.field(definition.key), definition.field(definition.order)
    if key is None or not key.required:
        yield Fault("", "请指定一个必填字段作为主键，用来区分每一条记录。")
    if definition.order and (order is None or order.is_secret):
        yield Fault("", "默认排序要用一个原样公开的字段。")
    if not definition.searchable:
        yield Fault("", "至少要有一个可以查询的字段。")
    if not definition.listed:
        yield Fault("", "至少要有一个显示在列表里的字段。")
    sorts = {definition.order, *(field.key for field in definition.fields if field.sortable)} - {""}
    if len(sorts) > MOST_SORTS:
        yield Fault("", f"排序字段（含默认排序）最多 {MOST_SORTS} 个。")
    if sum(field.cross for field in definition.fields) > MOST_CROSS:
        yield Fault("", f"参加“一处查多库”的字段最多 {MOST_CROSS} 个。")


def _about_people(definition: Definition) -> Iterator[Fault]:
    """A set about people answers only those who know the person's numbers, and is never handed out whole."""
    if definition.open and definition.is_guarded:
        yield Fault("", "含个人信息查询的数据集不能设为开放下载。")
    if not definition.personal:
        return
    for field in definition.searchable:
        if field.search != "exact":
            yield Fault(field.key, f"个人数据集只能按“完全一致”查询，请改“{field.label}”的查询方式。")
    if any(field.cross for field in definition.fields):
        yield Fault("", "个人数据集不能参加“一处查多库”。")
    if not any(field.kind in IDENTIFYING or field.key == definition.key for field in definition.searchable):
        yield Fault("", "个人数据集的查询项里至少要有一个号码（证件号、编号或电话），否则凭姓名就能查到别人。")
