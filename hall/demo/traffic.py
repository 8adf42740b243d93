"""Applications filed now by the demo's applicants, for trials and measurements."""

from collections.abc import Iterator
from random import Random

from django.conf import settings
from django.utils import timezone

from applications.models import Application
from hall.demo import city, filing
from hall.demo.filing import Applicants, DemoIncomplete
from matters.models import Matter


def file(count: int, *, size: int = 0, matter: str = "", seed: int | None = None) -> Iterator[Application]:
    """File ``count`` applications, one after the other; PDFs are padded to ``size`` bytes. DemoIncomplete names what is missing."""
    if not settings.IS_OUTER:
        raise DemoIncomplete("申请从外网提交：请在外网站点运行 demo_traffic。")
    applicants = Applicants.here([person.username for person in city.load().people])
    matters = _matters(matter)
    chance = Random(seed)
    for _number in range(count):
        chosen = chance.choice(matters)
        applicant = applicants.one_for(chosen, chance)
        case = filing.write_draft(applicants, applicant, chosen, at=timezone.localtime(), chance=chance)
        filing.hand_in(case, size=size, mark=f"{chance.getrandbits(48):012x}")
        yield filing.submit(case, applicant)


def _matters(slug: str) -> list[Matter]:
    paths = [path for path in city.guide_files() if not slug or path.stem == slug]
    codes = [city.guide_content(path)["header"]["code"] for path in paths]
    known = list(
        Matter.objects.filter(code__in=codes, active=True, online=True).select_related("current").order_by("code")
    )
    if not known:
        raise DemoIncomplete(
            f"没有事项 {slug}。" if slug and not codes else "办事指南还没有送到外网，请先交换一次批次文件。"
        )
    return known
