"""Sections of a form definition as Django forms: one form for a section, one per row for a repeating section."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.formsets import DELETION_FIELD_NAME, BaseFormSet
from django.utils.translation import gettext as _

from matters.formdef import Field, FormAnswers, Section, is_shown
from matters.formfields import django_field

Prefill = Mapping[str, str]


class SectionForm(forms.Form):
    """One section, or one row of a repeating section."""

    class Media:
        js = ["matters/shown_when.js"]

    def __init__(
        self,
        *args: Any,
        section: Section,
        others: FormAnswers | None = None,
        prefill: Prefill | None = None,
        **kwargs: Any,
    ) -> None:
        """``others``: answers of the whole form, for conditions on other sections; ``prefill``: known facts by source."""
        self.section = section
        self.others = others or {}
        known = {field.key: (prefill or {}).get(field.prefilled_from, "") for field in section.fields}
        kwargs["initial"] = {key: value for key, value in known.items() if value} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        for field in section.fields:
            if self._asked_here(field):
                self.fields[field.key] = self._compiled(field)

    def _asked_here(self, field: Field) -> bool:
        """Conditions on other sections are settled already; those on this one are settled by what is typed."""
        rule = field.shown_when
        return rule is None or rule.section == self.section.key or is_shown(field, self.others, self.section, {})

    def _compiled(self, field: Field) -> forms.Field:
        built = django_field(field)
        rule = field.shown_when
        if rule is not None and rule.section == self.section.key:
            built.widget.attrs |= {"data-shown-when": self.add_prefix(rule.field), "data-equals": rule.equals}
            # Whether it must be answered is known only when the answer it hangs on has been read: see clean().
            built.required = False
        return built

    def clean(self) -> dict[str, Any]:
        """Questions that are not shown are left out; shown ones that must be answered are asked for."""
        data = super().clean() or {}
        for field in self.section.fields:
            if field.key not in self.fields or field.shown_when is None:
                continue
            if not is_shown(field, self.others, self.section, data):
                data.pop(field.key, None)
                self.errors.pop(field.key, None)
            elif field.required and is_empty(data.get(field.key)) and field.key not in self.errors:
                self.add_error(field.key, str(self.fields[field.key].error_messages["required"]))
        return data

    @property
    def answers(self) -> dict[str, Any]:
        """Clean answers as they are stored: dates and decimals as text; what was left empty or is not asked is absent."""
        clean = {field.key: self.cleaned_data.get(field.key) for field in self.section.fields}
        return {key: stored_value(value) for key, value in clean.items() if not is_empty(value)}

    @property
    def typed(self) -> dict[str, Any]:
        """What was typed, without judging it."""
        values = {f.key: self[f.key].data for f in self.section.fields if f.key in self.fields}
        return {
            key: [str(part) for part in value] if isinstance(value, list) else str(value)
            for key, value in values.items()
            if not is_empty(value)
        }

    @property
    def rows(self) -> list["SectionForm"]:
        """The forms to show: this one."""
        return [self]


class SectionRows(BaseFormSet):
    """A repeating section: a form per row; rows are added by a button that also works without script."""

    section: Section

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        title = self.section.title.replace("%", "%%")
        kwargs["error_messages"] = {
            "missing_management_form": _("页面不完整，请刷新后重新填写。"),
            "too_few_forms": f"“{title}”" + _("至少要填 %(num)d 行。"),
            "too_many_forms": f"“{title}”" + _("最多填 %(num)d 行。"),
        }
        super().__init__(*args, **kwargs)

    def initial_form_count(self) -> int:
        """Rows that came from the draft may be emptied like new ones, so none counts as initial once sent."""
        return 0 if self.is_bound else super().initial_form_count()

    def add_fields(self, form: Any, index: int | None) -> None:
        """Name the box that takes a row away."""
        super().add_fields(form, index)
        form.fields[DELETION_FIELD_NAME].label = _("删除这一行")

    @property
    def answers(self) -> list[dict[str, Any]]:
        """Clean rows in order, without deleted and empty ones."""
        return [form.answers for form in self.forms if form not in self.deleted_forms and form.answers]

    @property
    def typed(self) -> list[dict[str, Any]]:
        """Rows as typed, without deleted and empty ones."""
        kept = [form for form in self.forms if not form[DELETION_FIELD_NAME].data]
        return [row for row in (form.typed for form in kept) if row]

    @property
    def rows(self) -> list[SectionForm]:
        """The forms to show, one a row."""
        return self.forms

    @property
    def add_button(self) -> str:
        """Name of the button that asks for one more row."""
        return f"{self.prefix}-add"

    @property
    def can_add(self) -> bool:
        """Whether the section allows another row."""
        return self.total_form_count() < self.section.max_rows


def is_empty(value: Any) -> bool:
    """Whether a question was left unanswered; 0 and False are answers."""
    return value is None or value in ("", [], ())


def stored_value(value: Any) -> Any:
    """A clean value as JSON keeps it: dates and decimals as text."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    return value
