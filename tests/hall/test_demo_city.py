"""The demo city's people: whole, well-formed, and nobody's."""

from collections import defaultdict

from django.contrib.auth.password_validation import validate_password
from stdnum.cn import uscc

from hall.demo import city
from identity.numbers import clean_id_number, clean_phone
from matters.guide import GuideContent

CITY = city.load()


def roles() -> dict[str, list[str]]:
    held = defaultdict(list)
    for staff in CITY.staff["inner"]:
        for post in staff.posts:
            held[post.department].append(post.role)
    return held


def test_at_least_three_departments_are_fully_staffed() -> None:
    full = [
        d
        for d, held in roles().items()
        if {"clerk", "approver", "inspector"} <= set(held) and held.count("reviewer") >= 2
    ]
    assert len(full) >= 3


def test_every_step_of_every_guide_has_somebody() -> None:
    codes = {department.name: department.code for department in CITY.departments}
    held = roles()
    for path in city.guide_files():
        content = GuideContent.model_validate(city.guide_content(path))
        own = content.guide.department.code
        assert {"clerk", "approver", "inspector"} <= set(held[own]), path.stem
        for step in content.guide.route():
            assert step.role in held[codes.get(step.department, own)], (path.stem, step.name)


def test_somebody_writes_and_publishes_guides_and_runs_each_side() -> None:
    everybody = [role for held in roles().values() for role in held]
    assert {"editor", "publisher", "operator"} <= set(everybody)
    assert [post.role for staff in CITY.staff["outer"] for post in staff.posts] == ["operator"]


def test_numbers_are_well_formed_and_nobodys() -> None:
    for department in CITY.departments:
        assert uscc.is_valid(department.uscc)
        assert department.phone.startswith("0889-555")
    for enterprise in CITY.enterprises:
        assert uscc.is_valid(enterprise.uscc)
        assert enterprise.uscc[2:8] == CITY.region
    for person in CITY.people:
        assert clean_id_number(person.id_number) == person.id_number
        assert person.id_number[2:6] == "0000"  # a province: residents' numbers name a county
        assert clean_phone(person.phone).startswith("154")  # a prefix that was never given out


def test_nobody_twice() -> None:
    usernames = [s.username for side in CITY.staff.values() for s in side] + [p.username for p in CITY.people]
    assert len(set(usernames)) == len(usernames)
    assert len({p.id_number for p in CITY.people}) == len(CITY.people) >= 40


def test_an_enterprise_with_two_agents_and_one_with_a_very_long_name() -> None:
    qinghe = CITY.enterprises[0]
    assert (qinghe.manager, qinghe.agents) == ("liming", ["zhaomin"])
    assert max(len(enterprise.name) for enterprise in CITY.enterprises) >= 40


def test_password_is_accepted() -> None:
    validate_password(CITY.password)
