"""The programming interface as rows for a page, read from the same schema that programs get."""

from functools import cache
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.generators import SchemaGenerator

METHODS = ("get", "post", "put", "patch", "delete")
AUDIENCES = {
    "public": _("public：任何人"),
    "applicant": _("applicant：申请人"),
    "staff": _("staff：工作人员（只在内网）"),
}


@cache
def groups() -> list[dict[str, Any]]:
    """``[{title, rows: [{method, path, words}]}]``, one group per audience. Kept: routes do not change while running."""
    found: dict[str, list[dict[str, str]]] = {audience: [] for audience in AUDIENCES}
    schema = SchemaGenerator().get_schema(request=None, public=True)
    for path, operations in schema["paths"].items():
        for method in METHODS:
            if method in operations:
                row = {"method": method.upper(), "path": path, "words": _words(operations[method])}
                found.setdefault(_audience(path), []).append(row)
    return [{"title": AUDIENCES.get(name, name), "rows": rows} for name, rows in found.items() if rows]


def _audience(path: str) -> str:
    parts = path.strip("/").split("/")
    return parts[2] if len(parts) > 2 else path


def _words(operation: dict[str, Any]) -> str:
    return str(operation.get("summary") or operation.get("description", "").split("\n")[0])
