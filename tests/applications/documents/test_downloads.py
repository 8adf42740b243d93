"""Who may fetch which file."""

import pytest
from django.test import Client

from applications import pdf
from applications.documents import issue
from applications.models import Document
from matters.models import Matter
from tests import factories
from tests.conftest import switch_side
from tests.helpers import move
from tests.people import login

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper(received, clerk, settings) -> Document:
    """A ready acceptance notice of 王芳's case."""
    document = move(received, "accept", by=clerk).documents.get(kind="acceptance")
    issue.mark_ready(document, b"%PDF-1.7 notice")
    return document


def fetch(client: Client, paper: Document) -> int:
    return client.get(f"/documents/{paper.uid}/").status_code


def test_the_applicant_reads_it_under_its_name(paper, wang_fang, settings):
    switch_side(settings, "outer")
    response = login(wang_fang).get(f"/documents/{paper.uid}/")
    assert response.status_code == 200
    assert b"".join(response.streaming_content) == b"%PDF-1.7 notice"
    assert response["Content-Type"] == "application/pdf"
    assert "no-store" in response["Cache-Control"]


def test_strangers_and_visitors_do_not(paper, stranger, settings):
    switch_side(settings, "outer")
    assert fetch(login(stranger), paper) == 404
    assert Client().get(f"/documents/{paper.uid}/").status_code == 302


def test_officers_of_the_department_do_and_others_do_not(paper, clerk, outsider):
    assert fetch(login(clerk), paper) == 200
    assert fetch(login(outsider), paper) == 404


def test_agents_of_the_enterprise_do_until_their_agency_ends(on_outer, matter_outer, qinghe, li_ming, zhao_min):
    case = factories.file_draft(factories.draft(zhao_min, matter_outer, qinghe), zhao_min)
    receipt = case.documents.get(kind="receipt")
    issue.mark_ready(receipt, b"%PDF-1.7")
    assert fetch(login(li_ming), receipt) == 200
    zhao_min.agencies.update(active=False)
    assert fetch(login(zhao_min), receipt) == 404


@pytest.fixture
def matter_outer(market_bureau) -> Matter:
    return factories.matter(market_bureau)


def test_a_paper_that_is_being_made_says_so(received, clerk):
    document = move(received, "accept", by=clerk).documents.get(kind="acceptance")
    response = login(clerk).get(f"/documents/{document.uid}/")
    assert response.status_code == 202
    assert "正在生成" in response.content.decode()


def test_a_failed_paper_tells_officers_why(received, clerk):
    document = move(received, "accept", by=clerk).documents.get(kind="acceptance")
    Document.objects.filter(pk=document.pk).update(state="failed", failure="字体损坏")
    assert "字体损坏" in login(clerk).get(f"/documents/{document.uid}/").content.decode()


# --- forms


@pytest.mark.parametrize("which", ["blank", "sample", "guide"])
def test_forms_are_public_and_made_once(on_outer, matter_outer, which, monkeypatch):
    address = f"/forms/{matter_outer.code}/{which}.pdf"
    first = b"".join(Client().get(address).streaming_content)
    assert first.startswith(b"%PDF")
    monkeypatch.setattr(pdf, "render", None)
    assert b"".join(Client().get(address).streaming_content) == first


def test_a_form_is_asked_for_again_and_sent_only_when_it_changed(on_outer, matter_outer):
    address = f"/forms/{matter_outer.code}/guide.pdf"
    first = Client().get(address)
    assert first["Cache-Control"] == "public, no-cache"
    assert Client().get(address, headers={"If-None-Match": first["ETag"]}).status_code == 304
    version = matter_outer.current
    changed = version.content | {"guide": version.content["guide"] | {"matter_name": "改过的名称"}}
    facts = {"effective_on": version.effective_on, "published_at": version.published_at}
    Matter.objects.update(current=matter_outer.versions.create(number=2, state="published", content=changed, **facts))
    assert Client().get(address, headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_forms_of_unknown_and_unpublished_matters_are_not_there(on_outer, matter_outer):
    Matter.objects.update(current=None)
    assert Client().get(f"/forms/{matter_outer.code}/blank.pdf").status_code == 404
    assert Client().get("/forms/NONE/blank.pdf").status_code == 404


def test_a_site_that_cannot_print_says_so(on_outer, market_bureau, monkeypatch):
    matter = factories.matter(market_bureau, form={"title": "没有印过的表"})
    monkeypatch.setattr(pdf, "_proved", False)
    monkeypatch.setitem(pdf.LIBRARIES, "libnot-here.so.9", "libharfbuzz-subset0")
    response = Client().get(f"/forms/{matter.code}/blank.pdf")
    assert response.status_code == 503
    assert "libharfbuzz-subset0" in response.content.decode()


def test_the_filled_form_is_for_the_same_people(received, clerk, outsider):
    address = f"/documents/forms/{received.uid}.pdf"
    response = login(clerk).get(address)
    assert response.content.startswith(b"%PDF")
    assert response["Cache-Control"] == "private, no-store"
    assert login(outsider).get(address).status_code == 404
