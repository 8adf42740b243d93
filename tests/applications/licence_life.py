"""A licence of 王芳, granted on Thursday 5 March 2026 until 4 March 2029, and what is asked about it later."""

import io
from typing import Any

from django.utils import timezone

from applications import actors as who
from applications import drafts, services
from applications.documents import issue
from applications.models import Application, Licence, Material
from identity.models import User
from sync import blobs
from tests import factories
from tests.factories import moment
from tests.helpers import move

GRANTED_AT = "2026-03-05 10:00"


def grant(case: Application, approver: User, clerk: User) -> Licence:
    """Grant, print, deliver and close: a licence whose holder has it in hand."""
    case = move(case, "grant", by=approver, at=GRANTED_AT)
    issue.mark_ready(case.documents.get(kind="licence"), b"%PDF-1.7 first face")
    case = move(case, "deliver", by=clerk, at="2026-03-06 10:00")
    move(case, "close", by=clerk, at="2026-03-06 10:05")
    return Licence.objects.select_related("document", "application").get(application=case)


def ask(licence: Licence, user: User, purpose: str, at: str, change: list[dict[str, str]] | None = None) -> Application:
    """A complete application about the licence, filed and received at ``at``, as it is after arrival inside."""
    draft = drafts.begin(factories.applicant(user), licence.application.matter)
    draft.purpose, draft.about_licence, draft.change_asked = purpose, licence, change or []
    draft.save()
    for section in draft.guide_version.form.sections:
        answers = {field.key: field.example or "12" for field in section.fields}
        drafts.save_section(draft, section.key, answers, complete=True)
    Material.objects.create(
        application=draft,
        key="plan",
        file_name="平面图.pdf",
        content_type="application/pdf",
        size=8,
        sha256=blobs.put(io.BytesIO(b"%PDF-1.4")),
        uploaded_at=timezone.now(),
    )
    draft.refresh_from_db()
    case = factories.file_draft(draft, user, at)
    return services.perform(case.pk, "receive", actor=who.system(), seen=None, at=moment(at), render=False)


def reviewed(case: Application, clerk: User, reviewer: User, at: str) -> Application:
    """Accepted and reviewed at ``at``; waiting for the approver."""
    case = move(case, "accept", by=clerk, at=at)
    case = move(case, "pass_on", by=clerk, at=at)
    return move(case, "pass_on", by=reviewer, at=at)


def changes_of(licence: Licence) -> list[tuple[str, int, dict[str, Any], dict[str, Any]]]:
    return [(one.kind, one.version, one.old, one.new) for one in licence.changes.order_by("id")]
