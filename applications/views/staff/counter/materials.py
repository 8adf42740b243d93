"""Materials at the window: scan, or note the paper; each with its level of trust. Works without script."""

import uuid
from functools import partial
from typing import Any

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from applications import file_checks, uploads
from applications.counter import papers
from applications.errors import DataMissing, MoveRefused
from applications.files import send_material
from applications.forms.counter import PaperForm
from applications.models import Application, Material
from applications.states import State
from applications.views.applicant.draft import refresh
from applications.views.staff.counter.access import crumbs, get_draft, get_either
from applications.views.uploading import Shelf, take
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


@csrf_exempt  # the token is checked in take
@require_POST
def upload(request: HttpRequest, uid: uuid.UUID, key: str) -> HttpResponse:
    """Take one scanned file of one material, with the checks that every upload passes."""
    return take(request, lambda: _shelf(request, get_either(request, uid)[0], key))


@require_POST
def paper(request: HttpRequest, uid: uuid.UUID, key: str) -> HttpResponse:
    """Note the sheets and the level of one material."""
    case, actor = get_either(request, uid)
    form, shelf = PaperForm(request.POST), _shelf(request, case, key)
    if not form.is_valid():
        return shelf.told(form.sentence())
    try:
        papers.note(case, key, actor=actor, **form.said())
    except DataMissing as refused:
        return shelf.told(refused.message)
    except MoveRefused as refused:
        return shelf.not_possible(refused)
    return redirect(shelf.place())


@require_POST
def delete(request: HttpRequest, uid: uuid.UUID, pk: int) -> HttpResponse:
    """Take a file back that was not filed yet."""
    case, _ = get_either(request, uid)
    row = case.materials.filter(pk=pk).first()
    if row is None:  # a second click
        return redirect(page_of(case))
    return _shelf(request, case, row.key).answer(lambda: uploads.remove(case, pk), 200)


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


def _shelf(request: HttpRequest, case: Application, key: str) -> Shelf:
    return Shelf(
        request,
        key,
        put=lambda file: uploads.add(case, key, file),
        row=lambda: next((row for row in material_rows(case, {}) if row["material"]["key"] == key), None),
        template="applications/staff/counter/material_row.html",
        page=lambda: page_of(case),
        checklist=partial(checklist, request, case) if case.is_draft else None,
    )
