"""Downloads: blank and sample forms for everybody, a case's own papers for those who may see the case."""

import uuid

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _

from applications import actors, case_facts, queries, tasks
from applications.documents import form_files, package_files, situation_sheet
from applications.documents.application_form import Page, filled_form
from applications.files import send_blob
from applications.models import Application, Document
from applications.models.document import DocumentState
from applications.pdf import PdfUnavailable
from identity.acting import agencies_of, signed_in
from identity.models import User
from matters import questioning, situations
from matters.joint import queries as packages
from matters.models import Matter

PDF = "application/pdf"


def form_pdf(request: HttpRequest, code: str, which: str) -> HttpResponseBase:
    """The blank form, the sample form or the guide of a published matter."""
    matter = get_object_or_404(Matter.objects.select_related("current"), code=code, active=True)
    if matter.current is None:
        raise Http404
    return _send_page(request, form_files.PAGES[which](matter.current.content), f"{matter.name}（{word_for(which)}）")


def word_for(which: str) -> str:
    """What the file is, in its name."""
    return {"blank": _("空白表"), "sample": _("样表"), "guide": _("办事指南")}[which]


def package_pdf(request: HttpRequest, code: str, which: str) -> HttpResponseBase:
    """The joint form (blank or sample) or the sheet of a published package of matters."""
    joint = packages.get_published(code)
    if joint is None:
        raise Http404
    return _send_page(request, package_files.page(joint, which), f"{joint.name}（{word_for(which)}）")


def situation_pdf(request: HttpRequest, code: str) -> HttpResponseBase:
    """The personal list (一次性告知单) for the answers in the address; without all of them, the questions."""
    matter = get_object_or_404(Matter.objects.select_related("current"), code=code, active=True)
    if matter.current is None or not matter.current.scenario.questions:
        raise Http404
    scenario = matter.current.scenario
    situation = questioning.given_in(scenario, request.GET)
    if not situations.is_complete(scenario, situation):
        return redirect(f"{reverse('matters:situation', args=[code])}?{situations.query(situation)}")
    page = situation_sheet.situation_page(matter.current, situation)
    return _send_page(request, page, f"{matter.name}（我的一次告知单）")


def _send_page(request: HttpRequest, page: Page, name: str) -> HttpResponseBase:
    """A public page as a PDF. Its ETag is what it is made of, so that a new version is there at once."""
    unchanged = get_conditional_response(request, etag=f'"{page.digest}"')
    if unchanged is not None:
        return unchanged
    try:
        file = form_files.open_page(page)
    except PdfUnavailable as reason:
        return unavailable(request, str(reason))
    response = FileResponse(file, content_type=PDF, filename=f"{name}.pdf")
    response["Cache-Control"] = "public, no-cache"
    response["ETag"] = f'"{page.digest}"'
    return response


def document(request: HttpRequest, uid: uuid.UUID) -> HttpResponseBase:
    """One paper of a case, shown in the browser; while it is being made, a page that says so."""
    paper = get_object_or_404(Document.objects.select_related("application"), uid=uid)
    _check_may_see(signed_in(request), paper.application)
    if paper.state != DocumentState.READY:
        if paper.state == DocumentState.PENDING:
            tasks.enqueue_once(paper.uid)
        return render(request, "applications/public/document_waiting.html", {"paper": paper}, status=202)
    return send_blob(paper.blob, file_name(paper), PDF, download="download" in request.GET)


def filled_form_pdf(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """The application form as it was filled in online; made anew each time, since a draft still changes."""
    case = get_object_or_404(Application.objects.select_related("guide_version", "department", "matter"), uid=uid)
    _check_may_see(signed_in(request), case)
    try:
        pdf = filled_form(case.content, case.answers, case_facts.gather(case))
    except PdfUnavailable as reason:
        return unavailable(request, str(reason))
    response = HttpResponse(pdf, content_type=PDF)
    response["Content-Disposition"] = "inline"
    response["Cache-Control"] = "private, no-store"
    return response


def may_see(user: User, case: Application) -> bool:
    """The applicant or an agent of the applicant's enterprise on the outer side; officers of the case on the inner."""
    if user.is_staff_member:
        rows = queries.counter_drafts if case.is_draft else queries.visible_to
        return rows(actors.staff(user)).filter(pk=case.pk).exists()
    if case.enterprise_id is not None:
        return agencies_of(user).filter(enterprise_id=case.enterprise_id).exists()
    return case.owner_id == user.pk


def _check_may_see(user: User, case: Application) -> None:
    """The first question of every view here; the answer is the same for a foreign paper and for none."""
    if not may_see(user, case):
        raise Http404


def file_name(paper: Document) -> str:
    """准予行政许可决定书 市监许准〔2026〕12号.pdf"""
    return f"{' '.join(part for part in (paper.title, paper.number) if part)}.pdf"


def unavailable(request: HttpRequest, reason: str) -> HttpResponse:
    """The page when this machine cannot make PDFs: the reason is for whoever runs the site."""
    return render(request, "applications/public/pdf_unavailable.html", {"reason": reason}, status=503)
