"""What differs between two versions of a package, part by part."""

from collections.abc import Iterable
from dataclasses import dataclass

from matters import codes
from matters.codes import LIFE_EVENTS
from matters.joint.guide import JointContent, Package, member_of

PARTS = {
    "name": "名称",
    "name_en": "英文名称",
    "lead": "牵头部门",
    "life_event": "阶段",
    "audiences": "面向",
    "themes": "主题",
    "aliases": "俗称",
    "description": "说明",
    "members": "成员事项",
    "rules": "合并规则",
    "limit": "联合办理期限",
    "limit_basis": "期限依据",
    "visits": "到现场次数",
    "place": "综合窗口",
    "contact": "联系方式",
    "faq": "常见问题",
}
TEXTS = ("name", "name_en", "lead", "life_event", "audiences", "themes", "aliases", "description", "limit_basis")


@dataclass(frozen=True)
class Difference:
    """One line: in which part, about what, how it was and how it is; an empty side was or is not there."""

    part: str
    about: str
    before: str
    after: str


def changed_parts(before: JointContent, after: JointContent) -> list[str]:
    """The names of the parts that were written differently, for the record; the merge itself is not among them."""
    return [name for name in PARTS if getattr(before, name) != getattr(after, name)]


def differences(before: JointContent, old: Package, after: JointContent, new: Package) -> list[Difference]:
    """Every difference that the public would see, in the order of the page. Packages are the merges of the contents."""
    return [
        *_lines(
            "",
            {PARTS[name]: _said(before, name) for name in TEXTS},
            {PARTS[name]: _said(after, name) for name in TEXTS},
        ),
        *_lines(PARTS["members"], _members(old), _members(new)),
        *_lines("材料", _materials(old), _materials(new)),
        *_lines("表单", _questions(old), _questions(new)),
        *_lines("期限和现场", _numbers(old), _numbers(new)),
        *_lines("综合窗口和联系", _contact(before), _contact(after)),
        *_lines(PARTS["faq"], _faq(before), _faq(after)),
    ]


def _lines(part: str, before: dict[str, str], after: dict[str, str]) -> Iterable[Difference]:
    for about in dict.fromkeys([*before, *after]):
        old, new = before.get(about, ""), after.get(about, "")
        if old != new:
            yield Difference(part or "基本信息", about, old, new)


def _said(content: JointContent, name: str) -> str:
    value = getattr(content, name)
    if name == "life_event":
        return str(LIFE_EVENTS.get(value, value))
    if name == "audiences":
        value = [str(codes.AUDIENCES[code]) for code in value]
    return "、".join(value) if isinstance(value, list) else str(value)


def _members(package: Package) -> dict[str, str]:
    return {
        one.name: f"第 {one.stage} 步" + (f"，{one.when}" if one.when else "") + f"（指南第 {one.number} 版）"
        for one in package.members
    }


def _names(package: Package, wanted: Iterable[str]) -> str:
    return "、".join(package.member(code).name for code in dict.fromkeys(wanted))


def _materials(package: Package) -> dict[str, str]:
    return _each_once(
        (row.name, f"{'免提交' if row.shared_data else row.necessity}；用于：{_names(package, row.codes)}")
        for row in package.materials
    )


def _questions(package: Package) -> dict[str, str]:
    found = []
    for section in package.form.sections:
        for field in section.fields:
            uses = _names(package, map(member_of, package.mapping[f"{section.key}.{field.key}"]))
            must = "必填" if field.required else "选填"
            found.append((f"{section.title}：{field.label}", f"{must}；用于：{uses}"))
    return _each_once(found)


def _each_once(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """By name; what bears a name that is taken is numbered, so that nothing is lost."""
    found: dict[str, str] = {}
    for name, text in pairs:
        number, wanted = 1, name
        while wanted in found:
            number += 1
            wanted = f"{name}（{number}）"
        found[wanted] = text
    return found


def _numbers(package: Package) -> dict[str, str]:
    return {PARTS["limit"]: f"{package.limit} 个工作日", PARTS["visits"]: f"{package.visits} 次"}


def _contact(content: JointContent) -> dict[str, str]:
    place, contact = content.place, content.contact
    return {
        "大厅和窗口": f"{place.hall_name} {place.window_no}".strip(),
        "地址": place.address,
        "交通": place.transit,
        "咨询电话": contact.phone,
        "投诉电话": contact.complaint_phone,
    }


def _faq(content: JointContent) -> dict[str, str]:
    return {one.question: one.answer for one in content.faq}
