"""Facts about words and visits that arrive: synonyms on the outer side, what was counted there on the inner. Registered
in ``apps.ready``."""

from datetime import date
from typing import TypeVar

from django.conf import settings
from django.utils import timezone
from pydantic import AwareDatetime, BaseModel, Field, ValidationError

from matters.dailies import SEARCHES_COUNTED, VISITS_COUNTED
from matters.models import Matter, SearchedWord, Synonym
from matters.search import index
from matters.searches import LONGEST
from matters.synonyms import LONGEST as LONGEST_SYNONYM
from matters.synonyms import SYNONYMS_PUBLISHED
from sync.registry import Fact, Reject, handles, restores

Payload = TypeVar("Payload", bound=BaseModel)


class SynonymRecord(BaseModel):
    """One synonym, with the sound of its word."""

    word: str = Field(min_length=1, max_length=LONGEST_SYNONYM)
    means: str = Field(min_length=1, max_length=LONGEST_SYNONYM)
    pinyin: str = Field(default="", max_length=150)
    initials: str = Field(default="", max_length=20)


class SynonymsPublished(BaseModel):
    """Payload of ``synonyms.published``, version 1: all of them."""

    at: AwareDatetime
    synonyms: list[SynonymRecord]


class WordRecord(BaseModel):
    """How often a text was searched for in a day, and how often nothing was found."""

    text: str = Field(min_length=1, max_length=LONGEST)
    searches: int = Field(ge=0, le=10**9)
    missed: int = Field(ge=0, le=10**9)


class SearchesCounted(BaseModel):
    """Payload of ``searches.counted``, version 1."""

    day: date
    rows: list[WordRecord]


class VisitRecord(BaseModel):
    """How often a guide was read since it was first published."""

    matter: str = Field(min_length=36, max_length=36)
    total: int = Field(ge=0, le=2**31 - 1)


class VisitsCounted(BaseModel):
    """Payload of ``visits.counted``, version 1."""

    day: date
    rows: list[VisitRecord]


@handles(SYNONYMS_PUBLISHED, from_side="inner")
def synonyms_published(fact: Fact) -> None:
    """Replace the synonyms by those that staff keep now."""
    if not settings.IS_OUTER:
        raise Reject("同义词由内网维护，不接受外网传来的内容。")
    keep_synonyms(fact)


@restores(SYNONYMS_PUBLISHED)
def keep_synonyms(fact: Fact) -> None:
    """All synonyms as the fact says. Inside it brings back what a backup lost."""
    record = _read(SynonymsPublished, fact)
    Synonym.objects.all().delete()
    now = timezone.now()
    Synonym.objects.bulk_create(Synonym(**row.model_dump(), added_at=now) for row in record.synonyms)
    index.touch()


@handles(SEARCHES_COUNTED, from_side="outer")
def searches_counted(fact: Fact) -> None:
    """Note a day's searches, in place of what was noted for that day."""
    _refuse_on_outer("搜索次数")
    keep_searches(fact)


def keep_searches(fact: Fact) -> date:
    """A day's searches as the fact says; the day."""
    record = _read(SearchesCounted, fact)
    SearchedWord.objects.filter(day=record.day).delete()
    SearchedWord.objects.bulk_create(SearchedWord(day=record.day, **row.model_dump()) for row in record.rows)
    return record.day


@handles(VISITS_COUNTED, from_side="outer")
def visits_counted(fact: Fact) -> None:
    """Note how often guides were read; a number never goes back, and guides that are not here are left out."""
    _refuse_on_outer("浏览次数")
    keep_visits(fact)


def keep_visits(fact: Fact) -> date:
    """How often guides were read as the fact says; the day."""
    record = _read(VisitsCounted, fact)
    totals = {row.matter: row.total for row in record.rows}
    matters = list(Matter.objects.filter(uid__in=totals))
    for matter in matters:
        matter.visits = max(matter.visits, totals[str(matter.uid)])
    Matter.objects.bulk_update(matters, ["visits"], batch_size=400)
    return record.day


def _refuse_on_outer(what: str) -> None:
    if settings.IS_OUTER:
        raise Reject(f"{what}由外网统计，不接受内网传来的内容。")


def _read(model: type[Payload], fact: Fact) -> Payload:
    try:
        return model.model_validate(dict(fact.payload))
    except ValidationError as error:
        raise Reject(f"{fact.topic} 的内容格式不对：{error.errors()[0]['loc']}") from error
