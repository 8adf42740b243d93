"""The life of a guide version, as those who keep the catalogue live it: written, reviewed, released by somebody else.

Draft → under review → approved → published → in force on its day → superseded or withdrawn. Four eyes: who wrote any part of
a version, or submitted it, neither approves nor publishes it. ``perform`` is the one act; ``matters.publishing`` does what
publication and withdrawal change, without asking who.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from identity.models import Role, User
from matters import editors, publishing, record
from matters.models import GuideChange, GuideVersion
from matters.publishing import NotPublishable

State = GuideVersion.State
Standing = GuideVersion.Standing
Action = GuideChange.Action
KEEPERS = editors.KEEPERS
MAX_OPINION = 2000


@dataclass(frozen=True)
class Move:
    """One move: from which standings, who may, what it asks for; ``author`` True: only authors, False: only others."""

    label: str
    sources: tuple[Standing, ...]
    action: Action
    roles: tuple[str, ...]
    target: State
    author: bool | None = None
    opinion: str = ""
    needs_opinion: bool = False
    needs_date: bool = False
    done: str = ""


MOVES: dict[str, Move] = {
    "submit": Move("提交审核", (Standing.DRAFT,), Action.SUBMITTED, (Role.EDITOR,), State.REVIEW, done="已提交审核，等同事审核。"),
    "take-back": Move(
        "收回修改", (Standing.REVIEW, Standing.APPROVED), Action.TAKEN_BACK, KEEPERS, State.DRAFT,
        author=True, done="已收回为草稿，可以继续修改。",
    ),
    "send-back": Move(
        "退回修改", (Standing.REVIEW, Standing.APPROVED), Action.RETURNED, KEEPERS, State.DRAFT,
        author=False, opinion="退回的意见", needs_opinion=True, done="已退回，编写人会看到您的意见。",
    ),
    "approve": Move(
        "审核通过", (Standing.REVIEW,), Action.APPROVED, KEEPERS, State.APPROVED,
        author=False, opinion="审核意见", done="已审核通过，等发布人发布。",
    ),
    "publish": Move(
        "发布", (Standing.APPROVED,), Action.PUBLISHED, (Role.PUBLISHER,), State.PUBLISHED,
        author=False, needs_date=True, done="已发布。",
    ),
    "withdraw": Move(
        "撤回", (Standing.IN_FORCE, Standing.SCHEDULED), Action.WITHDRAWN, (Role.PUBLISHER,), State.WITHDRAWN,
        opinion="撤回的理由", needs_opinion=True, done="已撤回。",
    ),
}  # fmt: skip


class MoveRefused(Exception):
    """The move cannot be made; ``str()`` says why. ``status`` as in HTTP: 403 this person may not, 409 not now, 422 not so."""

    def __init__(self, message: str, status: int) -> None:
        self.status = status
        super().__init__(message)


class VersionMoved(Exception):
    """Somebody moved or changed the version since the form was shown; ``version`` is what is there now."""

    def __init__(self, version: GuideVersion) -> None:
        self.version = version
        super().__init__("这一版在您打开页面之后有了变化。")


def authors_of(version: GuideVersion) -> QuerySet[GuideChange]:
    """The rows that say who made the version what it is: who wrote, imported or submitted it."""
    return version.changes.filter(action__in=GuideChange.AUTHORING)


def by_this_person(user: User) -> Q:
    """Rows of the record by this account; a row without account (from a command) counts by its name."""
    return Q(by=user) | Q(by=None, by_name=str(user))


def is_author(version: GuideVersion, user: User) -> bool:
    """Whether this person made any change to the version or submitted it."""
    return authors_of(version).filter(by_this_person(user)).exists()


def written_by(user: User) -> Exists:
    """The same as a condition on a query of versions."""
    rows = GuideChange.objects.filter(version=OuterRef("pk"), action__in=GuideChange.AUTHORING)
    return Exists(rows.filter(by_this_person(user)))


def why_not(move: Move, standing: Standing, roles: Collection[str], is_author: bool) -> MoveRefused | None:
    """Why a person with these roles in the guide's department cannot make a move; None when it can be made. Pure."""
    if standing not in move.sources:
        return MoveRefused(f"这一版现在是“{standing.label}”，不能{move.label}。", 409)
    if not set(move.roles).intersection(roles):
        return MoveRefused(f"{move.label}由本部门或主管部门的{_names(move.roles)}办理。", 403)
    if move.author and not is_author:
        return MoveRefused("只有编写或提交这一版的人可以收回；您可以写明意见，把它退回修改。", 403)
    if move.author is False and is_author:
        return MoveRefused(f"您编写或提交过这一版，{move.label}要由另一个人办理（四眼原则）。", 403)
    return None


def _names(roles: tuple[str, ...]) -> str:
    return "或".join(f"{Role(role).label}岗位" for role in roles)


def refusal(version: GuideVersion, name: str, user: User) -> MoveRefused | None:
    """Why this person cannot make the move now; None when it can be made (dates and opinions are asked by ``perform``)."""
    roles = editors.keeping(user).roles_in(version.matter.department_id)
    return why_not(MOVES[name], version.standing, roles, is_author(version, user))


def moves_for(version: GuideVersion, user: User) -> list[str]:
    """The names of the moves that this person can make now."""
    roles, author = editors.keeping(user).roles_in(version.matter.department_id), is_author(version, user)
    return [name for name, move in MOVES.items() if why_not(move, version.standing, roles, author) is None]


@transaction.atomic
def perform(
    version: GuideVersion, name: str, *, by: User, seen: str, opinion: str = "", effective_on: date | None = None
) -> GuideVersion:
    """Make a move of ``MOVES`` and write it into the record, or neither.

    ``seen`` is ``GuideVersion.seen`` as the form was shown it: VersionMoved when another one is there. MoveRefused says why
    not; NotPublishable lists what must be put right before submitting or publishing. ``effective_on``: not before today.
    """
    version = publishing.locked(version.pk)
    if version.seen != seen:
        raise VersionMoved(version)
    refused = refusal(version, name, by) or _refused_input(version, MOVES[name], opinion, effective_on)
    if refused:
        raise refused
    if name == "publish":
        return publishing.publish(version, by=by, effective_on=effective_on)
    if name == "withdraw":
        publishing.withdraw_version(version, by=by, reason=opinion.strip())
    else:
        _move(version, MOVES[name], by, opinion.strip())
    return GuideVersion.objects.select_related("matter__current").get(pk=version.pk)


def _refused_input(version: GuideVersion, move: Move, opinion: str, effective_on: date | None) -> MoveRefused | None:
    if move.needs_opinion and not opinion.strip():
        return MoveRefused(f"请写明{move.opinion}。", 422)
    if len(opinion) > MAX_OPINION:
        return MoveRefused(f"意见不能超过 {MAX_OPINION} 个字。", 422)
    return _refused_day(version, effective_on) if move.needs_date else None


def _refused_day(version: GuideVersion, day: date | None) -> MoveRefused | None:
    if day is None or day < timezone.localdate():
        return MoveRefused("生效日期不能早于今天。", 422)
    waiting = version.matter.versions.filter(state=State.PUBLISHED, effective_on__gt=day).order_by("number").last()
    if waiting is None:
        return None
    when = f"{waiting.effective_on:%Y年%-m月%-d日}"
    return MoveRefused(
        f"第 {waiting.number} 版定于{when}生效，这一版不能更早；不要第 {waiting.number} 版了，请先撤回它。", 422
    )


def _move(version: GuideVersion, move: Move, by: User, opinion: str) -> None:
    changes: dict[str, Any] = {"state": move.target, "revision": version.revision + 1, "updated_at": timezone.now()}
    if move.target == State.REVIEW:
        problems = publishing.problems_of(version)
        if problems:
            raise NotPublishable(problems)
        changes["content"] = publishing.whole_content(version)
    GuideVersion.objects.filter(pk=version.pk).update(**changes)
    record.note(version, move.action, by, note=opinion)
