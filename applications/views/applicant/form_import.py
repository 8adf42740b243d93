"""Take the answers out of a PDF form that was filled in on the screen, into a draft."""

import uuid

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from applications import drafts, file_checks, form_import, pdf_probe
from applications.errors import NotPossible
from applications.file_checks import FileRefused
from applications.form_import import Plan
from applications.models import Application
from applications.upload_limit import FILE_STATUS
from applications.views.applicant.access import applicant_of, get_case
from applications.views.applicant.draft import crumbs
from applications.views.uploading import Sent, read
from matters.formdef import FormAnswers
from matters.prefill import known_facts

MOST_MB = 20
NO_ANSWERS = "这个文件里没有读到填写的内容。请用本事项的空白表，在电脑上直接填写并保存后再上传；打印后手写的、扫描的、拍照的，以及“打印为 PDF”的表格里没有可以读出的内容，请在线填写。"


@csrf_exempt  # the token is checked in _import
def form_import_page(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Choose a file; then what was taken, what needs another look, and what was left as it is."""
    try:
        sent = read(request, _most_mb())
    except FileRefused as refused:
        return _page(request, get_case(request, uid), error=refused.message, status=FILE_STATUS[refused.code])
    return _import(request, uid, sent)


@csrf_protect
def _import(request: HttpRequest, uid: uuid.UUID, sent: Sent) -> HttpResponse:
    case = get_case(request, uid)
    if not case.is_draft:
        return redirect("applications:case", uid=uid)
    if not case.guide_version.form.sections:
        raise Http404
    if request.method != "POST":
        return _page(request, case)
    replace = request.POST.get("replace") == "1"
    try:
        values = _values(sent)
    except FileRefused as refused:
        return _page(request, case, error=refused.message, replace=replace, status=422)
    plan = form_import.plan(case.guide_version.form, _before(request, case), values, replace=replace)
    if not plan.found:
        return _page(request, case, error=NO_ANSWERS, replace=replace, status=422)
    try:
        for key, answers in plan.answers.items():
            drafts.save_section(case, key, answers, complete=False)
    except NotPossible:
        return redirect("applications:case", uid=uid)
    return _page(request, case, plan=plan)


def _values(sent: Sent) -> dict[str, str]:
    """What is filled in; FileRefused for a file that is no readable PDF."""
    file = sent.chosen()
    file_checks.check(file, file.name or "", file.size or 0, formats=["pdf"], max_mb=_most_mb())
    return pdf_probe.filled_in(file)


def _before(request: HttpRequest, case: Application) -> FormAnswers:
    """Stored answers; for parts that nobody has touched, what the page would show filled in already."""
    facts = known_facts(applicant_of(request).person, case.enterprise)
    known: FormAnswers = {}
    for section in case.guide_version.form.sections:
        if not section.repeating and section.key not in case.answers:
            known[section.key] = {
                one.key: facts[one.prefilled_from] for one in section.fields if facts.get(one.prefilled_from)
            }
    return {**known, **case.answers}


def _page(
    request: HttpRequest,
    case: Application,
    *,
    plan: Plan | None = None,
    error: str = "",
    replace: bool = False,
    status: int = 200,
) -> HttpResponse:
    context = {
        "case": case,
        "plan": plan,
        "replace": replace,
        "errors": [{"message": error, "href": "#file"}] if error else [],
        "error": error,
        "max_mb": _most_mb(),
        "crumbs": crumbs(case, "从填好的表格带入"),
    }
    return render(request, "applications/applicant/form_import.html", context, status=status)


def _most_mb() -> int:
    return min(MOST_MB, settings.HALL_MAX_UPLOAD_MB)
