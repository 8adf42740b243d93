"""What the list of guides and the search page share: the filters with their numbers, and the page of finds."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.paginator import Page, Paginator
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from identity.models import Department
from identity.offering import offer
from matters import codes, search
from matters.search import Answer, Found, Hit

ROWS = 20
# Names as in the address; labels of their values. Themes name themselves, departments are rows.
LABELS: Mapping[str, Mapping[str, Any]] = {
    "audience": codes.AUDIENCES,
    "life": codes.LIFE_EVENTS,
    "type": codes.MATTER_TYPES,
    "level": codes.LEVELS,
    "depth": codes.DEPTHS,
}


class Filters(forms.Form):
    """The filters of a list of finds; they stay in the address. Each value says how many finds it would leave."""

    q = forms.CharField(
        label=gettext_lazy("名称或关键词"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    audience = forms.ChoiceField(label=gettext_lazy("人群"), required=False)
    theme = forms.ChoiceField(label=gettext_lazy("主题"), required=False)
    life = forms.ChoiceField(label=gettext_lazy("人生和经营大事"), required=False)
    department = forms.ChoiceField(label=gettext_lazy("部门"), required=False)
    type = forms.ChoiceField(label=gettext_lazy("事项类型"), required=False)
    level = forms.ChoiceField(label=gettext_lazy("办理级别"), required=False)
    depth = forms.ChoiceField(label=gettext_lazy("网办深度"), required=False)

    def __init__(self, data: Mapping[str, Any], found: Found, *, hidden: str) -> None:
        super().__init__(data)
        self.fields[hidden].widget = forms.HiddenInput()
        for name in FACETS:
            if name != hidden:
                offer(self, name, _choices(name, found, asked(data)[name]))


FACETS = tuple(name for name in Filters.base_fields if name != "q")


def asked(data: Mapping[str, Any]) -> dict[str, str]:
    """What the address asks for, also values that do not exist."""
    return {name: str(data.get(name, "")).strip() for name in FACETS}


def _choices(name: str, found: Found, chosen: str) -> list[tuple[str, str]]:
    counts = found.counts(name)
    known = labels(name, [*counts, chosen] if chosen else counts)
    order = list(LABELS.get(name, {})) or sorted(counts, key=lambda value: (-counts[value], value))
    values = [value for value in order if value in counts]
    if chosen and chosen not in counts:
        values.append(chosen)
    return [("", _("全部")), *((value, f"{known[value]}（{counts.get(value, 0)}）") for value in values)]


def labels(name: str, values: Any) -> dict[str, str]:
    """Values of a filter as people read them; unknown ones as they are."""
    if name == "department":
        known: Mapping[str, Any] = dict(Department.objects.filter(code__in=list(values)).values_list("code", "name"))
    elif name == "theme":
        known = {value: _(value) for value in values if value}
    else:
        known = LABELS[name]
    return {value: str(known.get(value, value)) for value in values}


@dataclass(frozen=True)
class Listing:
    """A page of finds with what it was narrowed by."""

    text: str
    answer: Answer
    page: Page[Hit]
    filters: Filters

    @property
    def narrowed(self) -> bool:
        """Whether any filter is used."""
        return any(asked(self.filters.data).values())


def listing(request: HttpRequest, *, hidden: str) -> Listing:
    """The finds that the address asks for; the filter ``hidden`` is chosen elsewhere on the page."""
    text = request.GET.get("q", "").strip()
    answer = search.answer(text, asked(request.GET))
    page: Page[Hit] = Paginator(answer.found, ROWS).get_page(request.GET.get("page"))  # type: ignore[arg-type]
    return Listing(text, answer, page, Filters(request.GET, answer.found, hidden=hidden))
