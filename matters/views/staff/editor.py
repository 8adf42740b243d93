"""The guide editor: one page with every field, kept by its button or by itself while it is typed."""

import json
import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from identity.models import Role
from matters import editors, publishing, queries
from matters.editing import offers, problems, stale
from matters.models import GuideVersion, Matter
from matters.services import DraftMoved
from matters.views.staff import editorpage, typed
from matters.views.staff.access import get_matter, keeper

IN_REVIEW = "这份草稿已经送审，审核期间不能修改。"
NO_DRAFT = "这个事项现在没有草稿。"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """The page; sent by its button, or by a button of a block, it keeps what was typed."""
    if request.method == "POST":
        return _save(request, get_matter(request, uid, Role.EDITOR))
    matter = get_matter(request, uid)
    draft = queries.unpublished(matter)
    if draft is None:
        return render(
            request, "matters/staff/no_draft.html", {"matter": matter, "may_write": may_write(request, matter)}
        )
    return _page(request, matter, draft, draft.content, opened=request.GET.get("open", ""))


def _save(request: HttpRequest, matter: Matter) -> HttpResponse:
    draft = queries.unpublished(matter)
    refusal = refusal_of(draft)
    if draft is None or refusal:
        return render(request, "409.html", {"detail": refusal, "url": _address(matter)}, status=409)
    try:
        content = typed.content_of(request, matter, draft)
    except ValueError as error:
        return render(request, "409.html", {"detail": str(error), "url": _address(matter)}, status=400)
    try:
        changed, opened = typed.with_row_changed(request, content)
        typed.keep(request, matter, changed)
    except DraftMoved as moved:
        return comparison(request, matter, moved.draft, content)
    except ValueError as error:
        return _page(request, matter, draft, content, errors=[{"message": str(error)}], status=400)
    return HttpResponseRedirect(_address(matter, opened))


def _address(matter: Matter, opened: str = "") -> str:
    address = reverse("catalogue:edit", args=[matter.uid])
    return f"{address}?{urlencode({'open': opened})}#{opened}" if opened else address


def _page(
    request: HttpRequest,
    matter: Matter,
    draft: GuideVersion,
    content: dict[str, Any],
    *,
    opened: str = "",
    errors: list[dict[str, str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = editorpage.context(matter, draft, content, opened)
    context |= {
        "errors": errors,
        "may_write": may_write(request, matter) and not refusal_of(draft),
        "is_locked": bool(refusal_of(draft)),
        "crumbs": [{"text": "事项管理", "url": reverse("catalogue:desk")}, {"text": f"编辑指南：{matter.name}"}],
    }
    return render(request, "matters/staff/editor.html", context, status=status)


@never_cache
@require_POST
def autosave(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Keep what is typed so far; answers with the new revision, all problems, and what can be offered by now."""
    matter = get_matter(request, uid, Role.EDITOR)
    draft = queries.unpublished(matter)
    refusal = refusal_of(draft)
    if draft is None or refusal:
        return JsonResponse({"code": "not_possible", "message": refusal}, status=409)
    try:
        saved = typed.keep(request, matter, typed.content_of(request, matter, draft))
    except DraftMoved:
        message = "您打开本页以后，别人（或者您的另一个窗口）保存过这份草稿。您填写的内容还在，请对照后决定保留哪些。"
        return JsonResponse({"code": "moved", "message": message}, status=409)
    except ValueError as error:
        return JsonResponse({"code": "bad_request", "message": str(error)}, status=400)
    return JsonResponse(_answer(saved))


def _answer(saved: GuideVersion) -> dict[str, Any]:
    found = publishing.problems_of(saved)
    return {
        "revision": saved.revision,
        "saved_at": timezone.localtime(saved.updated_at).strftime("%H:%M"),
        "marks": stale.packed(saved.content),
        "problems": [
            {"name": problems.name_of(problem), "label": problem.label, "message": problem.message} for problem in found
        ],
        "states": [
            {"name": state.name, "kind": state.kind, "words": state.words}
            for state in problems.states(saved.content, found)
        ],
        "offers": offers.of_draft(saved.content),
    }


def comparison(request: HttpRequest, matter: Matter, theirs: GuideVersion, mine: dict[str, Any]) -> HttpResponse:
    """What the other person changed beside mine, field by field, to choose from. Carries all of mine along."""
    marks = request.POST.get("marks", "")
    context = {
        "matter": matter,
        "draft": theirs,
        "mine_json": json.dumps(mine, ensure_ascii=False),
        "marks": marks,
        "last": theirs.changes.first(),
        "differences": stale.differences(mine, theirs.content, stale.unpacked(marks)),
        "crumbs": [{"text": "事项管理", "url": reverse("catalogue:desk")}, {"text": f"编辑指南：{matter.name}"}],
    }
    return render(request, "matters/staff/comparison.html", context, status=409)


@require_POST
def resolve(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Join two people's versions: theirs, with the fields that the editor keeps of mine."""
    matter = get_matter(request, uid, Role.EDITOR)
    draft = queries.unpublished(matter)
    refusal = refusal_of(draft)
    mine = stale.typed_back(request.POST.get("mine", ""))
    if draft is None or refusal or mine is None:
        detail = refusal or "页面没有传完整，请返回上一页再试。"
        return render(request, "409.html", {"detail": detail, "url": _address(matter)}, status=409)
    kept = [name for name, _shape in problems.top_fields() if request.POST.get(f"keep.{name}") == "mine"]
    content = stale.resolve(mine, draft.content, kept)
    content["header"] = {**(content.get("header") or {}), "code": matter.code}
    try:
        typed.keep(request, matter, content)
    except DraftMoved as moved:
        return comparison(request, matter, moved.draft, mine)
    return HttpResponseRedirect(_address(matter))


def may_write(request: HttpRequest, matter: Matter) -> bool:
    """Whether this person writes the matter's guide; publishers only read it here."""
    return editors.matters_for(keeper(request), Role.EDITOR).filter(pk=matter.pk).exists()


def refusal_of(draft: GuideVersion | None) -> str:
    """Why nothing can be written now; empty when it can."""
    if draft is None:
        return NO_DRAFT
    return "" if draft.state == GuideVersion.State.DRAFT else IN_REVIEW
