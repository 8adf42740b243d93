"""The one checklist of a joint draft: a paper is handed in once for every member that wants it."""

import uuid
from functools import partial
from typing import Any

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from applications import file_checks
from applications.files import send_material
from applications.joint import drafts, papers
from applications.joint.papers import Paper
from applications.models import JointCase, Material
from applications.views.applicant.joint.access import crumbs, get_joint, refreshed
from applications.views.uploading import Shelf, take


def materials(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """The checklist of a joint draft."""
    joint = get_joint(request, uid)
    if not joint.is_draft:
        return redirect("applications:joint-case", uid=uid)
    return _checklist(request, refreshed(request, joint), {})


def _checklist(request: HttpRequest, joint: JointCase, errors: dict[str, str], status: int = 200) -> HttpResponse:
    rows = [_row(joint, one, errors.get(one.key, "")) for one in papers.papers(joint)]
    missing = drafts.missing(joint)
    context = {
        "joint": joint,
        "rows": rows,
        "count_missing": sum(name.startswith("material:") for name in missing),
        "is_ready": not missing,
        "shared": [row for row in joint.package.materials if row.shared_data],
        "not_online": [row for row in joint.package.materials if not row.electronic and not row.shared_data],
        "errors": [
            {"message": f"{row['material']['name']}：{row['error']}", "href": f"#material-{row['material']['key']}"}
            for row in rows
            if row["error"]
        ],
        "back": "check" if request.GET.get("back") == "check" else "",
        "crumbs": crumbs(joint, "上传材料"),
    }
    return render(request, "applications/applicant/joint/materials.html", context, status=status)


def _row(joint: JointCase, one: Paper, error: str) -> dict[str, Any]:
    """What the upload component shows of one paper."""
    limit = min(one.max_mb, settings.HALL_MAX_UPLOAD_MB)
    held, before = one.files(), papers.reusable(one)
    is_full = len(held) >= one.max_files
    return {
        "material": {
            "key": one.key,
            "name": one.row.name,
            "necessity": one.necessity,
            "formats": one.formats,
            "max_files": one.max_files,
            "max_mb": limit,
            "kind": one.row.kind,
            "how_to": f"{_used_for(one)} {one.row.how_to}".strip(),
        },
        "files": [_file(joint, one, row) for row in held],
        "action": "" if is_full else reverse("applications:joint-upload", args=[joint.uid, one.key]),
        "before": before,
        "reuse_url": reverse("applications:joint-reuse", args=[joint.uid, one.key]) if before else "",
        "max_bytes": limit * 1024 * 1024,
        "too_big": file_checks.too_big(limit).message,
        "error": error,
        "is_full": is_full,
    }


def _used_for(one: Paper) -> str:
    names = [taker.case.matter.name for taker in one.takers]
    return f"只传一次，{len(names)} 个事项共用：{'、'.join(names)}。" if len(names) > 1 else f"用于{names[0]}。"


def _file(joint: JointCase, one: Paper, row: Material) -> dict[str, Any]:
    return {
        "name": row.file_name,
        "size": row.size,
        "url": reverse("applications:joint-file", args=[joint.uid, row.pk]),
        "delete_url": reverse("applications:joint-file-delete", args=[joint.uid, one.key, row.sha256]),
    }


@csrf_exempt  # the token is checked in take
@require_POST
def upload(request: HttpRequest, uid: uuid.UUID, key: str) -> HttpResponse:
    """Take one file of one paper. Scripts that ask for JSON get the row as HTML or the sentence of the refusal."""
    return take(request, lambda: _shelf(request, get_joint(request, uid), key))


@require_POST
def reuse(request: HttpRequest, uid: uuid.UUID, key: str) -> HttpResponse:
    """Use a file again that was given with an earlier application."""
    joint = get_joint(request, uid)
    chosen = request.POST.get("file", "")
    pk = int(chosen) if chosen.isdecimal() else 0
    return _shelf(request, joint, key).answer(lambda: papers.reuse(joint, key, pk), 201)


@require_POST
def delete(request: HttpRequest, uid: uuid.UUID, key: str, sha256: str) -> HttpResponse:
    """Take a file back that has not left yet, from every member."""
    joint = get_joint(request, uid)
    return _shelf(request, joint, key).answer(lambda: papers.remove(joint, key, sha256), 200)


@require_GET
def file(request: HttpRequest, uid: uuid.UUID, pk: int) -> FileResponse:
    """One file of the person's own joint case."""
    joint = get_joint(request, uid)
    row = Material.objects.filter(application__joint_case=joint, pk=pk).first()
    if row is None:
        raise Http404
    return send_material(row, download="download" in request.GET)


def _shelf(request: HttpRequest, joint: JointCase, key: str) -> Shelf:
    return Shelf(
        request,
        key,
        put=lambda file: papers.add(joint, key, file),
        row=lambda: _row(joint, papers.paper(joint, key), ""),
        template="applications/applicant/parts/material_row.html",
        page=lambda: _page_of(joint),
        checklist=partial(_checklist, request, joint),
    )


def _page_of(joint: JointCase) -> str:
    return reverse(f"applications:{'joint-materials' if joint.is_draft else 'joint-case'}", args=[joint.uid])
