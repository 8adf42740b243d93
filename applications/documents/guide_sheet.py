"""The guide of a matter on A4 (一次性告知单): what to bring, how long, how much, where – the same words as the page."""

from typing import Any

from django.template.loader import render_to_string

from applications.clocks import Limit
from applications.documents.application_form import Page
from applications.documents.render import stylesheet
from applications.documents.seal import qr_uri
from matters import window
from matters.guide import Guide, GuideContent

# What two pages hold at the usual size: letters, with a row of a table counted as a line of text.
MOST_LETTERS = 2300
ROW_LETTERS = 40


def guide_page(content: dict[str, Any], url: str) -> Page:
    """The sheet of a guide's content; ``url`` is the guide's public page, printed as a QR code."""
    parsed = GuideContent.model_validate(content)
    guide = parsed.guide
    facts = {
        "guide": guide,
        "header": parsed.header,
        "scenario": parsed.scenario,
        "url": url,
        "qr_uri": qr_uri(url),
        "law_limit": Limit(guide.feedback_limit.value, guide.feedback_limit.unit).words(),
        "promise_limit": Limit(guide.promised_limit.value, guide.promised_limit.unit).words(),
        "hours": window.hours_text(guide.acceptance_window),
        "is_long": _letters(guide) > MOST_LETTERS,
    }
    html = render_to_string("documents/guide.html", facts)
    return Page(f"{guide.matter_name} 办事指南", html, stylesheet("form"))


def _letters(guide: Guide) -> int:
    """Roughly how much there is to print."""
    texts = [basis.text + basis.title for basis in guide.legal_basis] + [one.text for one in guide.conditions]
    rows = [one.name + one.how_to for one in guide.materials] + [step.content for step in guide.procedure]
    lines = len(rows) + len(texts) + len(guide.district_points) + sum(map(bool, _narrowings(guide)))
    return sum(map(len, texts + rows)) + ROW_LETTERS * lines


def _narrowings(guide: Guide) -> list[list[str]]:
    """When each part of the guide applies; a part that does not always apply says so in a line of its own."""
    ways = [one.only_when for one in guide.conditions] + [one.only_when for one in guide.materials]
    return ways + [one.only_when for one in guide.fee_standard.items] + [one.only_when for one in guide.procedure]
