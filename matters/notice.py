"""The personal list (一次性告知单): one guide as it reads for one situation, the same facts for page, paper and programs.

行政许可法 art. 30: what is asked of an applicant is made public beforehand; art. 32: told completely and at once.
"""

from dataclasses import dataclass

from matters import situations
from matters.checks.handling import longest_way
from matters.guide import FormDownload, Guide, GuideContent, Material
from matters.narrowing import known_total, narrow
from matters.scenario import Situation


@dataclass(frozen=True)
class Wanted:
    """A material to bring, with its blank form and sample where there are any."""

    material: Material
    download: FormDownload | None


@dataclass(frozen=True)
class Notice:
    """What somebody in this situation needs. ``total`` is in fen, None when an amount depends on the case."""

    content: GuideContent
    answers: list[tuple[str, str]]
    to_bring: list[Wanted]
    from_shared_data: list[Material]
    total: int | None
    route_days: int

    @property
    def guide(self) -> Guide:
        """The narrowed guide."""
        return self.content.guide


def notice(content: GuideContent, situation: Situation, *, english: bool = False) -> Notice:
    """The list for a clean situation; for an open one it holds everything that may still be needed."""
    narrowed = narrow(content, situation)
    materials = narrowed.guide.materials
    downloads = {one.material_key: one for one in narrowed.guide.form_downloads}
    return Notice(
        content=narrowed,
        answers=situations.words(content.scenario, situation, english=english),
        to_bring=[Wanted(one, downloads.get(one.key)) for one in materials if not one.shared_data],
        from_shared_data=[one for one in materials if one.shared_data],
        total=known_total(narrowed.guide),
        route_days=longest_way(narrowed.guide.route()),
    )
