"""Runs on one site for ``make look``: the addresses that need a number from the database, and the PDFs.

Usage: HALL_SIDE=… HALL_DATA_DIR=… python -m tools.look_inside facts USERNAME DEPARTMENT
       HALL_SIDE=… HALL_DATA_DIR=… python -m tools.look_inside documents FOLDER
"""

import json
import os
import sys
from pathlib import Path

import django


def facts(username: str, department: str) -> dict[str, str]:
    """What ``{…}`` in the addresses of look_pages.py stands for on this site.

    ``case_STATE``/``work_STATE``: uid of a case of this applicant, number of a case of this department, in that state.
    ``draft_new`` and ``draft_faulty``: matters whose guides are being written; ``any_STATE`` and ``owner_STATE``: a case of anybody and whose it is; ``idle``: an applicant who never applied.
    """
    from applications.models import Application, Licence
    from identity.models import User
    from matters.models import Matter

    found = {"matter": Matter.objects.get(name__contains="食品经营").code}
    for case in Application.objects.filter(owner__username=username).select_related("matter", "guide_version"):
        found[f"case_{case.state}"] = str(case.uid)
        if case.state == "DRAFT":
            found["section"] = case.guide_version.form.sections[0].key
        else:
            found |= {"number": case.number or "", "query_code": case.query_code}
    owned = Application.objects.exclude(owner=None).values_list("state", "uid", "owner__username")
    for state, uid, owner in owned:
        found |= {f"any_{state}": str(uid), f"owner_{state}": owner}
    for user in User.objects.filter(kind="applicant").exclude(pk__in=Application.objects.values("owner"))[:1]:
        found["idle"] = user.username
    for case in Application.objects.filter(department__code=department).exclude(number=None):
        found[f"work_{case.state}"] = str(case.number)
    for licence in Licence.objects.select_related("document"):
        found[f"check_{licence.standing}"] = licence.document.check_code
        found[f"document_{licence.standing}"] = str(licence.document.uid)
    return found | _drafts()


def _drafts() -> dict[str, str]:
    from hall.demo import drafts
    from matters.models import Matter

    names = {"draft_new": drafts.BEGUN, "draft_faulty": drafts.REVISED}
    return {key: str(matter.uid) for key, name in names.items() for matter in Matter.objects.filter(name=name)}


def documents(folder: Path) -> None:
    """One document of each kind, rendered now where its turn has not come."""
    from applications import tasks
    from applications.models import Document
    from sync import blobs

    for kind in Document.objects.order_by("kind").values_list("kind", flat=True).distinct():
        document = Document.objects.filter(kind=kind).latest("pk")
        tasks.render_document_task(str(document.uid))
        document.refresh_from_db()
        if document.blob:
            with blobs.open(document.blob) as source:
                (folder / f"{kind}.pdf").write_bytes(source.read())


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hall.settings")
    django.setup()
    if sys.argv[1] == "facts":
        print(json.dumps(facts(sys.argv[2], sys.argv[3])))
    else:
        documents(Path(sys.argv[2]))
