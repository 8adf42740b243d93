"""Runs on one site: write the newest PDF of every kind of document, and every blank form, into a folder.

Usage: HALL_SIDE=… HALL_DATA_DIR=… python -m tools.look_documents FOLDER
"""

import os
import sys
from pathlib import Path

import django


def write_documents(folder: Path) -> int:
    """The newest ready document of each kind, as ``<kind>.pdf``; how many."""
    from applications.models import Document
    from sync import blobs

    ready = Document.objects.exclude(blob="").order_by("kind", "-id")
    newest = {document.kind: document for document in reversed(ready)}
    for kind, document in newest.items():
        with blobs.open(document.blob) as source:
            (folder / f"{kind}.pdf").write_bytes(source.read())
    return len(newest)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hall.settings")
    django.setup()
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    print(write_documents(target))
