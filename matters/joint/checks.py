"""What stops a package from being published."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from matters.checks.contacts import is_phone
from matters.checks.phrases import EMPTY_PHRASE
from matters.checks.problem import Problem, is_blank, texts
from matters.joint import form as joint_form
from matters.joint.fields import conflict
from matters.joint.figures import JOINT_DAYS, is_under_the_licensing_law, needed_days
from matters.joint.guide import JointContent, Package, ref
from matters.joint.materials import MemberGuide

FEWEST_MEMBERS = 2
LIMIT_ARTICLE = "行政许可法第四十二条第二款"


@dataclass(frozen=True)
class Known:
    """What the catalogue knows: the members' guides in force, names of departments by code, and who coordinates."""

    guides: Sequence[MemberGuide]
    departments: dict[str, str]
    coordinating: frozenset[str]


def check(content: JointContent, package: Package, known: Known) -> list[Problem]:
    """All problems, in the order of the page; a problem's ``field`` is the name of the part of the page it belongs to."""
    return [
        *_basics(content),
        *_members(content, known),
        *_lead(content, package, known),
        *_materials(package, known.guides),
        *_questions(content, package, known.guides),
        *_limit(content, package),
        *_visits(content, package),
        *_place(content),
        *_phrases(content),
    ]


def _basics(content: JointContent) -> list[Problem]:
    needed = {
        "name": (content.name, "名称还没有填写。"),
        "life_event": (content.life_event, "请选择属于哪个阶段，群众按阶段查找。"),
        "description": (content.description, "请用一两句话说明这一件事办成什么、谁来办。"),
    }
    problems = [Problem(key, key, message) for key, (text, message) in needed.items() if is_blank(text)]
    if not content.audiences:
        problems.append(Problem("audiences", "audiences", "请至少选择一类面向的人群。"))
    return problems


def _members(content: JointContent, known: Known) -> list[Problem]:
    found = {guide.code for guide in known.guides}
    problems = []
    if len({member.code for member in content.members}) < FEWEST_MEMBERS:
        problems.append(Problem("members", "members", "一件事至少由两个事项组成，请再加入事项。"))
    counts = Counter(member.code for member in content.members)
    for index, member in enumerate(content.members):
        if member.code not in found:
            message = f"事项 {member.code} 不存在，或者没有已发布的办事指南，请移除或先发布它。"
            problems.append(Problem("members", f"members.{index}", message))
        elif counts[member.code] > 1:
            problems.append(Problem("members", f"members.{index}", "同一个事项只能加入一次。"))
    if content.members and all(member.when for member in content.members):
        problems.append(Problem("members", "members", "至少要有一个事项在所有情形下都要办。"))
    return problems


def _lead(content: JointContent, package: Package, known: Known) -> list[Problem]:
    if content.lead not in known.departments:
        return [Problem("lead", "lead", "请选择牵头部门。")]
    if content.lead in known.coordinating | {member.department_code for member in package.members}:
        return []
    return [Problem("lead", "lead", "牵头部门应是其中一个事项的办理部门，或者统筹政务服务的部门。")]


def _materials(package: Package, guides: Sequence[MemberGuide]) -> list[Problem]:
    problems = [
        Problem("materials", row.refs[0], f"“{row.name}”：各事项接受的文件格式没有共同的，不能合成一份。")
        for row in package.materials
        if len(row.refs) > 1 and row.electronic and not row.shared_data and not row.formats
    ]
    return problems + [
        Problem("materials", missing, f"材料 {missing} 没有列入合并后的清单。")
        for missing in uncovered_materials(package, guides)
    ]


def uncovered_materials(package: Package, guides: Sequence[MemberGuide]) -> list[str]:
    """The members' materials that the package does not ask for."""
    covered = {reference for row in package.materials for reference in row.refs}
    wanted = [ref(guide.code, material.key) for guide in guides for material in guide.content.guide.materials]
    return [reference for reference in wanted if reference not in covered]


def _questions(content: JointContent, package: Package, guides: Sequence[MemberGuide]) -> list[Problem]:
    groups = joint_form.grouped(joint_form.questions(guides, content.rules.sections), content.rules.fields)
    problems = _conflicts(groups) + _not_joined(content, groups)
    missing = uncovered_questions(package, guides)
    return problems + [Problem("fields", one, f"表单项 {one} 没有对应到联合申请表。") for one in missing]


def _conflicts(groups: Sequence[joint_form.Group]) -> list[Problem]:
    problems = []
    for group in groups:
        reason = conflict([one.field for one in group.asked])
        if reason:
            message = f"“{group.name or group.asked[0].field.label}”不能合成一问：{reason}。请分开，或请成员部门统一。"
            problems.append(Problem("fields", group.asked[0].ref, message))
    return problems


def _not_joined(content: JointContent, groups: Sequence[joint_form.Group]) -> list[Problem]:
    """What staff want to be one question but cannot be: rows of a table, and what stands outside of it."""
    group_of = {one.ref: number for number, group in enumerate(groups) for one in group.asked}
    problems = []
    for grouping in content.rules.fields:
        refs = [reference for reference in grouping.of if reference in group_of]
        if len({group_of[reference] for reference in refs}) > 1:
            message = f"“{grouping.name}”没有合成一问：可填多行的表格要先合成一张，再合并里面的项；只填一次的不能和多行的合并。"
            problems.append(Problem("fields", refs[0], message))
    return problems


def uncovered_questions(package: Package, guides: Sequence[MemberGuide]) -> list[str]:
    """The members' questions that the joint form does not answer."""
    covered = {reference for refs in package.mapping.values() for reference in refs}
    return [one.ref for one in joint_form.questions(guides, []) if one.ref not in covered]


def _limit(content: JointContent, package: Package) -> list[Problem]:
    problems = []
    needed = needed_days(package.members)
    if package.limit > needed:
        message = f"联合办理期限 {package.limit} 个工作日比按顺序逐项办理（{needed} 个工作日）还长。"
        problems.append(Problem("limit", "limit", message))
    if is_under_the_licensing_law(package.members):
        if package.limit > JOINT_DAYS:
            message = f"两项以上行政许可统一办理、联合办理的，不得超过 {JOINT_DAYS} 个工作日（{LIMIT_ARTICLE}）。"
            problems.append(Problem("limit", "limit", message))
    elif package.members and is_blank(content.limit_basis):
        message = "其中的行政许可不足两项，不适用行政许可法第四十二条第二款，请写明联合办理期限的依据。"
        problems.append(Problem("limit_basis", "limit_basis", message))
    return problems


def _visits(content: JointContent, package: Package) -> list[Problem]:
    members = package.members
    fewest, most = max((one.visits for one in members), default=0), sum(one.visits for one in members)
    if fewest <= package.visits <= most:
        return []
    return [
        Problem("visits", "visits", f"到现场次数应在 {fewest} 到 {most} 次之间：不少于单个事项，不多于各事项之和。")
    ]


def _place(content: JointContent) -> list[Problem]:
    problems = []
    if is_blank(content.place.hall_name) or is_blank(content.place.address):
        problems.append(Problem("place", "place", "请写明综合窗口在哪个大厅、什么地址。"))
    if not is_phone(content.contact.phone):
        problems.append(Problem("contact", "contact", "请填写能打通的咨询电话，例如 0839-5550101。"))
    return problems


def _phrases(content: JointContent) -> list[Problem]:
    said = content.model_dump(include={"description", "faq", "members", "limit_basis"})
    return [
        Problem(path.split(".")[0], path, f"“{match.group()}”没有说清楚，请写明具体内容。")
        for path, text in texts(said)
        if (match := EMPTY_PHRASE.search(text))
    ]
