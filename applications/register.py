"""The public register of licensing decisions (行政许可公示, 行政许可法 40): a data set that fills itself with every grant.

Field names are those of the credit publication (双公示). Enterprises appear in full with their code, natural persons as 张*
without any number; 给付, 确认 and the other kinds of matters are no licences and do not appear at all (个人信息保护法 25).
"""

from datetime import date

from django.conf import settings

from applications.document_extras import validity
from applications.effects import day_of
from applications.models import Application, Event, Licence
from applications.models.application import ApplicantKind
from applications.states import GRANTS, State
from identity.models import Department
from identity.numbers import mask_name
from matters.codes import LICENCE
from matters.datasets import builtin
from matters.datasets.definition import Definition, FieldDefinition
from matters.models import DataSet

SLUG = "xzxk"
# The papers that say that something was granted.
PAPERS = ("grant", "renewal", "licence_change")
PERSON, SOLE_TRADER, ORGANISATION = "自然人", "个体工商户", "法人及非法人组织"
SOLE_TRADER_CODES = "92"  # a USCC that begins so was given to one (GB 32100)


def _field(key: str, label: str, label_en: str, **more: object) -> FieldDefinition:
    return FieldDefinition.model_validate({"key": key, "label": label, "label_en": label_en, **more})


DEFINITION = Definition(
    name="行政许可公示",
    name_en="Register of licensing decisions",
    description="本市各部门准予的行政许可决定，作出后自动公示；撤销、注销随时更新状态。",
    description_en="Licences granted by the departments of this city, published as soon as they are decided, with their present standing.",
    theme="信用公示",
    source="各许可机关的行政许可决定",
    frequency="live",
    open=True,
    key="BJBS",
    order="XK_JDRQ",
    descending=True,
    fields=[
        _field("XK_XDR_MC", "行政相对人名称", "Licensee", search="contains", cross=True, in_list=True),
        _field("SXMC", "许可事项", "Matter", search="contains", in_list=True),
        _field("XK_WSH", "许可决定文书号", "Decision number", kind="code", search="prefix", cross=True, in_list=True),
        _field("XK_JDRQ", "许可决定日期", "Decided on", kind="date", search="prefix", in_list=True, sortable=True),
        _field("XK_XKJG", "许可机关", "Licensing organ", search="contains", in_list=True),
        _field("XK_ZT", "当前状态", "Standing", search="exact", in_list=True),
        _field("XK_XDR_TYPE", "行政相对人类别", "Kind of licensee"),
        _field("USCC", "统一社会信用代码", "Unified social credit code", kind="code", search="exact", cross=True),
        _field("XK_FDDB", "法定代表人", "Legal representative", kind="person", mask="person"),
        _field("XK_XKWS", "许可决定文书名称", "Title of the decision"),
        _field("XK_XKLB", "许可类别", "Class of licence"),
        _field("XK_XKZS", "许可证书名称", "Certificate"),
        _field("XK_XKBH", "许可编号", "Certificate number", kind="code", search="exact", cross=True),
        _field("XK_NR", "许可内容", "Content"),
        _field("XK_YXQZ", "有效期自", "Valid from"),
        _field("XK_YXQZI", "有效期至", "Valid until"),
        _field("XK_XKJGDM", "许可机关统一社会信用代码", "Code of the organ", kind="code"),
        _field("XK_LYDW", "数据来源单位", "Source"),
        _field("XK_LYDWDM", "数据来源单位统一社会信用代码", "Code of the source", kind="code"),
        _field("XK_BD", "变动情况", "Changes since"),
        _field("BJBS", "办件标识", "Case", kind="code", required=True, mask="hidden", in_detail=False),
    ],
)


def note(case: Application, event: Event) -> None:
    """Enter a case when the event is its grant (and the licence's first entry, which a renewal or change alters), or what ends
    it; the last thing in the transaction of the move, since it locks the set."""
    if event.action not in (*GRANTS, "find_pledge_false"):
        return
    if case.about_licence:
        enter_all(case.about_licence)
    else:
        enter(case)


def enter_all(licence: Licence) -> None:
    """Bring every entry about a licence up to date: of its grant, its renewals and its changes."""
    enter(licence.application)
    later = licence.later_applications.filter(events__action__in=GRANTS).distinct()
    for case in later.select_related("guide_version", "department", "matter"):
        enter(case)


def enter(case: Application) -> bool:
    """Enter a granted case, or bring its entry up to date, on the side that decides; doing it again changes nothing.

    Returns whether anything changed. Cases of matters that are no licences are passed over.
    """
    if settings.HALL_SIDE != "inner" or case.guide_version.header.type_code != LICENCE:
        return False
    return builtin.put(the_set(case.department), values_of(case))


def the_set(department: Department) -> DataSet:
    """The register, kept by the department that coordinates the catalogue, or the first that grants something."""
    keeper = Department.objects.filter(coordinates=True).first()
    return builtin.ensure(SLUG, DEFINITION, keeper or department)


def values_of(case: Application) -> dict[str, str]:
    """The entry of a granted case."""
    grant = case.events.get(action__in=GRANTS)
    paper = case.documents.get(kind__in=PAPERS)
    licence = case.about_licence or Licence.objects.filter(application=case).first()
    start, end = (licence.valid_from, licence.valid_to) if licence else validity(case, grant)
    organ = case.department
    values = {
        "BJBS": str(case.uid),
        "SXMC": case.title,
        "XK_XKWS": paper.title,
        "XK_WSH": paper.number,
        "XK_XKZS": licence.name if licence else "",
        "XK_XKBH": licence.number if licence else "",
        "XK_NR": grant.data.get("scope") or f"准予办理“{case.title}”。",
        "XK_XKLB": case.guide_version.header.licence_class,
        "XK_BD": _changes(licence) if licence else "",
        "XK_JDRQ": day_of(grant.at).isoformat(),
        "XK_YXQZ": start.isoformat(),
        "XK_YXQZI": _until(end),
        "XK_XKJG": organ.name,
        "XK_XKJGDM": organ.uscc,
        "XK_ZT": _standing(case, licence),
        "XK_LYDW": organ.name,
        "XK_LYDWDM": organ.uscc,
    }
    return {key: text for key, text in (values | _licensee(case)).items() if text}


def _changes(licence: Licence) -> str:
    """What became of the licence, line by line; without the words of a change, which may name people."""
    return "；".join(f"{one.on.isoformat()} {one.get_kind_display()}" for one in licence.changes.order_by("id"))


def _standing(case: Application, licence: Licence | None) -> str:
    if licence:
        return str(licence.get_standing_display())
    return "已撤销" if case.state == State.REVOKED else "有效"


def _until(end: date | None) -> str:
    return end.isoformat() if end else "长期"


def _licensee(case: Application) -> dict[str, str]:
    if case.applicant_kind == ApplicantKind.PERSON:
        return {"XK_XDR_MC": mask_name(case.applicant_name), "XK_XDR_TYPE": PERSON}
    is_sole = case.applicant_id.startswith(SOLE_TRADER_CODES)
    return {
        "XK_XDR_MC": case.applicant_name,
        "XK_XDR_TYPE": SOLE_TRADER if is_sole else ORGANISATION,
        "USCC": case.applicant_id,
        "XK_FDDB": _answered(case, "enterprise.legal_representative"),
    }


def _answered(case: Application, fact: str) -> str:
    """What the form says about a fact that it was filled in with, as the applicant left it."""
    for section in case.guide_version.form.sections:
        for field in section.fields:
            if field.prefilled_from == fact:
                return str(case.answers.get(section.key, {}).get(field.key) or "")
    return ""
