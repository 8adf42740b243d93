"""The whole file that a lower organ hands up (行政许可法 35, 43): a ZIP of papers with a summary as JSON.

``case.json`` names every file with its SHA-256, so that the upper organ can check that nothing is missing; it may not ask
the applicant for any of it again.
"""

import io
import json
import zipfile
from typing import Any

from applications.models import Application
from matters.guide import Material as GuideMaterial
from sync import blobs

NOTE = "上级机关不得要求申请人重复提供申请材料（行政许可法第三十五条）。"


def package(case: Application) -> bytes:
    """The ZIP of a case that was handed up: case.json, materials/, documents/. Files not yet here are named as missing."""
    files = {**_materials(case), **_documents(case)}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, sha256 in files.items():
            if blobs.exists(sha256):
                with blobs.open(sha256) as stored:
                    archive.writestr(path, stored.read())
        archive.writestr("case.json", json.dumps(summary(case, files), ensure_ascii=False, indent=1))
    return buffer.getvalue()


def _materials(case: Application) -> dict[str, str]:
    return {
        f"materials/{row.key}/{row.pk}-{row.file_name}": row.sha256 for row in case.materials.filter(replaced=False)
    }


def _documents(case: Application) -> dict[str, str]:
    rows = case.documents.exclude(blob="")
    return {f"documents/{row.pk}-{row.kind}.pdf": row.blob for row in rows}


def summary(case: Application, files: dict[str, str]) -> dict[str, Any]:
    """What the upper organ must know: who, what, when, the lower organ's opinion, every file."""
    event = case.events.filter(action="transfer_up").last()
    said = event.data if event else {}
    return {
        "number": case.number,
        "matter": {"code": case.matter.code, "name": case.guide_version.guide.matter_name},
        "lower_organ": case.department.name,
        "upper_organ": said.get("upper_organ", ""),
        "opinion": said.get("opinion", ""),
        "examined_by": event.actor_name if event else "",
        "handed_up_at": event.at.isoformat() if event else None,
        "applicant": {
            "kind": case.applicant_kind,
            "name": case.applicant_name,
            "id": case.applicant_id,
            "contact_name": case.contact_name,
            "contact_phone": case.contact_phone,
            "address": case.address,
        },
        "submitted_at": case.submitted_at.isoformat() if case.submitted_at else None,
        "accepted_on": case.accepted_on.isoformat() if case.accepted_on else None,
        "law_due": case.law_due.isoformat() if case.law_due else None,
        "answers": case.answers,
        "materials": [_name(one) for one in case.guide.materials],
        "files": [{"path": path, "sha256": sha256, "here": blobs.exists(sha256)} for path, sha256 in files.items()],
        "note": NOTE,
    }


def _name(material: GuideMaterial) -> dict[str, str]:
    return {"key": material.key, "name": material.name}
