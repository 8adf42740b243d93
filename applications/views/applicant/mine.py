"""我的办件: the applicant's cases with their state, who has them, and what is due."""

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from applications import clocks, presenting, queries
from applications.drafts import Applicant
from applications.joint import queries as joint_queries
from applications.joint import standing
from applications.models import Application, JointCase
from applications.models.request import RequestState
from applications.requests import label as ask_label
from applications.states import ENDED, State
from applications.views.applicant.access import applicant_of, typed
from applications.views.tabs import tab_rows
from identity.acting import agencies_of
from matters import calendar
from matters.workdays import Calendar

PER_PAGE = 20
JOINT_ROWS = 20
TABS = {
    "all": ("全部", Q()),
    "todo": ("待我处理", Q(state__in=(State.DRAFT, State.CORRECTION))),
    "running": ("办理中", ~Q(state__in=(State.DRAFT, *ENDED))),
    "ended": ("已办结", Q(state__in=ENDED)),
}
TONES = {
    State.DRAFT: "",
    State.CORRECTION: "amber",
    State.GRANTED: "green",
    State.DELIVERED: "green",
    State.CLOSED: "green",
    State.REFUSED: "red",
    State.REJECTED_INTAKE: "red",
    State.SPECIAL: "amber",
}


def mine(request: HttpRequest) -> HttpResponse:
    """The cases of the name in which the person works now."""
    me = applicant_of(request)
    words = typed(request.GET, "q")
    tab = request.GET.get("tab") if request.GET.get("tab") in TABS else "all"
    rows = queries.filed_by(me.user, me.enterprise)
    if words:
        rows = rows.filter(Q(number__icontains="".join(words.split())) | Q(matter__name__icontains=words))
    page = Paginator(listed(rows.filter(TABS[tab or "all"][1])), PER_PAGE).get_page(request.GET.get("page"))
    days = calendar.current()
    joints = joint_queries.open_now(joint_queries.filed_by(me.user, me.enterprise))[:JOINT_ROWS]
    context = {
        "me": me,
        "name": me.enterprise.name if me.enterprise else me.person.name,
        "names": _names(me),
        "tabs": _tabs(rows, tab or "all", words),
        "tab": tab,
        "words": words,
        "page": page,
        "joints": [_joint_row(one) for one in joints] if page.number == 1 and not words else [],
        "cases": [case_row(case, timezone.localdate(), days) for case in page],
        "crumbs": [{"text": "我的办件"}],
    }
    return render(request, "applications/applicant/mine.html", context)


def listed(rows: QuerySet[Application]) -> QuerySet[Application]:
    """With everything a row shows, so that the number of queries does not grow with the rows."""
    rows = rows.select_related("joint_case").defer("joint_case__answers", *queries.LIST_FIELDS_DEFERRED)
    return rows.prefetch_related("route_steps__department", "requests").order_by("-id")


def case_row(case: Application, today: date, days: Calendar) -> dict[str, Any]:
    """One case as the list shows it."""
    due = case.correction_due if case.state == State.CORRECTION else case.next_due
    route = "task-list" if case.is_draft else "case"
    return {
        "case": case,
        "url": reverse(f"applications:{route}", args=[case.uid]),
        "tone": tone_of(case),
        "next": now_words(case),
        "due": due if not case.is_ended else None,
        "days_left": clocks.days_left(today, due, days) if due and not case.is_ended else None,
        "paused": case.state == State.SPECIAL,
    }


def tone_of(case: Application) -> str:
    """The colour of the state's label."""
    return TONES.get(State(case.state), "" if case.is_ended else "blue")


def now_words(case: Application) -> str:
    """Who has the case now, in words; what the applicant has sent and the office not yet answered comes first."""
    if case.is_draft:
        return "还没有提交，可以接着填写"
    sent = [one for one in case.requests.all() if one.standing == RequestState.SENT]
    if sent:
        return f"您的“{ask_label(sent[-1].action)}”已送出，等待窗口处理"
    return presenting.next_step(case)


def _joint_row(joint: JointCase) -> dict[str, Any]:
    children = list(joint.children.all())
    route = "joint-draft" if joint.is_draft else "joint-case"
    return {
        "joint": joint,
        "name": joint.version.joint.name,
        "url": reverse(f"applications:{route}", args=[joint.uid]),
        "state": "草稿" if joint.is_draft else standing.words(children),
        "tone": "" if joint.is_draft else standing.tone(children),
        "members": [child.matter.name for child in children],
    }


def _names(me: Applicant) -> list[dict[str, Any]]:
    """Every name in which the person has cases, with how many; empty when there is only one name."""
    agencies = list(agencies_of(me.user))
    if not agencies:
        return []
    grouped = queries.open_to(me.user).order_by().values("enterprise").annotate(count=Count("pk"))
    counts: dict[int | None, int] = {row["enterprise"]: row["count"] for row in grouped}
    names: list[tuple[str, str, int | None]] = [("", f"{me.person.name}（我本人）", None)]
    names += [(str(one.enterprise.uid), one.enterprise.name, one.enterprise_id) for one in agencies]
    here = me.enterprise.pk if me.enterprise else None
    return [
        {"value": value, "label": label, "count": counts.get(pk, 0), "current": pk == here}
        for value, label, pk in names
    ]


def _tabs(rows: QuerySet[Application], current: str, words: str) -> list[dict[str, Any]]:
    counts = rows.order_by().aggregate(
        **{name: Count("pk", filter=which) for name, (_, which) in TABS.items() if which}
    )
    counts["all"] = rows.count()
    return tab_rows({name: title for name, (title, _) in TABS.items()}, counts, current, words)
