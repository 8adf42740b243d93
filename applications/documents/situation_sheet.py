"""The personal list on A4 (一次性告知单): what one situation needs, the same facts as the page it is printed from."""

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from applications.clocks import Limit
from applications.documents.application_form import Page
from applications.documents.render import stylesheet
from applications.documents.seal import qr_uri
from matters import situations, window
from matters.guideview import stages
from matters.models import GuideVersion
from matters.notice import notice
from matters.scenario import Situation


def situation_page(version: GuideVersion, situation: Situation) -> Page:
    """The sheet for a clean, complete situation; its QR code leads to the same answers on the public site."""
    told = notice(version.parsed, situation)
    guide = told.guide
    url = situation_url(version.header.code, situation)
    facts = {
        "notice": told,
        "guide": guide,
        "header": version.header,
        "version": version,
        "url": url,
        "qr_uri": qr_uri(url),
        "law_limit": Limit(guide.feedback_limit.value, guide.feedback_limit.unit).words(),
        "promise_limit": Limit(guide.promised_limit.value, guide.promised_limit.unit).words(),
        "hours": window.hours_text(guide.acceptance_window),
        "stages": stages(told.content),
        "has_form": bool(version.form.sections),
    }
    html = render_to_string("documents/situation.html", facts)
    return Page(f"{guide.matter_name} 一次性告知单", html, stylesheet("form"))


def situation_url(code: str, situation: Situation) -> str:
    """The public result page of a situation, on the outer side."""
    return f"{settings.HALL_OUTER_URL}{reverse('matters:situation', args=[code])}?{situations.query(situation)}"
