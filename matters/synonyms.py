"""Keeping the synonyms, on the inner side: every change is recorded with its author and crosses to the outer side."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from identity.models import User
from matters.models import Synonym, SynonymChange
from matters.search import index
from matters.search.spelling import spell
from matters.search.text import joined
from sync import canonical, outbox

SYNONYMS_PUBLISHED = "synonyms.published"
LONGEST = 20
MOST = 2000
Action = SynonymChange.Action


class NotKept(ValueError):
    """The synonym cannot be kept; the text says why and what to do."""


@transaction.atomic
def add(word: str, means: str, *, by: User) -> Synonym:
    """People who type ``word`` also find what has ``means``. NotKept when that would do nothing, or is there already."""
    word, means = _checked(word, means)
    if Synonym.objects.count() >= MOST:
        raise NotKept(f"同义词已有 {MOST} 条，请先删去不用的。")
    synonym = Synonym(word=word, means=means, added_by=str(by), added_at=timezone.now())
    _save(synonym)
    _note(Action.ADDED, str(synonym), by)
    return synonym


@transaction.atomic
def change(synonym: Synonym, word: str, means: str, *, by: User) -> None:
    """Say it otherwise. NotKept as for ``add``."""
    before = str(synonym)
    synonym.word, synonym.means = _checked(word, means)
    if str(synonym) != before:
        _save(synonym)
        _note(Action.CHANGED, f"{before}，改为 {synonym}", by)


@transaction.atomic
def remove(synonym: Synonym, *, by: User) -> None:
    """The word means only itself again."""
    synonym.delete()
    _note(Action.REMOVED, str(synonym), by)


def _checked(word: str, means: str) -> tuple[str, str]:
    plain, means = joined(word), " ".join(means.split())
    if not plain or not joined(means):
        raise NotKept("请写出大家的说法，和指南里的说法。")
    if max(len(plain), len(means)) > LONGEST:
        raise NotKept(f"两种说法都不能超过 {LONGEST} 个字。")
    if joined(means) == plain:
        raise NotKept("两种说法是一样的，不用添加。")
    return plain, means


def _save(synonym: Synonym) -> None:
    spelled = spell(synonym.word)
    synonym.pinyin, synonym.initials = spelled.pinyin[:150], spelled.initials[:20]
    try:
        with transaction.atomic():
            synonym.save()
    except IntegrityError as error:
        raise NotKept(f"“{synonym}”已经有了。") from error


def _note(action: str, text: str, by: User) -> None:
    now = timezone.now()
    SynonymChange.objects.create(action=action, text=text[:100], by_name=str(by), at=now)
    index.touch()
    rows = [
        {"word": one.word, "means": one.means, "pinyin": one.pinyin, "initials": one.initials}
        for one in Synonym.objects.all()
    ]
    outbox.record(SYNONYMS_PUBLISHED, "synonyms", {"at": canonical.moment(now), "synonyms": rows})
