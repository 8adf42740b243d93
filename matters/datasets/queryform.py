"""The forms of the query services, made from the searchable fields."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from identity.offering import offer
from matters.datasets import queries, wording
from matters.datasets.definition import Definition, FieldDefinition
from matters.datasets.values import BadValue, clean

LONGEST = 200
FIRST = 3


class QueryForm(forms.Form):
    """One box for each searchable field; of a personal set all must be filled in."""

    def __init__(self, definition: Definition, data: Any = None, *, initial: dict[str, str] | None = None) -> None:
        self.definition = definition
        super().__init__(data, initial=initial, auto_id="query_%s")
        for field in definition.searchable:
            self.fields[field.key] = _box(field, required=definition.personal)

    @property
    def first_fields(self) -> list[forms.BoundField]:
        """The boxes that are always open."""
        return list(self)[:FIRST]

    @property
    def more_fields(self) -> list[forms.BoundField]:
        """The boxes behind a fold, so that a telephone shows results and not only boxes."""
        return list(self)[FIRST:]

    @property
    def more_is_used(self) -> bool:
        """Whether something stands in a folded box."""
        return any(box.value() or box.errors for box in self.more_fields)

    def clean(self) -> dict[str, Any]:
        """A number of the wrong form can be found nowhere: say so instead of "no result". At least one box where it is guarded."""
        given: dict[str, Any] = self.cleaned_data
        for field in self.definition.searchable:
            if field.kind in ("id_number", "uscc") and given.get(field.key):
                try:
                    given[field.key] = clean(field.kind, given[field.key])
                except BadValue as error:
                    self.add_error(field.key, str(error))
        if not self.errors and not any(given.values()):
            self.add_error(None, _("请至少填写一项再查询。"))
        return given


def _box(field: FieldDefinition, *, required: bool) -> forms.CharField:
    hints = {
        "exact": _("要和登记的完全一致。"),
        "prefix": _("可以只填开头。"),
        "contains": _("可以只填其中几个字。"),
    }
    kinds = {"date": _("例如 2026-03-02。")}
    name = wording.label(field)
    return forms.CharField(
        label=name,
        required=required,
        max_length=LONGEST,
        help_text=kinds.get(field.kind, "") + hints[field.search],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("请填写%(field)s。") % {"field": name}},
    )


class SetFilters(forms.Form):
    """The filters of the list of services; they stay in the address."""

    text = forms.CharField(
        label=gettext_lazy("想查什么"), required=False, max_length=100, widget=forms.TextInput(attrs={"type": "search"})
    )
    theme = forms.ChoiceField(label=gettext_lazy("主题"), required=False)
    department = forms.ChoiceField(label=gettext_lazy("部门"), required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        themes = [(value, f"{_(value)}（{count}）") for value, count in queries.themes() if value]
        departments = [(code, f"{name}（{count}）") for code, name, count in queries.departments()]
        for key, choices in (("theme", themes), ("department", departments)):
            offer(self, key, [("", _("全部")), *choices])

    @property
    def given(self) -> dict[str, str]:
        """What was asked for, as it stands in the address."""
        return {name: str(self.data.get(name, "")).strip() for name in self.fields}
