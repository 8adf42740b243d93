"""What an officer keeps for the work list: columns, saved filters, shortcuts on or off, templates of opinions."""

from django.db.models import Q, QuerySet

from applications.actors import Actor
from applications.errors import DataMissing
from applications.models import DeskHabits, OpinionTemplate, SavedFilter
from identity.models import User

# Columns that can be left out; limit and matter always stand.
COLUMNS = {
    "whom": "申请人",
    "stands": "状态和环节",
    "organ": "部门",
    "hand": "经办",
    "labels": "标签",
    "promise": "承诺日",
    "law": "法定日",
}
USUAL = ("whom", "stands", "organ", "hand", "labels")
MOST_FILTERS = 20
FILTERED_BY = ("q", "state", "department", "label", "sort")


def of(user: User) -> DeskHabits:
    """One's habits, or the usual ones; not saved."""
    return DeskHabits.objects.filter(user=user).first() or DeskHabits(user=user, columns=list(USUAL))


def keep(user: User, *, columns: list[str], shortcuts: bool) -> None:
    """Keep the columns (unknown ones are left out) and whether keys work."""
    known = [name for name in COLUMNS if name in columns]
    DeskHabits.objects.update_or_create(user=user, defaults={"columns": known, "shortcuts": shortcuts})


def save_filter(user: User, name: str, query: dict[str, str]) -> SavedFilter:
    """Keep a list under a name; the same name again replaces it. DataMissing without a name or with too many."""
    name = name.strip()
    if not name or len(name) > 30:
        raise DataMissing({"name": "请给这个列表起一个 30 个字以内的名称。"})
    mine = SavedFilter.objects.filter(user=user)
    if mine.exclude(name=name).count() >= MOST_FILTERS:
        raise DataMissing({"name": f"最多保存 {MOST_FILTERS} 个列表，请先删除不用的。"})
    kept = {key: value for key, value in query.items() if key in ("tab", *FILTERED_BY) and value}
    return SavedFilter.objects.update_or_create(user=user, name=name, defaults={"query": kept})[0]


def templates_for(actor: Actor, action: str) -> QuerySet[OpinionTemplate]:
    """The words this person may put into a move: one's own and those of one's departments."""
    return templates_of(actor).filter(action__in=("", action))


def templates_of(actor: Actor) -> QuerySet[OpinionTemplate]:
    """One's own templates and those of one's departments."""
    mine = Q(user=actor.user_id) | Q(department__in={department for department, _ in actor.posts})
    return OpinionTemplate.objects.filter(mine)
