"""The one page of a joint case: every member with its state, papers and licence, the joint dates, and what can be done now."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from applications import actors, corrections, notices_again, supplying
from applications.errors import MoveRefused
from applications.joint import dates, papers, standing, withdrawing
from applications.models import Application, JointCase
from applications.models.request import RequestState
from applications.views.applicant.access import typed
from applications.views.applicant.joint.access import crumbs, get_joint
from applications.views.applicant.mine import now_words, tone_of
from identity.acting import signed_in
from matters import calendar
from matters.formview import answer_rows

LONGEST_REASON = 500


def case_page(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Everything the applicant may know of the package, on one page."""
    joint = get_joint(request, uid)
    if joint.is_draft:
        return redirect("applications:joint-draft", uid=uid)
    children = papers.children_of(joint)
    context = {
        "joint": joint,
        "state": standing.words(children),
        "tone": standing.tone(children),
        "progress": standing.progress(children),
        "dates": dates.dates_of(joint, children, timezone.localdate(), calendar.current()),
        "members": [_member(joint, child) for child in children],
        "to_correct": _to_correct(children),
        "may_withdraw": bool(withdrawing.withdrawable(joint)),
        "content": joint.version.parsed,
        "sections": [
            {"title": part.title, "rows": [{"label": label, "value": value} for label, value in rows]}
            for part, rows in answer_rows(joint.package.form, joint.answers, masked=True)
        ],
        "materials": _materials(joint, children),
        "crumbs": crumbs(joint),
    }
    return render(request, "applications/applicant/joint/case.html", context)


def _member(joint: JointCase, child: Application) -> dict[str, Any]:
    return {
        "case": child,
        "facts": joint.facts_of(child.matter.code),
        "url": reverse("applications:case", args=[child.uid]),
        "tone": tone_of(child),
        "next": now_words(child),
        "documents": child.documents.order_by("created_at", "pk"),
        "licence": getattr(child, "licence", None),
        "refused": [one for one in child.requests.all() if one.standing == RequestState.REFUSED],
        "due": child.next_due if not child.is_ended else None,
        "can_supply": supplying.is_open(child),
    }


def _to_correct(children: list[Application]) -> list[dict[str, Any]]:
    """Everything that any department misses, in one list; each is answered to the department that asked."""
    return [
        {"case": child, "items": list(notices_again.items_of(child)), "due": child.correction_due}
        for child in children
        if corrections.is_open(child)
    ]


def _materials(joint: JointCase, children: list[Application]) -> list[dict[str, Any]]:
    """Each file once, with the members that have it."""
    names = {(child.pk, one.key): one.name for child in children for one in child.guide.materials}
    found: dict[str, dict[str, Any]] = {}
    for child in children:
        for file in child.materials.all():
            name = names.get((child.pk, file.key), file.key)
            row = found.setdefault(file.sha256, {"name": name, "file": file, "for": []})
            row["for"].append(child.matter.name)
            row["url"] = reverse("applications:joint-file", args=[joint.uid, row["file"].pk])
    return list(found.values())


def withdraw(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Ask every department that has not decided yet to take the application back, after saying what that means."""
    joint = get_joint(request, uid)
    children = withdrawing.withdrawable(joint)
    if joint.is_draft or not children:
        messages.info(request, withdrawing.NOTHING_LEFT)
        return redirect("applications:joint-case", uid=uid)
    reason = typed(request.POST, "reason")
    error = f"理由请不要超过 {LONGEST_REASON} 字。" if len(reason) > LONGEST_REASON else ""
    if request.method != "POST" or error:
        context = {"joint": joint, "children": children, "reason": reason, "error": error}
        return render(
            request, "applications/applicant/joint/withdraw.html", context | {"crumbs": crumbs(joint, "全部撤回")}
        )
    try:
        count = withdrawing.withdraw_all(joint, actor=actors.applicant(signed_in(request)), reason=reason)
    except MoveRefused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, f"{count} 个事项的撤回请求已送出，待内网处理。结果会显示在本页。")
    return redirect("applications:joint-case", uid=joint.uid)
