"""Freeze a document: everything its PDF will ever need, as JSON, made in the transaction of the act itself."""

import hashlib
import json
from datetime import date, datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone
from pydantic import TypeAdapter, ValidationError

from applications.documents.catalog import KINDS, LICENSING, TYPE_NAMES
from applications.documents.facts import CaseFacts

SCHEMA = 1  # raised when a template needs what older content does not have


_FACTS = TypeAdapter(CaseFacts)  # what dataclasses.asdict gives, several times as fast


class IncompleteDocument(ValueError):
    """The document lacks something the law asks for; the text says in Chinese what."""


def build(kind: str, *, case: CaseFacts, extra: dict[str, Any]) -> dict[str, Any]:
    """The frozen content of one document: JSON values only, complete for rendering.

    ``extra`` is what the kind's model in ``extras`` asks for. IncompleteDocument names what is missing or wrong;
    KeyError for an unknown kind.
    """
    chosen = KINDS[kind]
    try:
        body = chosen.extra.model_validate(extra)
    except ValidationError as error:
        raise IncompleteDocument(f"《{chosen.title}》的内容不完整：{_sentences(error)}") from error
    title = body.heading(is_licensing=case.type_code == LICENSING) or chosen.title_for(case.type_code)
    return {
        "schema": SCHEMA,
        "kind": kind,
        "title": title,
        "is_licensing": case.type_code == LICENSING,
        "type_name": TYPE_NAMES.get(case.type_code, "政务服务"),
        "case": _plain(_FACTS.dump_python(case)),
        "check_url": f"{case.hall_url}/check/{body.check_code}/",
        **_plain(body.model_dump()),
    }


def digest(content: dict[str, Any]) -> str:
    """SHA-256 of the content in one canonical spelling; equal content has an equal digest."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """JSON values: days as ``2026-02-27``, moments in the hall's time zone."""
    plain: dict[str, Any] = json.loads(
        json.dumps({key: _local(value) for key, value in values.items()}, cls=DjangoJSONEncoder)
    )
    return plain


def _local(value: Any) -> Any:
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    return value


def _sentences(error: ValidationError) -> str:
    """One phrase per fault: the field's name and what is wrong with it."""
    words = {
        "missing": "没有提供",
        "string_too_short": "不能为空",
        "too_short": "至少要有一项",
        "extra_forbidden": "是多余的",
    }
    faults = []
    for one in error.errors():
        field = ".".join(str(part) for part in one["loc"])
        faults.append(f"{field} {words.get(one['type'], one['msg'].removeprefix('Value error, '))}".strip())
    return "；".join(faults)
