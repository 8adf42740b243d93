"""From a frozen row to a file: safe to run twice, honest when it fails, told to the other network once."""

import pypdf
import pytest

from applications import pdf, tasks
from applications.documents import issue, render
from applications.models import Document
from applications.models.document import DocumentState
from sync import blobs
from sync.models import Outbox
from tests.helpers import move

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_inner")]


@pytest.fixture
def paper(received, clerk) -> Document:
    """The acceptance notice of a case, not rendered yet."""
    return move(received, "accept", by=clerk).documents.get(kind="acceptance")


def facts() -> int:
    return Outbox.objects.filter(topic="document.issued").count()


def test_a_waiting_paper_becomes_a_file_and_a_fact(paper):
    tasks.render_document_task(str(paper.uid))
    paper.refresh_from_db()
    assert (paper.state, paper.failure, facts()) == (DocumentState.READY, "", 1)
    with blobs.open(paper.blob) as file:
        text = "".join("".join(page.extract_text().split()) for page in pypdf.PdfReader(file).pages)
    assert paper.number in text
    assert paper.application.number in text


@pytest.mark.parametrize(("demo", "seal"), [(True, "演示章"), (False, "")])
def test_only_the_demo_prints_its_seal(received, clerk, settings, demo, seal):
    settings.HALL_DEMO = demo
    content = move(received, "accept", by=clerk).documents.get(kind="acceptance").content
    assert content["case"]["seal"] == seal
    assert ("（演示章）" in render.document_html("acceptance", content)) == demo


def test_running_twice_changes_nothing(paper):
    issue.render(paper.uid)
    first = Document.objects.values("blob", "rendered_at").get(pk=paper.pk)
    issue.render(paper.uid)
    issue.mark_ready(paper, b"%PDF another")
    assert Document.objects.values("blob", "rendered_at").get(pk=paper.pk) == first
    assert facts() == 1


def test_the_outer_side_tells_nobody(paper, settings):
    settings.HALL_SIDE = "outer"
    issue.render(paper.uid)
    assert facts() == 0


def test_a_machine_without_the_library_leaves_it_waiting_with_the_reason(paper, monkeypatch):
    monkeypatch.setattr(pdf, "_proved", False)
    monkeypatch.setitem(pdf.LIBRARIES, "libnot-here.so.9", "libharfbuzz-subset0")
    issue.render(paper.uid)
    paper.refresh_from_db()
    assert paper.state == DocumentState.PENDING
    assert "libharfbuzz-subset0" in paper.failure
    monkeypatch.undo()
    issue.render(paper.uid)
    paper.refresh_from_db()
    assert (paper.state, paper.failure) == (DocumentState.READY, "")


def test_changed_content_never_goes_out(paper):
    paper.content = paper.content | {"accepted_on": "2020-01-01"}
    paper.save(update_fields=["content"])
    with pytest.raises(issue.ContentChanged):
        issue.render(paper.uid)
    paper.refresh_from_db()
    assert (paper.state, paper.blob, facts()) == (DocumentState.FAILED, "", 0)
    assert "与作出时不一致" in paper.failure


def test_every_kind_a_case_can_make_is_rendered(awaiting_decision, approver, clerk):
    case = move(move(awaiting_decision, "grant", by=approver, at="2026-03-06 10:00"), "deliver", by=clerk)
    for document in case.documents.all():
        issue.render(document.uid)
    states = dict(case.documents.values_list("kind", "state"))
    assert states == dict.fromkeys(["receipt", "acceptance", "grant", "licence", "delivery"], "ready")
