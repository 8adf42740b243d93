"""Cases at the window, for tests: who came, and drafts filled in as far as filing."""

from typing import Any

from applications import actors, drafts
from applications.counter import filing, papers
from applications.counter.visitors import Visitor
from applications.forms.counter import IdentityForm
from applications.models import Application
from identity.models import User
from matters.models import Matter
from tests.people import LI_MING_ID, QINGHE_USCC, STRANGER_ID, WANG_FANG_ID

PERSON = {
    "name": "王芳",
    "number": WANG_FANG_ID,
    "document": "id_card",
    "capacity": "self",
    "phone": "13900010001",
    "address": "",
    "window": "3 号窗口",
}
BY_AGENT = PERSON | {
    "capacity": "agent",
    "agent_name": "外人",
    "agent_number": STRANGER_ID,
    "agent_document": "id_card",
    "has_authority": "on",
}
ENTERPRISE = {
    "name": "云川市青禾餐饮管理有限公司",
    "number": QINGHE_USCC,
    "document": "licence",
    "capacity": "head",
    "agent_name": "李明",
    "agent_number": LI_MING_ID,
    "agent_document": "id_card",
    "phone": "13900010002",
    "address": "云川市青溪区滨河路 18 号",
    "window": "3 号窗口",
}


def visitor(kind: str = "person", **changes: Any) -> Visitor:
    """What the identity form makes of who came."""
    base = PERSON if kind == "person" else ENTERPRISE
    form = IdentityForm(kind, base | changes)
    assert form.is_valid(), form.errors
    return form.visitor()


def draft(clerk: User, matter: Matter, who: Visitor | None = None) -> Application:
    """Everything typed in, the plan noted as one original of level B."""
    case = filing.begin(clerk, matter, who or visitor())
    for section in case.guide_version.form.sections:
        answers = {field.key: field.example or "12" for field in section.fields}
        drafts.save_section(case, section.key, answers, complete=True)
    for one in papers.wanted(case):
        if papers.is_required(case, one):
            papers.note(case, one.key, originals=1, copies=0, trust="B", actor=actors.staff(clerk))
    return case


def filed(clerk: User, matter: Matter, who: Visitor | None = None, **said: Any) -> Application:
    """Filed and received at the window."""
    case = draft(clerk, matter, who)
    return filing.submit(case, clerk, seen=case.seen, declared=True, render=False, **said)
