"""The guide of a matter on A4 (一次性告知单): what to bring, how long, how much, where – the same words as the page."""

from typing import Any

from django.template.loader import render_to_string

from applications.clocks import Limit
from applications.documents.application_form import Page
from applications.documents.render import stylesheet
from applications.documents.seal import qr_uri
from matters import window
from matters.guide import GuideContent


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
    }
    html = render_to_string("documents/guide.html", facts)
    return Page(f"{guide.matter_name} 办事指南", html, stylesheet("form"))
