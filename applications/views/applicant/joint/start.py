"""Begin a joint application: which members, in whose name, and whether there is a draft already."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from applications.drafts import Applicant
from applications.errors import NotPossible
from applications.joint import drafts, opening
from applications.models import JointCase
from applications.views.applicant.access import applicant_of
from applications.views.applicant.names import Name, names_of, usual
from identity import acting
from matters.joint import merging
from matters.joint.guide import Package
from matters.joint.reading import name_of
from matters.models import JointMatter
from matters.views.packages import get_package


def start(request: HttpRequest, code: str) -> HttpResponse:
    """Explain what is coming, let the person choose members and a name, and begin or continue the draft."""
    me = applicant_of(request)
    joint = get_package(code.replace("\0", ""))
    assert joint.current is not None
    package = joint.current.package
    chosen = _chosen(request, package)
    closed = opening.closed_because(joint, opening.obligatory(package), timezone.now())
    if closed:
        return _closed(request, joint, closed)
    names = names_for(me, joint, package)
    if request.method == "POST":
        return _begin(request, joint, names, chosen)
    return _page(request, joint, names, chosen, name=usual(names, me))


def _chosen(request: HttpRequest, package: Package) -> list[str]:
    """The members ticked, or those of the situations in the address; the obligatory ones always."""
    ticked = {*request.POST.getlist("member"), *request.GET.getlist("member")}
    when = set(request.GET.getlist("when"))
    return [one.code for one in package.members if not one.when or one.code in ticked or one.when in when]


def names_for(me: Applicant, joint: JointMatter, package: Package) -> list[Name[JointCase]]:
    """The names that the package could be applied for in. Who can file what is obligatory can begin."""
    matters = opening.members(opening.obligatory(package))
    return names_of(
        me,
        unfit=lambda one: opening.unfit_because(matters, one),
        draft=lambda one: drafts.existing(one, joint),
    )


def _begin(request: HttpRequest, joint: JointMatter, names: list[Name[JointCase]], chosen: list[str]) -> HttpResponse:
    wanted = request.POST.get("name", "")
    name = next((one for one in names if one.value == wanted), None)
    errors = problems(name, chosen)
    if errors or name is None:
        return _page(request, joint, names, chosen, name=wanted, errors=errors)
    acting.choose(request, name.applicant.enterprise)
    try:
        if "again" in request.POST:
            draft, is_new = drafts.begin(name.applicant, joint, chosen), True
        else:
            draft, is_new = drafts.begin_once(name.applicant, joint, chosen)
    except NotPossible as refused:
        return _page(request, joint, names, chosen, name=wanted, errors={"members": refused.message})
    if is_new:
        return redirect("applications:joint-draft", uid=draft.uid)
    context = {"joint": joint, "name": name, "draft": draft, "chosen": chosen}
    return render(request, "applications/applicant/joint/draft_exists.html", context)


def problems(name: Name[JointCase] | None, chosen: list[str]) -> dict[str, str]:
    """What is wrong with what was chosen: field → sentence."""
    if name is None:
        return {"name": "请选择以谁的名义申请。"}
    if name.unfit:
        return {"name": name.unfit}
    matters = opening.members(chosen)
    closed = [sentence for matter in matters if (sentence := opening.closed_member(matter, timezone.now()))]
    unfit = opening.unfit_because(matters, name.applicant)
    return {"members": sentence} if (sentence := next(iter(closed), "") or unfit) else {}


def _closed(request: HttpRequest, joint: JointMatter, reason: str) -> HttpResponse:
    return render(request, "applications/applicant/joint/closed.html", {"joint": joint, "reason": reason})


def _page(
    request: HttpRequest,
    joint: JointMatter,
    names: list[Name[JointCase]],
    chosen: list[str],
    *,
    name: str,
    errors: dict[str, str] | None = None,
) -> HttpResponse:
    assert joint.current is not None
    package = joint.current.package
    narrowed = merging.narrowed(package, chosen)
    context: dict[str, Any] = {
        "joint": joint,
        "members": member_rows(package, chosen),
        "names": names,
        "chosen_name": name,
        "errors": [{"message": text, "href": f"#{field}"} for field, text in (errors or {}).items()],
        "field_errors": errors or {},
        "can_apply": any(not one.unfit for one in names),
        "materials": [one for one in narrowed.materials if one.necessity == "必要" and one.kind != "form"],
        "crumbs": [
            {"text": joint.name, "url": reverse("matters:package", args=[joint.code])},
            {"text": "在线联合申请"},
        ],
    }
    return render(request, "applications/applicant/joint/start.html", context)


def member_rows(package: Package, chosen: list[str]) -> list[dict[str, Any]]:
    """The members as check boxes: what each is, and whether it may be left out."""
    return [
        {"facts": one, "name": name_of(one), "is_fixed": not one.when, "is_chosen": one.code in chosen}
        for one in package.members
    ]
