"""The public's questions to data sets: which there are, records by their searchable fields, and one text over all sets. Outer side."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import reduce
from operator import and_

from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from matters import search
from matters.datasets import hashes
from matters.datasets.definition import MOST_CROSS, Definition, FieldDefinition
from matters.datasets.rows import LOOKUP_LENGTH, SUFFIX_LENGTH
from matters.datasets.values import asked, plain
from matters.models import DataSet, PublicLookup, PublicRow

# Sorts after every text that goes on from a beginning, in the order of bytes.
END = "\U0010ffff"
SHOWN_OF_EACH = 5
SHORTEST_CROSS = 2  # one character is in half of all records

Asked = Mapping[str, str]


# --- which there are
def shown() -> QuerySet[DataSet]:
    """Sets that the public can query, with department."""
    return DataSet.objects.filter(current__isnull=False, generation__isnull=False).select_related("department")


def get(slug: str) -> DataSet:
    """A set that the public can query, with its definition; DataSet.DoesNotExist when there is none."""
    return shown().select_related("current").get(slug=slug)


def find_sets(text: str = "", theme: str = "", department: str = "") -> QuerySet[DataSet]:
    """Sets in which every word occurs, of this theme and department (code); empty ones do not narrow."""
    sets = shown()
    for word in search.words(text):
        sets = sets.filter(search__contains=word)
    plain_filters = {"theme": theme, "department__code": department}
    return sets.filter(**{name: value for name, value in plain_filters.items() if value})


def themes() -> list[tuple[str, int]]:
    """Themes with their numbers of sets."""
    return list(shown().order_by().values_list("theme").annotate(number=Count("pk")).order_by("theme"))


def departments() -> list[tuple[str, str, int]]:
    """(code, name, number of sets) of the departments that have some."""
    names = shown().order_by().values_list("department__code", "department__name")
    return list(names.annotate(number=Count("pk")).order_by("department__code"))


# --- records of one set
def records(dataset: DataSet, wanted: Asked, *, sort: str = "") -> QuerySet[PublicRow]:
    """Records for which every field asked agrees, in the wanted order (``key`` or ``-key``) or the set's own.

    Which questions are allowed at all is the form's business. One index range per field.
    """
    definition = _definition(dataset)
    found = PublicRow.objects.filter(generation=dataset.generation_id)
    for one in definition.searchable:
        if text := wanted.get(one.key, "").strip():
            matching = lookup(dataset, definition, one, text)
            found = found.filter(pk__in=matching.values("row"))
            for more in _further_parts(one, text):
                found = found.filter(pk__in=_range(dataset, definition, one, more).values("row"))
    return found.order_by(*order(definition, sort))


def lookup(dataset: DataSet, definition: Definition, one: FieldDefinition, text: str) -> QuerySet[PublicLookup]:
    """The lookups of a field that agree with what was typed."""
    number = definition.lookup_numbers()[one.key]
    rows = PublicLookup.objects.filter(generation=dataset.generation_id, field=number)
    if one.is_secret:
        return rows.filter(text=hashes.digest_of(dataset.key, one.key, text))
    typed = asked(one.kind, text)
    if one.search == "exact":
        return rows.filter(text=typed[:LOOKUP_LENGTH])
    return _range(dataset, definition, one, typed[: SUFFIX_LENGTH if one.search == "contains" else LOOKUP_LENGTH])


def _range(dataset: DataSet, definition: Definition, one: FieldDefinition, begins: str) -> QuerySet[PublicLookup]:
    number = definition.lookup_numbers()[one.key]
    return PublicLookup.objects.filter(
        generation=dataset.generation_id, field=number, text__gte=begins, text__lt=begins + END
    )


def _further_parts(one: FieldDefinition, text: str) -> list[str]:
    """What of a long text looked for inside a field lies beyond its first part."""
    typed = plain(text)[:LOOKUP_LENGTH]
    if one.search != "contains" or one.is_secret:
        return []
    return [typed[at : at + SUFFIX_LENGTH] for at in range(SUFFIX_LENGTH, len(typed), SUFFIX_LENGTH)]


def order(definition: Definition, sort: str) -> list[str]:
    """The columns to order by; a sort that the set does not offer is its own order."""
    key, descending = sort.removeprefix("-"), sort.startswith("-")
    if key not in definition.sorts:
        key, descending = definition.order, definition.descending
    if not key:
        return ["pk"]
    column = f"sort_{definition.sorts.index(key) + 1}"
    return [f"-{column}" if descending else column, "pk"]


def record(dataset: DataSet, ref: str) -> PublicRow | None:
    """The record with this public name."""
    return PublicRow.objects.filter(generation=dataset.generation_id, ref=ref).first()


def _definition(dataset: DataSet) -> Definition:
    assert dataset.current is not None
    return dataset.current.definition


# --- one text over all sets
@dataclass
class Group:
    """What was found in one set."""

    dataset: DataSet
    count: int
    rows: list[PublicRow] = field(default_factory=list)

    def found_in(self, text: str) -> str:
        """The key of the field in which the first record has the text; empty when it cannot be told."""
        fields = [one for one in _definition(self.dataset).searchable if one.cross]
        values = self.rows[0].values if self.rows else {}
        return next((one.key for one in fields if plain(text) in plain(values.get(one.key, ""))), "")


def across(text: str) -> list[Group]:
    """Every set that has records with this text in a field that takes part, the most records first, five of each.

    Three queries, however many sets there are. Empty for less than two characters.
    """
    typed = plain(text)[:LOOKUP_LENGTH]
    if len(typed) < SHORTEST_CROSS:
        return []
    sets = {one.generation_id: one for one in shown().select_related("current").filter(is_personal=False)}
    found = PublicRow.objects.filter(_anywhere(list(sets), typed))
    counts = found.order_by().values_list("generation").annotate(number=Count("pk"))
    groups = {generation: Group(sets[generation], number) for generation, number in counts}
    place = Window(RowNumber(), partition_by=F("generation"), order_by=F("pk").asc())
    for row in found.annotate(place=place).filter(place__lte=SHOWN_OF_EACH).order_by("pk"):
        groups[row.generation_id].rows.append(row)
    return sorted(groups.values(), key=lambda group: (-group.count, group.dataset.name))


def _anywhere(generations: list[int | None], typed: str) -> Q:
    """Records with the text in a field that takes part: whole, or all its parts where it is longer than the entries."""
    fields = range(1, MOST_CROSS + 1)

    def having(begins: str) -> Q:
        entries = PublicLookup.objects.filter(
            generation__in=generations, field__in=fields, text__gte=begins, text__lt=begins + END
        )
        return Q(pk__in=entries.values("row"))

    parts = [typed[at : at + SUFFIX_LENGTH] for at in range(0, len(typed), SUFFIX_LENGTH)]
    return having(typed) | reduce(and_, map(having, parts)) if len(parts) > 1 else having(typed)
