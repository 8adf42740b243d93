"""The one page of a joint case: every member with its state, papers and licence, the joint dates, and what can be done now."""

import uuid
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from applications import actors, corrections, notices_again, requests, supplying
from applications.errors import MoveRefused
from applications.joint import dates, papers, standing
from applications.models import Application, JointCase
from applications.models.request import RequestState
from applications.views.applicant.access import typed
from applications.views.applicant.case import can_withdraw
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
        "may_withdraw": any(can_withdraw(child) for child in children),
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
        "may_withdraw": can_withdraw(child),
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
    children = [child for child in papers.children_of(joint) if can_withdraw(child)]
    if joint.is_draft or not children:
        messages.info(request, "现在没有可以撤回的事项：已经作出决定、已经办结，或者撤回请求已经送出。")
        return redirect("applications:joint-case", uid=uid)
    reason = typed(request.POST, "reason")
    error = f"理由请不要超过 {LONGEST_REASON} 字。" if len(reason) > LONGEST_REASON else ""
    if request.method != "POST" or error:
        context = {"joint": joint, "children": children, "reason": reason, "error": error}
        return render(
            request, "applications/applicant/joint/withdraw.html", context | {"crumbs": crumbs(joint, "全部撤回")}
        )
    return _withdraw(request, joint, children, reason)


def _withdraw(request: HttpRequest, joint: JointCase, children: list[Application], reason: str) -> HttpResponse:
    actor, at = actors.applicant(signed_in(request)), timezone.now()
    try:
        with transaction.atomic():
            for child in children:
                requests.ask(child, "withdraw", actor=actor, reason=reason, at=at)
    except MoveRefused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, f"{len(children)} 个事项的撤回请求已送出，待内网处理。结果会显示在本页。")
    return redirect("applications:joint-case", uid=joint.uid)
