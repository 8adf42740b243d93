"""Materials at the window: scan, or note the paper; each with its level of trust. Works without script."""

import errno
import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_POST

from applications import file_checks, uploads
from applications.counter import papers
from applications.errors import DataMissing, MoveRefused, NotPossible
from applications.file_checks import FileRefused
from applications.files import send_material
from applications.forms.counter import PaperForm
from applications.models import Application, Material
from applications.states import State
from applications.upload_limit import UploadLimit, guard
from applications.views.applicant.draft import refresh
from applications.views.applicant.materials import STATUS, taken, wants_json
from applications.views.staff.counter.access import crumbs, get_draft, get_either
from matters import codes, guide


def materials(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """The checklist of a draft."""
    case = get_draft(request, uid)
    refresh(request, case)
    return checklist(request, case, {})


def checklist(request: HttpRequest, case: Application, errors: dict[str, str], status: int = 200) -> HttpResponse:
    """The page with what was refused said at its material."""
    rows = material_rows(case, errors)
    context = {
        "case": case,
        "rows": rows,
        "shared": [one for one in case.guide.materials if one.shared_data],
        "count_missing": sum(1 for row in rows if row["problem"]),
        "errors": [
            {"message": f"{row['material']['name']}：{row['error']}", "href": f"#material-{row['material']['key']}"}
            for row in rows
            if row["error"]
        ],
        "crumbs": crumbs(case, "收材料"),
    }
    return render(request, "applications/staff/counter/materials.html", context, status=status)


def material_rows(case: Application, errors: dict[str, str]) -> list[dict[str, Any]]:
    """One row per material that can be handed in now."""
    held, noted = uploads.handed_in(case), papers.presented(case)
    return [
        _row(case, one, held.get(one.key, []), noted.get(one.key), errors.get(one.key, ""))
        for one in papers.wanted(case)
    ]


def _row(case: Application, one: guide.Material, held: list[Material], note: Any, error: str) -> dict[str, Any]:
    limit = min(one.max_mb, settings.HALL_MAX_UPLOAD_MB)
    shown = {name: getattr(one, name) for name in ("key", "name", "formats", "max_files")}
    shown |= {"max_mb": limit, "necessity": "必要" if papers.is_required(case, one) else one.necessity or "非必要"}
    shown["how_to"] = one.how_to
    made_here = one.kind == "form" and bool(case.guide_version.form.sections)
    return {
        "material": shown,
        "files": [
            {
                "name": row.file_name,
                "size": row.size,
                "url": reverse("applications:counter-file", args=[case.uid, row.pk]),
                "delete_url": reverse("applications:counter-file-delete", args=[case.uid, row.pk]),
            }
            for row in held
        ],
        "action": reverse("applications:counter-upload", args=[case.uid, one.key]) if len(held) < one.max_files else "",
        "paper_url": reverse("applications:counter-paper", args=[case.uid, one.key]),
        "form_url": reverse("applications:filled-form", args=[case.uid]) if made_here else "",
        "note": note,
        "wanted_sheets": " ".join(
            words
            for words in (
                f"原件 {one.originals} 份" if one.originals else "",
                f"复印件 {one.copies} 份" if one.copies else "",
            )
            if words
        ),
        "levels": [{"value": value, "label": f"{value} {label}"} for value, label in codes.TRUST_LEVELS.items()],
        "max_bytes": limit * 1024 * 1024,
        "too_big": file_checks.too_big(limit).message,
        "problem": papers.problem_of(case, one, note, bool(held)),
        "error": error,
    }


@csrf_exempt  # the token is checked in _upload: reading it here would store the whole file before its size is known
@require_POST
def upload(request: HttpRequest, uid: uuid.UUID, key: str) -> HttpResponse:
    """Take one scanned file of one material, with the checks that every upload passes."""
    limit = guard(request, settings.HALL_MAX_UPLOAD_MB)
    try:
        request.FILES  # noqa: B018  parses the body, so that a full disk shows here and not in the CSRF check
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        return _refused(request, get_either(request, uid)[0], key, uploads.disk_full())
    return _upload(request, uid, key, limit)


@csrf_protect
def _upload(request: HttpRequest, uid: uuid.UUID, key: str, limit: UploadLimit) -> HttpResponse:
    case, _ = get_either(request, uid)
    try:
        uploads.add(case, key, taken(request.FILES.get("file"), limit))
    except FileRefused as refused:
        return _refused(request, case, key, refused)
    except NotPossible as refused:
        return _not_possible(request, case, refused)
    return _changed(request, case, key, 201)


@require_POST
def paper(request: HttpRequest, uid: uuid.UUID, key: str) -> HttpResponse:
    """Note the sheets and the level of one material."""
    case, actor = get_either(request, uid)
    form = PaperForm(request.POST)
    if not form.is_valid():
        return _told(request, case, key, form.sentence())
    try:
        papers.note(case, key, actor=actor, **form.said())
    except DataMissing as refused:
        return _told(request, case, key, refused.message)
    except MoveRefused as refused:
        return _not_possible(request, case, refused)
    return redirect(f"{page_of(case)}#material-{key}")


@require_POST
def delete(request: HttpRequest, uid: uuid.UUID, pk: int) -> HttpResponse:
    """Take a file back that was not filed yet."""
    case, _ = get_either(request, uid)
    row = case.materials.filter(pk=pk).first()
    if row is None:  # a second click
        return redirect(page_of(case))
    try:
        uploads.remove(case, pk)
    except NotPossible as refused:
        return _not_possible(request, case, refused)
    return _changed(request, case, row.key, 200)


@require_GET
def material(request: HttpRequest, uid: uuid.UUID, pk: int) -> FileResponse:
    """One file as it was scanned."""
    case, _ = get_either(request, uid)
    return send_material(get_object_or_404(case.materials, pk=pk), download="download" in request.GET)


def page_of(case: Application) -> str:
    """The page on which materials of this case are taken in now."""
    if case.is_draft:
        return reverse("applications:counter-materials", args=[case.uid])
    if uploads.open_round(case) is None:
        return reverse("applications:staff-case", args=[case.number])
    route = "counter-correct" if case.state == State.CORRECTION else "counter-owed"
    return reverse(f"applications:{route}", args=[case.uid])


def _changed(request: HttpRequest, case: Application, key: str, status: int) -> HttpResponse:
    if not wants_json(request):
        return redirect(f"{page_of(case)}#material-{key}")
    row = next((row for row in material_rows(case, {}) if row["material"]["key"] == key), None)
    html = render_to_string("applications/staff/counter/material_row.html", {"row": row}, request) if row else ""
    return JsonResponse({"html": html}, status=status)


def _refused(request: HttpRequest, case: Application, key: str, refused: FileRefused) -> HttpResponse:
    status = STATUS.get(refused.code, 422)
    if wants_json(request):
        return JsonResponse({"code": refused.code, "message": refused.message}, status=status)
    return _told(request, case, key, refused.message, status)


def _told(request: HttpRequest, case: Application, key: str, sentence: str, status: int = 422) -> HttpResponse:
    if case.is_draft:
        return checklist(request, case, {key: sentence}, status)
    messages.error(request, sentence)
    return redirect(f"{page_of(case)}#material-{key}")


def _not_possible(request: HttpRequest, case: Application, refused: MoveRefused) -> HttpResponse:
    if wants_json(request):
        return JsonResponse({"code": refused.code, "message": refused.message}, status=409)
    messages.error(request, refused.message)
    return redirect(page_of(case))
