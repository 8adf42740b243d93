"""The first line of the staff's views of packages: fetch it and ask whether this person keeps it."""

import uuid

from django.http import Http404, HttpRequest

from identity.models import Role
from matters import editors
from matters.joint import queries
from matters.models import JointMatter, JointVersion
from matters.views.staff.access import keeper


def get_joint(request: HttpRequest, uid: uuid.UUID, *roles: str) -> JointMatter:
    """A package whose lead department this person keeps; another's and one that is not there give the same 404."""
    joint = queries.kept_by(keeper(request), *roles).filter(uid=uid).first()
    if joint is None:
        raise Http404("没有找到这个“一件事”，或者它不由您的部门牵头。")
    return joint


def get_draft(request: HttpRequest, uid: uuid.UUID) -> tuple[JointMatter, JointVersion]:
    """A package with the draft that this editor may write; 404 when there is none."""
    joint = get_joint(request, uid, Role.EDITOR)
    version = queries.open_version(joint)
    if version is None or version.state != JointVersion.State.DRAFT:
        raise Http404("这个“一件事”现在没有草稿：可能已经提交审核，或者还没有开始修改。请回到它的页面看看。")
    return joint, version


def may(request: HttpRequest, joint: JointMatter, role: str) -> bool:
    """Whether this person keeps the package with this role."""
    return editors.departments_for(keeper(request), role).filter(pk=joint.lead_id).exists()


def seen_by(request: HttpRequest) -> int:
    """The revision that the page was shown; nonsense is none that ever was."""
    text = request.POST.get("seen", "")
    return int(text) if text.isdecimal() and len(text) < 10 else -1
