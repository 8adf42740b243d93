"""Submitting once: every member becomes a case at the same moment, or none does."""

import pytest

from applications import actors
from applications.errors import CaseMoved, DataMissing
from applications.joint import drafts, filing, papers
from applications.models import Application, JointCase
from applications.states import State
from identity.models import User
from sync.models import Outbox
from tests.applications.joint.conftest import FIRE, FOOD, LAND, child, submit
from tests.factories import applicant, moment

pytestmark = pytest.mark.django_db


def test_every_member_is_filed_with_its_own_number_and_its_own_part(filed: JointCase) -> None:
    children = {one.matter.code: one for one in filed.children.all()}
    assert set(children) == {FOOD, FIRE, LAND}
    numbers = {one.number for one in children.values()}
    assert len(numbers | {filed.number}) == 4
    assert {one.state for one in children.values()} == {State.SUBMITTED}
    assert {one.submitted_at for one in children.values()} == {moment("2026-03-02 10:00")}
    assert children[FIRE].answers == {"place": {"name": "青禾小厨", "area": "320"}, "fire": {"exits": 2}}
    assert children[LAND].answers == {"place": {"name": "青禾小厨", "area": "320"}}
    assert children[FOOD].applicant_name == filed.applicant_name == "云川市青禾餐饮管理有限公司"


def test_a_shared_paper_is_a_material_of_every_member_that_wants_it(filed: JointCase) -> None:
    plans = {code: child(filed, code).materials.get(key="plan").sha256 for code in (FOOD, FIRE, LAND)}
    assert len(set(plans.values())) == 1
    assert child(filed, FIRE).materials.count() == 2
    assert child(filed, LAND).materials.count() == 1


def test_one_fact_leaves_and_names_a_shared_file_once(filed: JointCase) -> None:
    assert list(Outbox.objects.values_list("topic", flat=True)).count("application.submitted") == 0
    fact = Outbox.objects.get(topic="joint.submitted")
    assert len(fact.blobs) == 2


def test_a_double_click_files_nothing_twice(filed: JointCase, zhao_min: User) -> None:
    with pytest.raises(CaseMoved):
        submit(filed, zhao_min)
    assert Application.objects.count() == 3
    assert Outbox.objects.filter(topic="joint.submitted").count() == 1


def test_nothing_is_filed_while_something_is_missing(joint_draft: JointCase, zhao_min: User) -> None:
    with pytest.raises(DataMissing) as refused:
        filing.submit(joint_draft, actor=actors.applicant(zhao_min), declared=False)
    plan = papers.papers(joint_draft)[0].key
    assert {"declared", "section:place", "section:fire", f"material:{plan}"} <= set(refused.value.fields)
    assert not Application.objects.exclude(state=State.DRAFT).exists()


def test_a_member_that_fails_takes_the_others_back(
    ready: JointCase, zhao_min: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = filing.drafts.submit

    def fails_for_the_last(case: Application, **how: object) -> Application:
        if case.matter.code == LAND:
            raise RuntimeError("the disk is full")
        return real(case, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(filing.drafts, "submit", fails_for_the_last)
    with pytest.raises(RuntimeError):
        submit(ready, zhao_min)
    assert not Application.objects.exclude(state=State.DRAFT).exists()
    assert not Outbox.objects.filter(topic="joint.submitted").exists()


def test_leaving_a_member_out_keeps_what_the_others_need(ready: JointCase, zhao_min: User) -> None:
    drafts.set_members(ready, applicant(zhao_min, ready.enterprise), [])
    fresh = JointCase.objects.get(pk=ready.pk)
    assert set(fresh.codes) == {FOOD, LAND}
    assert drafts.missing(fresh) == {}
    drafts.set_members(fresh, applicant(zhao_min, ready.enterprise), [FIRE])
    again = JointCase.objects.get(pk=ready.pk)
    lacking = drafts.missing(again)
    assert [name for name in lacking if name.startswith("material:")] == [f"material:{FIRE}.escape"]
    assert child(again, FIRE).materials.filter(key="plan").exists()
