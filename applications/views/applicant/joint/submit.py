"""Look the whole package over once more, declare, submit once; and the page that says it arrived."""

import hashlib
import json
import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from applications import actors
from applications.errors import CaseMoved, DataMissing, NotPossible
from applications.joint import filing, order, papers
from applications.models import JointCase
from applications.views.applicant.joint.access import closed_sentence, crumbs, get_joint, refreshed
from applications.views.applicant.joint.section import askers
from identity.acting import signed_in
from matters.formview import answer_rows

Rows = list[dict[str, Any]]


def check_answers(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Everything that will be sent, each part with a way back; POST submits it."""
    joint = get_joint(request, uid)
    if not joint.is_draft:  # a re-sent page: the same confirmation
        return redirect("applications:joint-submitted", uid=uid)
    joint = refreshed(request, joint)
    return _submit(request, joint) if request.method == "POST" else _page(request, joint)


def _submit(request: HttpRequest, joint: JointCase) -> HttpResponse:
    closed = closed_sentence(joint)
    if closed:
        return _page(request, joint, {"closed": closed})
    if request.POST.get("checked") != fingerprint(joint):
        return _page(request, joint, {"checked": "内容在您核对之后有变化，下面是最新的内容，请再核对一遍后提交。"})
    try:
        filing.submit(
            joint,
            actor=actors.applicant(signed_in(request)),
            declared=request.POST.get("declared") == "on",
            deferral_agreed=request.POST.get("deferral") == "on",
        )
    except DataMissing as refused:
        return _page(request, joint, refused.fields)
    except (CaseMoved, NotPossible) as refused:
        if get_joint(request, joint.uid).is_draft:
            return _page(request, joint, {"refused": refused.message})
    return redirect("applications:joint-submitted", uid=joint.uid)


def fingerprint(joint: JointCase) -> str:
    """What the person checked: changes when an answer, a member, a situation or a file does."""
    children = papers.children_of(joint)
    whole = json.dumps(
        [
            joint.version_id,
            joint.answers,
            [[child.matter.code, child.guide_version_id, child.situation] for child in children],
            [[one.key, sorted(row.sha256 for row in one.files())] for one in papers.papers(joint)],
        ],
        ensure_ascii=False,
        sort_keys=True,
    )
    return hashlib.sha256(whole.encode()).hexdigest()


def _page(request: HttpRequest, joint: JointCase, problems: dict[str, str] | None = None) -> HttpResponse:
    missing = filing.problems_of(joint, timezone.now())
    context = {
        "joint": joint,
        "members": [joint.facts_of(code) for code in joint.codes],
        "situation": _situations(joint),
        "sections": _sections(joint),
        "materials": _materials(joint),
        "materials_url": f"{reverse('applications:joint-materials', args=[joint.uid])}?back=check",
        "errors": [
            {"message": sentence, "href": _place(joint, name)}
            for name, sentence in (missing | (problems or {})).items()
        ],
        "deferrable": filing.lacking(joint),
        "deferral": "deferral" in request.POST,
        "waiting": [joint.facts_of(code).name for code in joint.codes if order.waits(joint, code)],
        "declared": "declared" in request.POST,
        "declared_error": (problems or {}).get("declared", ""),
        "checked": fingerprint(joint),
        "crumbs": crumbs(joint, "核对并提交"),
    }
    return render(request, "applications/applicant/joint/check.html", context)


def _place(joint: JointCase, name: str) -> str:
    """Where a problem is mended."""
    kind, _, key = name.partition(":")
    if kind == "section":
        return f"{reverse('applications:joint-section', args=[joint.uid, key])}?back=check"
    if kind == "material":
        return f"{reverse('applications:joint-materials', args=[joint.uid])}?back=check#material-{key}"
    if kind == "situation":
        return reverse("applications:joint-situation", args=[joint.uid, key])
    if kind in ("member", "members"):
        return reverse("applications:joint-members", args=[joint.uid])
    return {"declared": "#declared"}.get(name, "#main")


def _situations(joint: JointCase) -> Rows:
    return [
        {
            "name": child.matter.name,
            "url": reverse("applications:joint-situation", args=[joint.uid, child.matter.code]),
            "rows": [{"label": question, "value": answer} for question, answer in child.situation_words()],
        }
        for child in papers.children_of(joint)
        if child.guide_version.scenario.questions
    ]


def _sections(joint: JointCase) -> Rows:
    return [
        {
            "title": part.title,
            "key": part.key,
            "askers": askers(joint, part),
            "rows": [{"label": label, "value": value} for label, value in rows],
            "url": f"{reverse('applications:joint-section', args=[joint.uid, part.key])}?back=check",
            "is_done": part.key in joint.sections_done,
        }
        for part, rows in answer_rows(joint.package.form, joint.answers)
    ]


def _materials(joint: JointCase) -> Rows:
    """Every paper with its files, and which members each goes to."""
    open_now = {one.key: one for one in papers.papers(joint)}
    rows = []
    for row in joint.package.materials:
        one = open_now.get(papers.key_of(row))
        files = one.files() if one else []
        rows.append(
            {"name": row.name, "files": files, "note": "" if files else _note(row, one), "count": len(row.codes)}
        )
    return rows


def _note(row: Any, one: papers.Paper | None) -> str:
    if row.is_form:
        return "由系统按您填写的内容，为每个事项各生成一份"
    if row.shared_data:
        return "由政府部门共享，不用您提供"
    if one is None:
        return "按您的情况不用交" if row.electronic else "请到窗口提交原件"
    return "还没有上传" if one.is_needed else "没有上传（不是必须的）"


def submitted(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """It arrived: the joint number, query code, and every member's own number. The same after a reload."""
    joint = get_joint(request, uid)
    if joint.is_draft:
        messages.info(request, "这份联合申请还没有提交。")
        return redirect("applications:joint-draft", uid=uid)
    content = joint.version.parsed
    context = {
        "joint": joint,
        "content": content,
        "children": papers.children_of(joint),
        "limit": joint.package.limit,
        "crumbs": [{"text": "我的办件", "url": reverse("applications:mine")}, {"text": "提交成功"}],
    }
    return render(request, "applications/applicant/joint/submitted.html", context)
