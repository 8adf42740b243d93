"""What the nightly check looks for in a published guide. Registered in ``apps.ready``."""

import re
from collections.abc import Iterator
from datetime import date

from matters import links, publishing, validity
from matters.models import CatalogueFinding, GuideVersion, Matter
from matters.upkeep import Found, nightly

Kind = CatalogueFinding.Kind
GENERATED = "generated"
EXPIRED = re.compile(r"[（(](?:已废止|已失效|废止|失效)[）)]|已(?:经)?(?:废止|失效)")


def guide_in_force(matter: Matter) -> GuideVersion:
    """The guide of a published matter, as the checks get it."""
    assert matter.current is not None
    version = matter.current
    version.matter = matter
    return version


@nightly
def check_content(matter: Matter, today: date) -> Iterator[Found]:
    """Today's checks of the twenty fields, which may ask more than those under which the guide was published."""
    for problem in publishing.problems_of(guide_in_force(matter)):
        yield Found(Kind.CONTENT, f"{problem.label}：{problem.message}")


@nightly
def check_basis(matter: Matter, today: date) -> Iterator[Found]:
    """A law that the guide itself calls repealed."""
    for basis in guide_in_force(matter).guide.legal_basis:
        if EXPIRED.search(f"{basis.title} {basis.doc_no} {basis.article}"):
            yield Found(Kind.BASIS, f"办理依据《{basis.title}》已注明废止或失效，请换成现行的依据。")


@nightly
def check_forms(matter: Matter, today: date) -> Iterator[Found]:
    """Every form to download has a blank and a filled sample that are there (law.md §5.2: 40 % had none)."""
    version = guide_in_force(matter)
    for download in version.guide.form_downloads:
        for what, where in (("空白表", download.blank), ("填写样表", download.sample)):
            if where == GENERATED and not version.form.sections:
                yield Found(Kind.FORM, f"“{download.name}”的{what}要由在线申请表生成，但这份指南没有在线申请表。")
            elif where and where != GENERATED and not links.is_address(where):
                yield Found(Kind.FORM, f"“{download.name}”的{what}“{where}”不是网址，也不是本站的文件，公众下载不到。")


@nightly
def check_links(matter: Matter, today: date) -> Iterator[Found]:
    """Addresses that lead nowhere: of this hall always, of others only with HALL_CHECK_LINKS."""
    guide = guide_in_force(matter).guide
    named = [("网上办理地址", guide.service_address.online_url), ("投诉网址", guide.contact.complaint_url)]
    named.append(("业务成果样本", guide.outcome.sample))
    for download in guide.form_downloads:
        named += [(f"“{download.name}”的空白表", download.blank), (f"“{download.name}”的填写样表", download.sample)]
    for what, address in named:
        trouble = links.trouble_with(address) if links.is_address(address) else ""
        if trouble:
            yield Found(Kind.LINK, f"{what} {address} {trouble}")


@nightly
def check_due(matter: Matter, today: date) -> Iterator[Found]:
    """The half-yearly confirmation that the guide still holds."""
    last = validity.due_day(matter)
    if last is not None and last < today:
        yield Found(Kind.DUE, f"应在 {last:%Y年%-m月%-d日} 前核对这份指南是否仍然有效，请核对后确认。")
