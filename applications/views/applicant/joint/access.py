"""The first line of every joint view: fetch the joint case and ask whether it is this person's."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone

from applications.joint import drafts, opening, papers, queries
from applications.models import Application, JointCase
from identity.acting import signed_in


def get_joint(request: HttpRequest, uid: uuid.UUID) -> JointCase:
    """The person's own joint case or one of an enterprise they act for; foreign and unknown ones give the same 404."""
    joint = queries.open_to(signed_in(request)).filter(uid=uid).first()
    if joint is None:
        raise Http404
    return joint


def refreshed(request: HttpRequest, joint: JointCase) -> JointCase:
    """A draft brought up to date with its package and with itself; the person is told when the package changed."""
    if drafts.renew(joint):
        messages.warning(request, "这个“一件事”刚刚更新过。您填写的内容都保留着，请按现在的要求再核对一遍。")
        return get_joint(request, joint.uid)
    papers.level(joint)
    drafts.recheck(joint)
    return joint


def child_of(joint: JointCase, code: str) -> Application:
    """The member's part; 404 when it is not among the chosen ones."""
    for child in papers.children_of(joint):
        if child.matter.code == code:
            return child
    raise Http404


def closed_sentence(joint: JointCase) -> str:
    """Why it cannot be submitted now; empty when it can."""
    return opening.closed_because(joint.version.joint, joint.codes, timezone.now())


def crumbs(joint: JointCase, *more: str) -> list[dict[str, str]]:
    """我的办件 › the joint application › the page."""
    mine = [{"text": "我的办件", "url": reverse("applications:mine")}]
    if not more:
        return [*mine, {"text": joint.title}]
    route = "joint-draft" if joint.is_draft else "joint-case"
    here = {"text": joint.title, "url": reverse(f"applications:{route}", args=[joint.uid])}
    return [*mine, here, {"text": more[0]}]
