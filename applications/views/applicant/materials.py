"""The checklist of materials: hand in, look at, take back, use again. Works without script, one file at a time."""

import uuid
from functools import partial
from typing import Any

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from applications import drafts, file_checks, uploads
from applications.files import send_material
from applications.models import Application, Material
from applications.states import State
from applications.views.applicant.access import get_case
from applications.views.applicant.draft import crumbs, refresh
from applications.views.uploading import Shelf, take
from matters import guide, situations


def materials(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """The checklist of a draft."""
    case = get_case(request, uid)
    if not case.is_draft:
        return redirect(page_of(case))
    refresh(request, case)
    return checklist(request, case, {})


def checklist(request: HttpRequest, case: Application, errors: dict[str, str], status: int = 200) -> HttpResponse:
    """The page with what was refused said at its material."""
    rows = material_rows(case, errors)
    missing = drafts.missing(case)
    context = {
        "case": case,
        "rows": rows,
        "unneeded": uploads.unneeded(case),
        "asks_situation": not situations.is_complete(case.guide_version.scenario, case.situation),
        "not_online": [one for one in case.guide.materials if not one.electronic],
        "shared": [one for one in case.guide.materials if one.shared_data],
        "count_missing": sum(1 for problem in missing if problem.startswith("material:")),
        "is_ready": not missing,
        "errors": [
            {"message": f"{row['material']['name']}：{row['error']}", "href": f"#material-{row['material']['key']}"}
            for row in rows
            if row["error"]
        ],
        "back": "check" if request.GET.get("back") == "check" else "",
        "crumbs": crumbs(case, "上传材料"),
    }
    return render(request, "applications/applicant/materials.html", context, status=status)


def material_rows(case: Application, errors: dict[str, str]) -> list[dict[str, Any]]:
    """One row per material that takes files now."""
    held, before = uploads.handed_in(case), uploads.reusable(case)
    return [
        material_row(case, one, held.get(one.key, []), before.get(one.key, []), errors.get(one.key, ""))
        for one in uploads.open_materials(case)
    ]


def material_row(
    case: Application, one: guide.Material, held: list[Material], before: list[Material], error: str
) -> dict[str, Any]:
    """What the template shows of one material."""
    limit = min(one.max_mb, settings.HALL_MAX_UPLOAD_MB)
    return {
        "material": shown_material(case, one, limit),
        "files": [
            {
                "name": row.file_name,
                "size": row.size,
                "url": reverse("applications:material", args=[case.uid, row.pk]),
                "delete_url": reverse("applications:material-delete", args=[case.uid, row.pk]),
            }
            for row in held
        ],
        "action": reverse("applications:upload", args=[case.uid, one.key]) if len(held) < one.max_files else "",
        "before": before,
        "reuse_url": reverse("applications:reuse", args=[case.uid, one.key]) if before else "",
        "max_bytes": limit * 1024 * 1024,
        "too_big": file_checks.too_big(limit).message,
        "error": error,
        "is_full": len(held) >= one.max_files,
    }


def shown_material(case: Application, one: guide.Material, max_mb: int) -> dict[str, Any]:
    """The material as the upload component wants it, with links to blank form and sample."""
    downloads = {download.material_key for download in case.guide.form_downloads}
    shown = {name: getattr(one, name) for name in ("key", "name", "necessity", "formats", "max_files", "kind")}
    shown |= {"max_mb": max_mb, "how_to": " ".join(part for part in (one.how_to, one.sample_note) if part)}
    if one.kind == "form" and one.key in downloads:
        shown["template_url"] = reverse("applications:blank-form", args=[case.matter.code])
        shown["sample_url"] = reverse("applications:sample-form", args=[case.matter.code])
    if one.kind == "form" and case.guide_version.form.sections:
        shown["necessity"] = "网上填写即可"
        shown["filled_url"] = reverse("applications:filled-form", args=[case.uid])
    return shown


@csrf_exempt  # the token is checked in take
@require_POST
def upload(request: HttpRequest, uid: uuid.UUID, key: str) -> HttpResponse:
    """Take one file of one material. Scripts that ask for JSON get the row as HTML or the sentence of the refusal."""
    return take(request, lambda: _shelf(request, get_case(request, uid), key))


@require_POST
def reuse(request: HttpRequest, uid: uuid.UUID, key: str) -> HttpResponse:
    """Use a file again that was given with an earlier application."""
    case = get_case(request, uid)
    chosen = request.POST.get("file", "")
    pk = int(chosen) if chosen.isdecimal() else 0
    return _shelf(request, case, key).answer(lambda: uploads.reuse(case, key, pk), 201)


@require_POST
def delete(request: HttpRequest, uid: uuid.UUID, pk: int) -> HttpResponse:
    """Take a file back that has not left yet."""
    case = get_case(request, uid)
    row = case.materials.filter(pk=pk).first()
    if row is None:  # a second click
        return redirect(page_of(case))
    return _shelf(request, case, row.key).answer(lambda: uploads.remove(case, pk), 200)


@require_GET
def material(request: HttpRequest, uid: uuid.UUID, pk: int) -> FileResponse:
    """One file of the person's own case."""
    case = get_case(request, uid)
    row = case.materials.filter(pk=pk).first()
    if row is None:
        raise Http404
    return send_material(row, download="download" in request.GET)


def page_of(case: Application) -> str:
    """The page on which files are handled now."""
    turn = uploads.open_round(case)
    route = "case" if turn is None else "materials" if turn == uploads.FIRST else "correction"
    if turn and case.state != State.CORRECTION:
        route = "owed"
    return reverse(f"applications:{route}", args=[case.uid])


def _shelf(request: HttpRequest, case: Application, key: str) -> Shelf:
    return Shelf(
        request,
        key,
        put=lambda file: uploads.add(case, key, file),
        row=lambda: next((row for row in material_rows(case, {}) if row["material"]["key"] == key), None),
        template="applications/applicant/parts/material_row.html",
        page=lambda: page_of(case),
        checklist=partial(checklist, request, case) if case.is_draft else None,
    )
