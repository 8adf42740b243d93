"""The demo's catalogue: every guide may be published, and together they show what the hall can do."""

from collections import Counter
from pathlib import Path
from random import Random

import pytest
from django.utils import timezone

from hall.demo import answers, city
from hall.demo.answers import Person
from matters import codes, filling, situations
from matters.forms import clean_answers
from matters.guide import GUIDE_FIELDS, GuideContent
from matters.guide_checks import check_guide
from matters.narrowing import narrow

FILES = city.guide_files()
GUIDES = {path.stem: GuideContent.model_validate(city.guide_content(path)) for path in FILES}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_guide_may_be_published(path: Path) -> None:
    content = city.guide_content(path)
    assert [(p.path, p.message) for p in check_guide(content)] == []
    assert set(content["guide"]) == set(GUIDE_FIELDS)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_guide_names_a_department_and_office_of_the_city(path: Path) -> None:
    guide = GUIDES[path.stem].guide
    department = city.load().department(guide.department.code)
    assert (guide.department.name, guide.department.uscc) == (department.name, department.uscc)
    assert (guide.responsible_office.name, guide.responsible_office.phone) in [
        (office.name, office.phone) for office in department.offices
    ]
    names = {department.name for department in city.load().departments}
    assert {step.department for step in guide.procedure} - {""} <= names


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_condition_can_be_asked_before_login(path: Path) -> None:
    for condition in GUIDES[path.stem].guide.conditions:
        assert condition.question.endswith("？")
        assert condition.answer_if_not


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_made_up_answers_are_valid(path: Path) -> None:
    people = [Person(p.name, p.id_number, p.phone) for p in city.load().people]
    known = {"person.name": "王芳", "enterprise.uscc": city.load().enterprises[0].uscc}
    form = GUIDES[path.stem].form
    for seed in range(20):
        chance = Random(seed)
        situation = answers.make_situation(GUIDES[path.stem].scenario, chance)
        fixed = filling.filled(GUIDES[path.stem], situation)
        made = answers.make_answers(
            form, known=known, people=people, day=timezone.localdate(), chance=chance, fixed=fixed
        )
        assert clean_answers(form, made)[1] == {}
        assert filling.contradictions(GUIDES[path.stem], situation, made) == []


def test_three_guides_ask_for_the_situation() -> None:
    asking = {slug: guide for slug, guide in GUIDES.items() if guide.scenario.questions}
    assert set(asking) >= {"food-business-licence", "real-estate-transfer", "road-occupation-excavation"}
    for guide in asking.values():
        assert 2 <= len(guide.scenario.questions) <= 4
        assert all(one.text_en and all(choice.label_en for choice in one.choices) for one in guide.scenario.questions)
        found, are_all = situations.reachable(guide.scenario, 200)
        assert are_all
        whole = len(guide.guide.materials)
        assert all(len(narrow(guide, one).guide.materials) < whole for one in found)


def test_no_two_guides_share_a_code_or_a_name() -> None:
    assert len({guide.header.code for guide in GUIDES.values()}) == len(GUIDES) >= 24
    assert len({(guide.guide.department.code, guide.guide.matter_name) for guide in GUIDES.values()}) == len(GUIDES)


def test_no_two_guides_say_the_same() -> None:
    """No text longer than a heading stands in two guides: each was written for its matter."""
    seen = Counter(
        text
        for guide in GUIDES.values()
        for text in {
            *(condition.text for condition in guide.guide.conditions),
            *(faq.answer for faq in guide.header.faq),
            *(material.sample_note + material.how_to for material in guide.guide.materials if not material.shared_data),
        }
        if len(text) > 20
    )
    assert [text for text, times in seen.items() if times > 1] == []


def test_kinds_of_matters() -> None:
    kinds = Counter(guide.header.type_code for guide in GUIDES.values())
    assert {"01", "05", "07", "10", "20"} <= set(kinds)
    assert {guide.header.case_kind for guide in GUIDES.values()} == {"1", "2"}
    for audience in codes.AUDIENCES:
        assert sum(audience in guide.header.audiences for guide in GUIDES.values()) >= 3
    assert {guide.guide.fee_standard.is_fee for guide in GUIDES.values()} == {True, False}
    assert {guide.guide.feedback_limit.unit for guide in GUIDES.values()} == set(codes.UNITS)
    assert any(guide.header.number_limit for guide in GUIDES.values())
    assert any(guide.guide.handling_level.level == "7" for guide in GUIDES.values())


def test_every_special_procedure_is_allowed_somewhere() -> None:
    allowed = [set(guide.header.special_procedures) for guide in GUIDES.values()]
    assert set().union(*allowed) == set(codes.SPECIAL_PROCEDURES)
    assert max(len(procedures) for procedures in allowed) >= 5


def test_two_departments_work_side_by_side() -> None:
    orders = Counter(
        (slug, step.order) for slug, guide in GUIDES.items() for step in guide.guide.route() if step.kind == "review"
    )
    side_by_side = {slug for (slug, _order), times in orders.items() if times > 1}
    assert "road-occupation-excavation" in side_by_side
    departments = {step.department for step in GUIDES["road-occupation-excavation"].guide.route() if step.order == 3}
    assert len(departments) == 2


def test_forms_are_whole() -> None:
    whole = [
        slug
        for slug, guide in GUIDES.items()
        if len(guide.form.sections) >= 3
        and any(section.repeating for section in guide.form.sections)
        and any(field.shown_when for section in guide.form.sections for field in section.fields)
        and any(field.prefilled_from for section in guide.form.sections for field in section.fields)
    ]
    assert len(whole) >= 8
    assert all(guide.form.sections for guide in GUIDES.values())


def test_licences_answer_questions() -> None:
    assert all(len(guide.header.faq) >= 2 for guide in GUIDES.values() if guide.header.is_licence)
