"""What staff say about the merge of a package: which rows are one, which are not, and what they are called."""

import uuid
from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse

from matters.joint import figures, hints, publishing, rules
from matters.joint.guide import Grouping
from matters.joint.publishing import JointMoved, Standing
from matters.joint.rows import PART_NAMES, Row, rows
from matters.models import JointMatter, JointVersion
from matters.views.staff.access import keeper
from matters.views.staff.joint import crumbs
from matters.views.staff.joint_access import get_draft, seen_by


def merge(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """GET the merge as tables; POST keeps the names typed and puts rows together or takes them apart."""
    joint, version = get_draft(request, uid)
    part = request.POST.get("part", "")
    if request.method == "POST" and part in rules.PARTS:
        return _merged(request, joint, version, part)
    return _tables(request, joint, version)


def _merged(request: HttpRequest, joint: JointMatter, version: JointVersion, part: str) -> HttpResponse:
    content = version.parsed
    table = _rows(version, publishing.standing(version))[part]
    groupings = _acted(request.POST, table, getattr(content.rules, part))
    values = content.model_dump()
    values["rules"][part] = [grouping.model_dump() for grouping in groupings]
    try:
        publishing.save(version, values, by=keeper(request), seen=seen_by(request))
    except JointMoved as moved:
        messages.warning(
            request, "这份草稿在您打开之后被别人修改过，下面是现在的样子，您刚才的这一步没有做，请再做一次。"
        )
        return _tables(request, joint, moved.version, status=409)
    except ValueError as wrong:
        messages.error(request, str(wrong))
        return _tables(request, joint, version, status=422)
    return HttpResponseRedirect(f"{reverse('catalogue:joint-merge', args=[joint.uid])}#{part}")


def _acted(sent: QueryDict, table: Sequence[Row], groupings: list[Grouping]) -> list[Grouping]:
    """The groupings after the names that were typed and the button that was pressed."""
    by_id = {row.id: row for row in table}
    for row in table:
        name = sent.get(f"name:{row.id}", "").strip()[:200]
        if name and name != row.name:
            groupings = rules.named(groupings, row.refs, name)
    picked = [by_id[key] for key in sent.getlist("pick") if key in by_id]
    if pair := sent.get("pair"):
        picked = [by_id[key] for key in pair.split("|") if key in by_id]
    if ("join" in sent or "pair" in sent) and len(picked) > 1:
        name = sent.get(f"name:{picked[0].id}", "").strip()[:200] or picked[0].name
        return rules.joined(groupings, [row.refs for row in picked], name)
    if (key := sent.get("split")) in by_id:
        return rules.parted(groupings, by_id[key].refs)
    if (key := sent.get("automatic")) in by_id:
        return rules.automatic(groupings, by_id[key].refs)
    return groupings


def _rows(version: JointVersion, standing: Standing) -> dict[str, list[Row]]:
    return {
        part: rows(part, version.parsed, standing.package, standing.guides, standing.problems) for part in rules.PARTS
    }


def _tables(request: HttpRequest, joint: JointMatter, version: JointVersion, status: int = 200) -> HttpResponse:
    standing = publishing.standing(version)
    tables = _rows(version, standing)
    found = {
        "materials": hints.materials(standing.package),
        "sections": hints.sections([(row.name, row.refs) for row in tables["sections"]]),
        "fields": hints.fields(standing.package),
    }
    context = {
        "joint": joint,
        "version": version,
        "tables": [(part, PART_NAMES[part], tables[part], found[part]) for part in rules.PARTS],
        "figures": figures.figures(standing.package),
        "has_members": bool(standing.package.members),
        "crumbs": crumbs(joint, "合并"),
    }
    return render(request, "matters/staff/joint/merge.html", context, status=status)
