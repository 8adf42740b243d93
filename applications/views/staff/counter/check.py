"""Look everything over with the applicant, file it, and hand the receipt over."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from applications import deferral, drafts, licence_filing, pledges, queries, uploads
from applications.counter import filing, papers
from applications.errors import CaseMoved, DataMissing, MoveRefused
from applications.models import Application
from applications.models.application import Channel
from applications.models.document import DocumentState
from applications.states import Way
from applications.views.applicant.draft import refresh
from applications.views.applicant.submit import fingerprint
from applications.views.staff.counter.access import clerk_of, crumbs, get_draft, status_of
from identity.acting import signed_in
from identity.numbers import mask_id_number
from matters.formview import answer_rows


def check(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Everything that will be filed; POST files and receives it."""
    filed = queries.visible_to(clerk_of(request)).filter(uid=uid, channel=Channel.COUNTER).first()
    if filed is not None:  # a re-sent page: the receipt of the same case
        return redirect("applications:counter-receipt", uid=uid)
    case = get_draft(request, uid)
    refresh(request, case)
    return _file(request, case) if request.method == "POST" else _page(request, case)


def _file(request: HttpRequest, case: Application) -> HttpResponse:
    if request.POST.get("checked") != _checked(case):
        return _page(request, case, {"checked": "内容在核对之后有变化，下面是最新的内容，请再核对一遍后提交。"}, 409)
    try:
        filing.submit(
            case,
            signed_in(request),
            seen=request.POST.get("seen", ""),
            declared=request.POST.get("declared") == "on",
            way=request.POST.get("way", Way.ORDINARY),
            deferral_agreed=request.POST.get("deferral") == "on",
        )
    except DataMissing as refused:
        return _page(request, case, refused.fields, 422)
    except CaseMoved:  # the other click was faster
        return redirect("applications:counter-receipt", uid=case.uid)
    except MoveRefused as refused:
        return _page(request, case, {"refused": refused.message}, status_of(refused))
    return redirect("applications:counter-receipt", uid=case.uid)


def _checked(case: Application) -> str:
    """What was looked over: changes when an answer, a file, a sheet or the person does."""
    sheets = [(row.key, row.originals, row.copies, row.trust) for row in case.presented.order_by("key")]
    row = case.counter
    return fingerprint(case, [case.applicant_name, case.applicant_id, row.presenter_name, row.capacity, sheets])


def _page(
    request: HttpRequest, case: Application, problems: dict[str, str] | None = None, status: int = 200
) -> HttpResponse:
    missing = drafts.missing(case) | licence_filing.problems(case, timezone.localdate())
    header = case.guide_version.header
    context = {
        "case": case,
        "who": _who(case),
        "situation": [{"label": question, "value": answer} for question, answer in case.situation_words()],
        "sections": [
            {
                "title": part.title,
                "rows": [{"label": label, "value": value} for label, value in rows],
                "url": reverse("applications:counter-section", args=[case.uid, part.key]),
                "is_done": part.key in case.sections_done,
                "key": part.key,
            }
            for part, rows in answer_rows(case.guide_version.form, case.answers)
        ],
        "materials": _materials(case),
        "errors": [
            {"message": text, "href": _place(case, name)} for name, text in (missing | (problems or {})).items()
        ],
        "pledge": {
            "text": header.commitment_text,
            "days": header.commitment_check_days,
            "refusal": pledges.refusal(case, timezone.localdate()),
        }
        if pledges.is_offered(case)
        else None,
        "way": request.POST.get("way", Way.ORDINARY),
        "deferrable": list(deferral.lacking(case).values()),
        "deferral": "deferral" in request.POST,
        "declared": "declared" in request.POST,
        "declared_error": (problems or {}).get("declared", ""),
        "checked": _checked(case),
        "crumbs": crumbs(case, "核对并提交"),
    }
    return render(request, "applications/staff/counter/check.html", context, status=status)


def _who(case: Application) -> list[dict[str, str]]:
    row = case.counter
    is_person = case.applicant_kind == "person"
    shown = [
        {"label": "申请人", "value": case.applicant_name},
        {
            "label": "身份证号" if is_person else "统一社会信用代码",
            "value": mask_id_number(case.applicant_id) if is_person else case.applicant_id,
        },
        {"label": "出示的证件", "value": row.get_document_display()},
        {"label": "来人", "value": f"{row.presenter_name}（{row.get_capacity_display()}）"},
        {"label": "联系电话", "value": case.contact_phone},
    ]
    if row.capacity != "self":
        shown.insert(4, {"label": "来人的证件", "value": row.get_presenter_document_display()})
    return shown


def _materials(case: Application) -> list[dict[str, Any]]:
    held, noted = uploads.handed_in(case), papers.presented(case)
    return [
        {"material": one, "files": held.get(one.key, []), "note": noted.get(one.key)}
        for one in case.guide.materials
        if one.key in held or one.key in noted
    ]


def _place(case: Application, name: str) -> str:
    """Where a problem is mended."""
    kind, _, key = name.partition(":")
    if kind == "section":
        return reverse("applications:counter-section", args=[case.uid, key])
    if kind == "material":
        return f"{reverse('applications:counter-materials', args=[case.uid])}#material-{key}"
    if name == "situation":
        return reverse("applications:counter-situation", args=[case.uid])
    return {"declared": "#declared", "way": "#way-title"}.get(name, "#main")


def receipt(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """The receipt to print: number, query code, what was taken in. The same after a reload or from a bookmark."""
    rows = queries.visible_to(clerk_of(request)).filter(channel=Channel.COUNTER)
    case = rows.select_related("matter", "department", "guide_version").filter(uid=uid).first()
    paper = case.documents.filter(kind="receipt").first() if case else None
    if case is None or paper is None:
        raise Http404("没有找到这份回执，或者它不由您的窗口办理。")
    context = {
        "case": case,
        "paper": paper,
        "said": paper.content,
        "is_waiting": paper.state == DocumentState.PENDING,
        "crumbs": crumbs(case, "收件回执"),
    }
    if paper.state == DocumentState.FAILED:
        messages.warning(request, "回执的 PDF 没有生成，可以直接打印本页。")
    response = render(request, "applications/staff/counter/receipt.html", context)
    response["Cache-Control"] = "private, no-store"
    return response
