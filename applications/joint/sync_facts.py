"""What a joint case tells the other network: all members' submissions in one fact, and the extension of the joint limit.

One fact because it is applied whole or not at all: no loss, refusal or change of order can file half a package.
"""

from typing import Any

from applications import sync_facts
from applications.joint import papers
from applications.models import Application, JointCase
from sync import outbox


def key_of(joint: JointCase) -> str:
    """The aggregate under which the facts of a joint case itself travel; its members' cases have their own."""
    return f"joint:{joint.uid}"


def record_submission(joint: JointCase) -> None:
    """Out to in: the package was applied for. A file that several members want is named once among the blobs."""
    children = papers.children_of(joint)
    outbox.record(
        "joint.submitted",
        key_of(joint),
        {
            "uid": str(joint.uid),
            "number": joint.number,
            "query_code": joint.query_code,
            "version": str(joint.version.uid),
            "applicant": {"kind": joint.applicant_kind, "name": joint.applicant_name},
            "declared_at": joint.declared_at.isoformat() if joint.declared_at else None,
            "submitted_at": joint.submitted_at.isoformat() if joint.submitted_at else None,
            "members": [sync_facts.submission(child) | {"head": _head(child)} for child in children],
        },
        blobs=sorted({material.sha256 for child in children for material in child.materials.all()}),
    )


def _head(child: Application) -> dict[str, Any]:
    """How far the chain of the member's case reaches: it was submitted in this transaction."""
    return {"place": child.event_count, "digest": child.event_head}


def record_extension(joint: JointCase) -> None:
    """In to out: the head of government approved a longer joint limit."""
    outbox.record(
        "joint.extended",
        key_of(joint),
        {
            "uid": str(joint.uid),
            "on": joint.extended_on.isoformat() if joint.extended_on else None,
            "reason": joint.extension_reason,
            "approver": joint.extension_approver,
        },
    )
