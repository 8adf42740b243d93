"""A package in the shape of a guide, for the papers that are drawn from guides: the form, its sample, the one-sheet notice."""

from matters.formdef import FormDefinition
from matters.guide import (
    Condition,
    DepartmentInfo,
    FeeStandard,
    Guide,
    GuideContent,
    Header,
    LegalBasis,
    Limit,
    Material,
    OfficeInfo,
    Outcome,
    ServiceCapability,
    Step,
)
from matters.joint.figures import JOINT_DAYS, fees, is_under_the_licensing_law, stages
from matters.joint.guide import JointContent, MergedMaterial, Package, distinct
from matters.joint.materials import JOINT_FORM

LICENSING_LAW = "中华人民共和国行政许可法"


def as_guide(content: JointContent, lead_name: str) -> GuideContent:
    """The published package as one guide: what is handed in, answered, waited for and paid."""
    package = content.package or Package()
    return GuideContent(
        header=Header(name_en=content.name_en, faq=content.faq),
        guide=Guide(
            matter_name=content.name,
            department=DepartmentInfo(code=content.lead, name=lead_name),
            responsible_office=OfficeInfo(name=lead_name, phone=content.contact.phone),
            legal_basis=_basis(content, package),
            acceptance_limit=5,
            feedback_limit=Limit(value=_law_days(package)),
            promised_limit=Limit(value=package.limit),
            conditions=[Condition(text=condition.text) for condition in package.conditions],
            materials=[_material(row) for row in package.materials],
            fee_standard=_fees(package),
            procedure=_procedure(package),
            service_address=content.place,
            outcome=Outcome(name="、".join(distinct(one.outcome for one in package.members)), delivery_days=0),
            contact=content.contact,
            service_capability=ServiceCapability(visits=package.visits),
        ),
        form=FormDefinition(title=f"{content.name}{JOINT_FORM}", sections=package.form.sections),
    )


def _basis(content: JointContent, package: Package) -> list[LegalBasis]:
    if not is_under_the_licensing_law(package.members):
        return [LegalBasis(title=content.limit_basis)]
    return [LegalBasis(title=LICENSING_LAW, article="第二十六条、第四十二条第二款")]


def _law_days(package: Package) -> int:
    return JOINT_DAYS if is_under_the_licensing_law(package.members) else package.limit


def _material(row: MergedMaterial) -> Material:
    return Material(
        key=row.refs[0],
        name=row.name,
        kind=row.kind,
        necessity=row.necessity,
        originals=row.originals,
        copies=row.copies,
        shared_data=row.shared_data,
        how_to=row.how_to,
    )


def _fees(package: Package) -> FeeStandard:
    items = [item for _member, item in fees(package.members)]
    return FeeStandard(is_fee=bool(items), items=items)


def _procedure(package: Package) -> list[Step]:
    """One step a member; those of one stage share the number."""
    return [
        Step(
            order=number,
            name=member.name,
            department=member.department,
            content="；".join(distinct([member.when and f"仅在：{member.when}", member.outcome])),
            working_days=member.promise.value if member.promise.unit == "G" else 0,
        )
        for number, stage in enumerate(stages(package.members), 1)
        for member in stage
    ]
