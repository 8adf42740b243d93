"""A few joint applications (一件事) of the demo's history, filed as the pages file them."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from applications import actors
from applications.drafts import Applicant
from applications.joint import drafts, opening
from applications.joint import filing as joint_filing
from applications.joint import papers as joint_papers
from applications.models import Application, JointCase
from hall.demo import answers, fates, officetime, papers
from hall.demo.filing import Applicants
from matters import calendar, forms
from matters.joint import queries
from matters.models import JointMatter, Matter
from matters.prefill import known_facts

PACKAGE = "restaurant"


def submit(applicants: Applicants, matters: Mapping[str, Matter], now: datetime) -> int:
    """File the joint cases that are not here yet; how many. None while the package takes no applications."""
    package = queries.get_published(PACKAGE)
    codes = [matters[name].code for name in fates.JOINT_MATTERS]
    if package is None or not applicants.enterprises or opening.closed_because(package, codes, now):
        return 0
    made = 0
    for which in range(len(fates.JOINTS)):
        first = fates.JOINT_FROM + which * fates.JOINT_STEP
        if not Application.objects.filter(uid=fates.uid_of(first)).exists():
            applicant = applicants.enterprises[which % len(applicants.enterprises)]
            _file(package, codes, applicant, applicants, first, now)
            made += 1
    return made


@transaction.atomic
def _file(
    package: JointMatter, codes: list[str], applicant: Applicant, applicants: Applicants, first: int, now: datetime
) -> None:
    chance, age = fates.chance_of(first, "form"), fates.fate_of(first).age or 0
    day = officetime.workdays_before(calendar.current(), now.astimezone(officetime.ZONE).date(), age)
    at = min(officetime.online(day, chance), now)
    joint = drafts.begin(applicant, package, codes)
    for child in joint.children.select_related("matter"):
        Application.objects.filter(pk=child.pk).update(uid=fates.uid_of(first + codes.index(child.matter.code)))
    for child in joint_papers.children_of(joint):
        drafts.set_situation(joint, child, answers.make_situation(child.guide_version.scenario, chance))
    joint = JointCase.objects.get(pk=joint.pk)
    form = joint.package.form
    known, fixed = known_facts(applicant.person, applicant.enterprise), drafts.prefilled(joint)
    typed = answers.make_answers(form, known=known, people=applicants.names, day=at.date(), chance=chance, fixed=fixed)
    clean, errors = forms.clean_answers(form, typed)
    if errors:
        raise ValueError(f"{package}：{errors}")
    for section in form.sections:
        drafts.save_section(joint, section.key, clean[section.key], complete=True)
    for paper in joint_papers.papers(joint):
        if paper.is_needed:
            kind = next(kind for kind in ("pdf", "png", "jpg") if kind in paper.formats)
            content = papers.make_paper(paper.row.name, joint.applicant_name, kind, 0, "")
            joint_papers.add(joint, paper.key, SimpleUploadedFile(f"{paper.row.name[:40]}.{kind}", content))
    joint_filing.submit(
        joint,
        actor=actors.applicant_named(applicant.user.display_name),
        declared=True,
        deferral_agreed=True,
        at=at,
        render=False,
    )
    begun = at - timedelta(minutes=chance.randint(9, 90))
    JointCase.objects.filter(pk=joint.pk).update(created_at=begun)
    joint.children.update(created_at=begun)
