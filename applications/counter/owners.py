"""Outer side: whose account a case belongs to that was filed at a window.

Found by the keyed hash of the number **and** the name: registering asks for both and proves neither (decision 9), so a number
that somebody picked up is not enough to read a stranger's application.
"""

import re
import unicodedata
from typing import Any

from django.db import transaction

from applications import actors, evidence
from applications.models import Application
from applications.models.application import ApplicantKind, Channel
from identity import arrivals
from identity.fields import keyed_hash
from identity.models import Enterprise, Person


def of(kind: str, number: str, name: str) -> dict[str, Any]:
    """The columns ``owner`` and ``enterprise`` of a case that arrives; both None where nobody has registered yet."""
    hashed = keyed_hash(number)
    if kind == ApplicantKind.ENTERPRISE:
        enterprise = Enterprise.objects.filter(uscc_hash=hashed).first()
        return {"owner": None, "enterprise": enterprise if enterprise and _same(enterprise.name, name) else None}
    person = Person.objects.filter(id_number_hash=hashed).select_related("user").first()
    return {"owner": person.user if person and _same(person.name, name) else None, "enterprise": None}


@arrivals.greets
def join(newcomer: Person | Enterprise) -> None:
    """Give somebody who has just registered the cases filed before in that number, inside the registration."""
    is_person = isinstance(newcomer, Person)
    kind = ApplicantKind.PERSON if is_person else ApplicantKind.ENTERPRISE
    hashed = newcomer.id_number_hash if isinstance(newcomer, Person) else newcomer.uscc_hash
    column = {"owner": newcomer.user} if isinstance(newcomer, Person) else {"enterprise": newcomer}
    waiting = Application.objects.filter(channel=Channel.COUNTER, owner=None, enterprise=None, applicant_kind=kind)
    with transaction.atomic():
        for case in waiting.filter(applicant_id_hash=hashed).select_for_update(of=("self",)):
            if not _same(case.applicant_name, newcomer.name):
                continue
            evidence.record_act(case, "join_account", actor=actors.system(), data={"kind": str(kind)})
            Application.objects.filter(pk=case.pk).update(**column)


def _same(one: str, other: str) -> bool:
    return _plain(one) == _plain(other)


def _plain(name: str) -> str:
    """Half-width brackets and letters, no spaces: the same name written in two ways is the same."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", name)).casefold()
