"""Make the documents of a move: content frozen in the transaction of the act, PDF made after it by the worker."""

import secrets
from datetime import datetime
from functools import partial

from django.db import transaction

from applications import case_facts, document_extras, licence_changes, tasks
from applications.documents import catalog, content, numbering
from applications.effects import day_of
from applications.models import Application, Document, Event, Licence
from applications.models.application import Channel
from sync import rows

# No 0/O, 1/I/L: people read these from paper.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def freeze_documents(case: Application, event: Event, *, render: bool = True) -> list[Document]:
    """Write a Document for each kind this move makes; ``render`` False leaves the PDFs to ``tick``."""
    made = []
    kinds = document_extras.kinds_of(case, event.action)
    if case.about_licence_id and "licence" in kinds:
        licence_changes.hold(case)
    for kind in kinds:
        if not document_extras.is_made(kind, case):
            continue
        made.append(_freeze(kind, case, event))
        if kind == "licence":
            _register_licence(case, event, made[-1])
    if render:
        for document in made:
            transaction.on_commit(partial(tasks.enqueue, document.uid))
    return made


def freeze_one(kind: str, case: Application, event: Event) -> Document:
    """Write the document of an act beside the machine, in the transaction of the act; its PDF is made after the commit."""
    document = _freeze(kind, case, event)
    transaction.on_commit(partial(tasks.enqueue, document.uid))
    return document


def _freeze(kind: str, case: Application, event: Event) -> Document:
    code = random_code(16)
    known = catalog.KINDS[kind]
    number = _number(case, known, event.at)
    extra = {"number": number, "issued_on": day_of(event.at), "check_code": code}
    extra |= document_extras.EXTRAS[kind](case, event)
    frozen = content.build(kind, case=case_facts.gather(case), extra=extra)
    document = Document(
        application=case,
        kind=kind,
        title=frozen["title"],
        number=number,
        content=frozen,
        content_sha256=content.digest(frozen),
        check_code=code,
        created_at=event.at,
    )
    rows.insert(document)
    return document


def _number(case: Application, kind: catalog.DocumentKind, at: datetime) -> str:
    if not kind.series:
        return ""
    # Receipts are made on both sides, each of which counts for itself.
    at_window = kind.kind == "receipt" and case.channel == Channel.COUNTER
    type_code, year = case.guide_version.header.type_code, day_of(at).year
    return numbering.next_number(case.department, kind, type_code, year, mark="窗" if at_window else "")


def _register_licence(case: Application, event: Event, document: Document) -> None:
    if case.about_licence_id:
        licence_changes.take_grant(case, event, document)
        return
    start, end = document_extras.validity(case, event)
    Licence.objects.create(
        application=case,
        document=document,
        name=case.guide_version.guide.outcome.name,
        number=document_extras.licence_number(case),
        holder=case.applicant_name,
        valid_from=start,
        valid_to=end,
    )


def random_code(length: int) -> str:
    """A code nobody can guess and everybody can read aloud."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))
