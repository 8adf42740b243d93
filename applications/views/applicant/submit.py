"""Look everything over once more, declare, submit; and the page that says it arrived."""

import hashlib
import json
import uuid
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from applications import actors, deferral, drafts, licence_faces, licence_filing, opening, pledges, presenting, uploads
from applications.errors import CaseMoved, DataMissing, NotPossible
from applications.models import Application
from applications.models.document import DocumentState
from applications.states import Way
from applications.talking import parcels
from applications.views.applicant.access import get_case
from applications.views.applicant.draft import crumbs, refresh
from identity.acting import signed_in
from matters import calendar
from matters.formview import answer_rows


def check_answers(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Everything that will be sent, each part with a way back; POST submits it."""
    case = get_case(request, uid)
    if not case.is_draft:  # a re-sent page: the same case's confirmation
        return redirect("applications:submitted", uid=uid)
    refresh(request, case)
    if request.method == "POST":
        return _submit(request, case)
    return _page(request, case)


def _submit(request: HttpRequest, case: Application) -> HttpResponse:
    closed = opening.closed_because(case.matter, timezone.now())
    if closed:
        return _page(request, case, {"closed": closed})
    if request.POST.get("checked") != fingerprint(case):
        return _page(request, case, {"checked": "内容在您核对之后有变化，下面是最新的内容，请再核对一遍后提交。"})
    try:
        drafts.submit(
            case,
            actor=actors.applicant(signed_in(request)),
            seen=request.POST.get("seen", ""),
            declared=request.POST.get("declared") == "on",
            way=request.POST.get("way", Way.ORDINARY),
            deferral_agreed=request.POST.get("deferral") == "on",
            postal=postal_of(request.POST) if request.POST.get("postal") == "yes" else None,
        )
    except DataMissing as refused:
        return _page(request, case, refused.fields)
    except (CaseMoved, NotPossible):  # the other click was faster
        return redirect("applications:submitted", uid=case.uid)
    return redirect("applications:submitted", uid=case.uid)


def fingerprint(case: Application, more: list[Any] | None = None) -> str:
    """What the person checked: changes when an answer or a file does, or what a window shows ``more`` of."""
    files = list(case.materials.order_by("key", "id").values_list("key", "sha256"))
    whole = json.dumps(
        [case.guide_version_id, case.situation, case.answers, case.change_asked, files, more],
        ensure_ascii=False,
        sort_keys=True,
    )
    return hashlib.sha256(whole.encode()).hexdigest()


def _page(request: HttpRequest, case: Application, problems: dict[str, str] | None = None) -> HttpResponse:
    missing = drafts.missing(case) | licence_filing.problems(case, timezone.localdate())
    context = {
        "case": case,
        "change_rows": licence_faces.change_rows(case),
        "situation": [{"label": question, "value": answer} for question, answer in case.situation_words()],
        "unneeded": uploads.unneeded(case),
        "sections": [
            {
                "title": part.title,
                "rows": [{"label": label, "value": value} for label, value in rows],
                "url": f"{reverse('applications:section', args=[case.uid, part.key])}?back=check",
                "is_done": part.key in case.sections_done,
                "key": part.key,
            }
            for part, rows in answer_rows(case.guide_version.form, case.answers)
        ],
        "materials": _materials(case),
        "materials_url": f"{reverse('applications:materials', args=[case.uid])}?back=check",
        "errors": [
            {"message": sentence, "href": _place(case, name)} for name, sentence in (missing | (problems or {})).items()
        ],
        "can_submit": not missing,
        "pledge": _pledge(case),
        "way": request.POST.get("way", Way.ORDINARY),
        "deferrable": list(deferral.lacking(case).values()),
        "deferral": "deferral" in request.POST,
        "postal_offered": parcels.is_offered(case),
        "postal": _postal(request, case, problems or {}),
        "declared": "declared" in request.POST,
        "declared_error": (problems or {}).get("declared", ""),
        "checked": fingerprint(case),
        "crumbs": crumbs(case, "核对并提交"),
    }
    return render(request, "applications/applicant/check_answers.html", context)


def _pledge(case: Application) -> dict[str, Any] | None:
    """What may be pledged instead of being examined first, or why not this time; None where the guide offers nothing."""
    if not pledges.is_offered(case):
        return None
    header = case.guide_version.header
    refusal = pledges.refusal(case, timezone.localdate())
    return {"text": header.commitment_text, "days": header.commitment_check_days, "refusal": refusal}


def postal_of(typed: Mapping[str, Any]) -> dict[str, Any]:
    """Where to send the papers, as it was typed."""
    return {name: typed.get(f"postal-{name}", "") for name in parcels.PARTS} | {"agreed": "postal-agreed" in typed}


def _postal(request: HttpRequest, case: Application, problems: dict[str, str]) -> dict[str, Any]:
    """The form of delivery by post; before anything is typed with what is known of the applicant."""
    known = {"recipient": case.contact_name, "phone": case.contact_phone, "address": case.address}
    typed = postal_of(request.POST) if request.method == "POST" else known | {"agreed": False}
    fields = [
        {
            "id": f"postal-{name}",
            "label": label,
            "longest": longest,
            "value": typed[name],
            "error": problems.get(f"postal-{name}", ""),
        }
        for name, (label, longest) in parcels.PARTS.items()
    ]
    return {
        "wanted": request.POST.get("postal") == "yes",
        "fields": fields,
        "agreed": typed["agreed"],
        "agreed_error": problems.get("postal-agreed", ""),
    }


def _place(case: Application, name: str) -> str:
    """Where a problem is mended."""
    kind, _, key = name.partition(":")
    if kind == "section":
        return f"{reverse('applications:section', args=[case.uid, key])}?back=check"
    if kind == "material":
        return f"{reverse('applications:materials', args=[case.uid])}?back=check#material-{key}"
    if name == "situation":
        return reverse("applications:situation", args=[case.uid])
    if name.startswith("postal"):
        return f"#{name}" if name != "postal" else "#postal-title"
    return {"declared": "#declared", "way": "#way-title"}.get(name, "#main")


def _materials(case: Application) -> list[dict[str, Any]]:
    held = uploads.handed_in(case)
    rows = []
    for one in case.guide.materials:
        files = held.get(one.key, [])
        note = ""
        if one.shared_data:
            note = "由政府部门共享，不用您提供"
        elif not one.electronic:
            note = "请到窗口提交原件"
        elif one.kind == "form" and not files:
            note = "由系统按您填写的内容生成"
        elif not files:
            note = "还没有上传" if one.is_required else "没有上传（不是必须的）"
        rows.append({"material": one, "files": files, "note": note})
    return rows


def submitted(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """It arrived: number, query code, receipt, and what comes next. The same after a reload or from a bookmark."""
    case = get_case(request, uid)
    if case.is_draft:
        messages.info(request, "这份申请还没有提交。")
        return redirect("applications:task-list", uid=uid)
    guide = case.guide
    receipt = case.documents.filter(kind="receipt").first()
    today, days = timezone.localdate(), calendar.current()
    context = {
        "case": case,
        "guide": guide,
        "receipt": receipt,
        "is_waiting": receipt is not None and receipt.state == DocumentState.PENDING,
        "clocks": presenting.clock_rows(case, today, days),
        "crumbs": [{"text": "我的办件", "url": reverse("applications:mine")}, {"text": "提交成功"}],
    }
    return render(request, "applications/applicant/submitted.html", context)
