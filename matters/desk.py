"""The desk of the catalogue: which matters stand under which tab, and what each waits for."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from identity.models import User
from matters import reviewing
from matters.editors import Keeping
from matters.models import CatalogueFinding, GuideChange, GuideVersion, Matter

State = GuideVersion.State
Standing = GuideVersion.Standing
TITLES = {
    "draft": "草稿", "review": "待我审核", "approved": "待发布", "published": "已发布", "scheduled": "待生效",
    "withdrawn": "已撤回", "findings": "要复核", "all": "全部",
}  # fmt: skip
TONES = {
    Standing.DRAFT: "", Standing.REVIEW: "amber", Standing.APPROVED: "blue", Standing.SCHEDULED: "blue", Standing.IN_FORCE: "green",
    Standing.SUPERSEDED: "", Standing.WITHDRAWN: "red",
}  # fmt: skip
# A word on the button for the first of these moves that the person can make.
NEXT_MOVES = {"approve": "审核", "publish": "发布"}


@dataclass
class Line:
    """One matter of the desk: the version that the tab is about, what it waits for, and what this person does next."""

    matter: Matter
    version: GuideVersion | None
    standing: Standing | None
    waits: str
    move: str = ""
    edits: bool = False
    beside: str = ""
    findings: list[CatalogueFinding] = field(default_factory=list)

    @property
    def tone(self) -> str:
        """The colour of its tag."""
        return TONES.get(self.standing, "") if self.standing else ""

    @property
    def action(self) -> str:
        """The word on the row's button."""
        return NEXT_MOVES.get(self.move) or ("编辑" if self.edits else "查看")


def conditions(user: User, today: date) -> dict[str, Q]:
    """What puts a matter under each tab."""
    versions = GuideVersion.objects.filter(matter=OuterRef("pk"))
    mine_to_review = versions.filter(state=State.REVIEW).exclude(reviewing.written_by(user))
    scheduled = versions.filter(state=State.PUBLISHED, effective_on__gt=today)
    return {
        "draft": Q(Exists(versions.filter(state=State.DRAFT))),
        "review": Q(Exists(mine_to_review)),
        "approved": Q(Exists(versions.filter(state=State.APPROVED))),
        "published": Q(current__isnull=False),
        "scheduled": Q(Exists(scheduled)),
        "withdrawn": Q(Exists(versions.filter(state=State.WITHDRAWN)), current__isnull=True) & ~Q(Exists(scheduled)),
        "findings": Q(Exists(CatalogueFinding.objects.filter(matter=OuterRef("pk"), resolved_at=None))),
        "all": Q(),
    }


def counts(matters: QuerySet[Matter], user: User, today: date) -> dict[str, int]:
    """How many of the matters stand under each tab, in one query."""
    wanted = {name: Count("pk", filter=one) if one else Count("pk") for name, one in conditions(user, today).items()}
    found: dict[str, int] = matters.order_by().aggregate(**wanted)
    return found


def with_versions(matters: QuerySet[Matter]) -> QuerySet[Matter]:
    """The matters with ``kept_versions`` (without their contents) and ``open_findings``: two queries for all."""
    versions = GuideVersion.objects.defer("content").order_by("-number")
    findings = CatalogueFinding.objects.filter(resolved_at=None).order_by("kind", "pk")
    return matters.select_related("department").prefetch_related(
        Prefetch("versions", queryset=versions, to_attr="kept_versions"),
        Prefetch("findings", queryset=findings, to_attr="open_findings"),
    )


class Teller:
    """Tells what each matter of a page waits for, for one person. Reads the record of all its versions at once."""

    def __init__(self, matters: Iterable[Matter], user: User, keeping: Keeping, tab: str) -> None:
        self.keeping, self.tab = keeping, tab
        shown = [self.version_of(matter) for matter in matters]
        pks = [version.pk for version in shown if version is not None and version.state in GuideVersion.UNPUBLISHED]
        mine = GuideChange.objects.filter(version__in=pks, action__in=GuideChange.AUTHORING)
        self.authored = set(mine.filter(reviewing.by_this_person(user)).values_list("version_id", flat=True))
        self.returned = last_opinions(pks)

    def version_of(self, matter: Matter) -> GuideVersion | None:
        """The version that the tab is about: the one on its way, waiting, in force or withdrawn."""
        versions: list[GuideVersion] = matter.kept_versions  # type: ignore[attr-defined]
        by_pk = {version.pk: version for version in versions}
        matter.current = by_pk.get(matter.current_id or 0)
        for version in versions:
            version.matter = matter
        wanted = {
            "published": (Standing.IN_FORCE,),
            "findings": (Standing.IN_FORCE,),
            "scheduled": (Standing.SCHEDULED,),
            "withdrawn": (Standing.WITHDRAWN,),
        }.get(self.tab, (*map(Standing, GuideVersion.UNPUBLISHED), Standing.SCHEDULED, Standing.IN_FORCE))
        fitting = [version for version in versions if version.standing in wanted]
        return min(fitting or versions, key=lambda one: _rank(one, wanted), default=None)

    def line(self, matter: Matter) -> Line:
        """One matter as a line."""
        version = self.version_of(matter)
        findings: list[CatalogueFinding] = matter.open_findings  # type: ignore[attr-defined]
        if version is None:
            return Line(matter, None, None, "还没有指南", findings=findings)
        roles = self.keeping.roles_in(matter.department_id)
        is_author = version.pk in self.authored
        standing = version.standing
        can = [n for n in NEXT_MOVES if reviewing.why_not(reviewing.MOVES[n], standing, roles, is_author) is None]
        edits = standing == Standing.DRAFT and "editor" in roles
        line = Line(matter, version, standing, "", can[0] if can else "", edits, findings=findings)
        line.waits = self._waits(line, is_author)
        coming = next((one for one in matter.kept_versions if one.state in GuideVersion.UNPUBLISHED), None)  # type: ignore[attr-defined]
        if coming is not None and coming.pk != version.pk:
            line.beside = f"第 {coming.number} 版：{coming.get_state_display()}"
        return line

    def _waits(self, line: Line, is_author: bool) -> str:
        version, standing = line.version, line.standing
        assert version is not None
        if self.tab == "findings" and line.findings:
            more = f"（共 {len(line.findings)} 处）" if len(line.findings) > 1 else ""
            return f"{line.findings[0].sentence}{more}"
        if standing == Standing.DRAFT:
            opinion = self.returned.get(version.pk)
            return f"已退回：{opinion}" if opinion else "等编写完成，提交审核"
        if standing in (Standing.REVIEW, Standing.APPROVED):
            return _waits_for(line, is_author)
        return when_words(version)


def _rank(version: GuideVersion, wanted: tuple[Standing, ...]) -> tuple[int, int]:
    place = wanted.index(version.standing) if version.standing in wanted else len(wanted)
    return place, -version.number


def _waits_for(line: Line, is_author: bool) -> str:
    what, who = ("审核", "同事") if line.standing == Standing.REVIEW else ("发布", "发布人")
    if line.move:
        return f"等您{what}"
    return f"等{who}{what}" + ("（您写过这一版，要由别人办理）" if is_author else "")


def when_words(version: GuideVersion) -> str:
    """Since when a published version is in force, or when it will be; when a withdrawn one was withdrawn."""
    if version.standing == Standing.WITHDRAWN:
        return f"{version.withdrawn_on:%Y年%-m月%-d日}撤回" if version.withdrawn_on else "已撤回"
    word = {Standing.SCHEDULED: "起生效", Standing.IN_FORCE: "起施行"}.get(version.standing, "起施行，已被替代")
    return f"{version.effective_on:%Y年%-m月%-d日}{word}" if version.effective_on else ""


def last_opinions(versions: Iterable[int]) -> dict[int, str]:
    """The opinion with which each version was last sent back, unless it was submitted again since."""
    deciding = (GuideChange.Action.RETURNED, GuideChange.Action.SUBMITTED, GuideChange.Action.TAKEN_BACK)
    rows = GuideChange.objects.filter(version__in=list(versions), action__in=deciding).order_by("pk")
    found: dict[int, str] = defaultdict(str)
    for version, action, note in rows.values_list("version_id", "action", "note"):
        found[version] = note if action == GuideChange.Action.RETURNED else ""
    return {version: note for version, note in found.items() if note}
