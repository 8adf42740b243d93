"""File applications as the demo's applicants do: through the same drafts, uploads and submission as the pages."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile

from applications import actors, drafts, uploads
from applications.drafts import Applicant
from applications.models import Application
from applications.states import Way
from hall.demo import answers, papers
from hall.demo.answers import Person
from identity.models import Agency, User
from matters import forms
from matters.filling import filled
from matters.formdef import FormDefinition
from matters.guide import Material
from matters.models import Matter
from matters.prefill import known_facts


class DemoIncomplete(Exception):
    """The demo city is not (wholly) here; the text says what to run."""


@dataclass
class Applicants:
    """Everybody of the demo city who can apply."""

    persons: list[Applicant]
    enterprises: list[Applicant]
    names: list[Person] = field(default_factory=list)

    @classmethod
    def here(cls, usernames: Sequence[str]) -> "Applicants":
        """Those of the demo city on this site; DemoIncomplete when there are none."""
        users = list(
            User.objects.filter(username__in=usernames, person__isnull=False).select_related("person").order_by("id")
        )
        if not users:
            raise DemoIncomplete("这里还没有演示申请人，请先在外网运行 manage.py load_demo。")
        agencies = Agency.objects.filter(user__in=users, active=True).select_related("user__person", "enterprise")
        return cls(
            [Applicant(user, user.person) for user in users],
            [Applicant(one.user, one.user.person, one.enterprise) for one in agencies.order_by("id")],
            [Person(user.person.name, user.person.id_number, user.person.phone) for user in users],
        )

    def one_for(self, matter: Matter, chance: Random) -> Applicant:
        """Somebody whom the matter is for."""
        if matter.current and asks_for_an_enterprise(matter.current.form):
            return chance.choice(self.enterprises)
        organisations = matter.current and {"2", "3", "4", "6"} & set(matter.current.header.service_objects)
        people = matter.current and "1" in matter.current.header.service_objects
        if organisations and (not people or ("enterprise" in matter.audiences and chance.random() < 0.6)):
            return chance.choice(self.enterprises)
        return chance.choice(self.persons)


def asks_for_an_enterprise(form: FormDefinition) -> bool:
    """Whether a person applying alone would have to write an enterprise's name or number into the form."""
    return any(field.prefilled_from.startswith("enterprise.") for part in form.sections for field in part.fields)


def write_draft(
    applicants: Applicants,
    applicant: Applicant,
    matter: Matter,
    *,
    at: datetime,
    chance: Random,
    uid: UUID | None = None,
) -> Application:
    """Begin a draft in some situation and fill in the whole form. ValueError when the made-up answers are not valid."""
    assert matter.current is not None
    situation = answers.make_situation(matter.current.scenario, chance)
    case = drafts.begin(applicant, matter, situation)
    if uid is not None:
        case.uid = uid
        case.save(update_fields=["uid"])
    form = case.guide_version.form
    known = known_facts(applicant.person, applicant.enterprise)
    fixed = filled(case.guide_version.parsed, situation)
    made = answers.make_answers(form, known=known, people=applicants.names, day=at.date(), chance=chance, fixed=fixed)
    clean, errors = forms.clean_answers(form, made)
    if errors:
        raise ValueError(f"{matter}：{errors}")
    for section in form.sections:
        drafts.save_section(case, section.key, clean[section.key], complete=True)
    return case


def hand_in(case: Application, *, size: int = 0, mark: str = "") -> None:
    """Upload a file for every open material that must be handed in; ``size`` bytes each, ``mark`` makes them differ."""
    for material in uploads.open_materials(case):
        if material.is_required or case.state == "CORRECTION":
            hand_in_one(case, material, size=size, mark=mark)


def hand_in_one(case: Application, material: Material, *, size: int = 0, mark: str = "") -> None:
    """Upload a file for one material."""
    kinds = [kind for kind in ("pdf", "png", "jpg") if kind in material.formats]
    content = papers.make_paper(material.name, case.applicant_name, kinds[0], size, mark)
    uploads.add(case, material.key, SimpleUploadedFile(f"{material.name[:40]}.{kinds[0]}", content))


def submit(
    case: Application,
    applicant: Applicant,
    *,
    way: str = Way.ORDINARY,
    deferral_agreed: bool = False,
    at: datetime | None = None,
    render: bool = True,
) -> Application:
    """Declare and submit."""
    case.refresh_from_db()
    return drafts.submit(
        case,
        actor=actors.applicant(applicant.user),
        seen=case.seen,
        declared=True,
        way=way,
        deferral_agreed=deferral_agreed,
        at=at,
        render=render,
    )
