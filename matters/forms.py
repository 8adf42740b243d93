"""Form definitions compiled to Django forms: the same rules for the page, the interface and the printed form.

``build_form`` gives a ``SectionForm``, or ``SectionRows`` for a repeating section. Both have ``is_valid()``, ``answers``
(clean values as they are stored), ``typed`` (what was typed, right or wrong, to be kept in a draft) and ``rows`` (the
forms to show, one or several). ``clean_answers`` judges a whole application that came as JSON.
"""

from collections.abc import Mapping
from typing import Any

from django.forms.formsets import formset_factory
from django.http import QueryDict
from django.utils.translation import gettext as _

from matters.formdef import FormAnswers, FormDefinition, Section
from matters.sectionforms import Prefill, SectionForm, SectionRows

__all__ = ["SectionForm", "SectionRows", "build_form", "clean_answers", "wants_row"]

# ``section``, ``section.field`` or ``section.row.field`` (rows from 0) → what is wrong.
Errors = dict[str, list[str]]


def build_form(
    section: Section,
    data: Mapping[str, Any] | None = None,
    *,
    answers: FormAnswers | None = None,
    prefill: Prefill | None = None,
) -> SectionForm | SectionRows:
    """Compile a section. ``data`` is what the page sent (bound form), ``answers`` what is stored of the whole form.

    Stored answers come before ``prefill`` (``enterprise.name`` → text). The names of the page's fields begin with the
    section's key. When ``wants_row(section, data)``, the form has one row more and should be shown again unjudged.
    """
    stored = (answers or {}).get(section.key)
    if section.repeating:
        return _build_rows(section, data, answers, prefill)
    initial = dict(stored) if isinstance(stored, Mapping) else {}
    return SectionForm(data, prefix=section.key, section=section, others=answers, prefill=prefill, initial=initial)


def _build_rows(
    section: Section, data: Mapping[str, Any] | None, answers: FormAnswers | None, prefill: Prefill | None
) -> SectionRows:
    stored = (answers or {}).get(section.key)
    rows = [dict(row) for row in stored if isinstance(row, Mapping)] if isinstance(stored, list) else []
    factory = formset_factory(
        SectionForm,
        formset=type("Rows", (SectionRows,), {"section": section}),
        extra=0 if rows or section.min_rows else 1,
        min_num=section.min_rows,
        validate_min=True,
        max_num=section.max_rows,
        validate_max=True,
        absolute_max=section.max_rows + 1,
        can_delete=True,
    )
    rows_form: SectionRows = factory(  # type: ignore[assignment]
        _with_added_row(section, data),
        prefix=section.key,
        initial=None if data is not None else rows,
        form_kwargs={"section": section, "others": answers, "prefill": None if rows else prefill},
    )
    return rows_form


def wants_row(section: Section, data: Mapping[str, Any]) -> bool:
    """Whether the page was sent to get one more row rather than to go on."""
    return section.repeating and f"{section.key}-add" in data


def _with_added_row(section: Section, data: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    if data is None or not wants_row(section, data):
        return data
    name = f"{section.key}-TOTAL_FORMS"
    count = str(data.get(name, "0"))
    changed: Any = data.copy() if isinstance(data, QueryDict) else dict(data)
    changed[name] = str(min(int(count) + 1, section.max_rows)) if count.isdecimal() else count
    return changed


def clean_answers(definition: FormDefinition, raw: Any) -> tuple[FormAnswers, Errors]:
    """Clean answers and what is wrong with them; the answers are whole only when there are no errors.

    ``raw`` is ``{"section": {"field": value}}``, for a repeating section ``{"section": [{…}, …]}``.
    """
    if not isinstance(raw, Mapping):
        return {}, {"": [_("应为对象 {…}，键是各部分的标识。")]}
    known = {section.key for section in definition.sections}
    errors: Errors = {str(key): [_("申请表里没有这一部分。")] for key in raw if key not in known}
    clean: FormAnswers = {}
    for section in definition.sections:
        given = raw.get(section.key, [] if section.repeating else {})
        # Conditions look at earlier sections as they were cleaned, at later ones as they were given.
        others = {**raw, **clean}
        if section.repeating:
            clean[section.key] = _clean_rows(section, given, others, errors)
        else:
            clean[section.key] = _clean_row(section, given, others, section.key, errors)
    return clean, errors


def _clean_rows(section: Section, given: Any, others: FormAnswers, errors: Errors) -> list[dict[str, Any]]:
    if not isinstance(given, list):
        errors[section.key] = [_("应为列表 […]，每行一个对象。")]
        return []
    if not section.min_rows <= len(given) <= section.max_rows:
        errors[section.key] = [
            _("“%(title)s”应填 %(low)d 到 %(high)d 行，现在是 %(count)d 行。")
            % {"title": section.title, "low": section.min_rows, "high": section.max_rows, "count": len(given)}
        ]
        return []
    return [_clean_row(section, row, others, f"{section.key}.{i}", errors) for i, row in enumerate(given)]


def _clean_row(section: Section, given: Any, others: FormAnswers, path: str, errors: Errors) -> dict[str, Any]:
    if not isinstance(given, Mapping):
        errors[path] = [_("应为对象 {…}。")]
        return {}
    kinds = {field.key: field.type for field in section.fields}
    data: dict[str, Any] = {}
    for key, value in given.items():
        if key not in kinds:
            errors[f"{path}.{key}"] = [_("申请表里没有这个填写项。")]
        elif not _is_plain(value, is_list_allowed=kinds[key] == "multichoice"):
            errors[f"{path}.{key}"] = [_("格式不对：应为一个文字或数字。")]
        else:
            data[f"{section.key}-{key}"] = _as_typed(value)
    form = SectionForm(data, prefix=section.key, section=section, others=others)
    for key, messages in form.errors.items():
        errors.setdefault(path if key == "__all__" else f"{path}.{key}", [str(message) for message in messages])
    return form.answers


def _is_plain(value: Any, *, is_list_allowed: bool) -> bool:
    if isinstance(value, list):
        return is_list_allowed and all(isinstance(part, str) for part in value)
    return value is None or isinstance(value, str | int | float)


def _as_typed(value: Any) -> Any:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if value is None or isinstance(value, list) else str(value)
