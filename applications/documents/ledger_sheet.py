"""The clock ledger of a case on A4."""

from datetime import date
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from applications import ledger
from applications.documents.application_form import Page
from applications.documents.render import stylesheet
from applications.models import Application
from matters.workdays import Calendar


def ledger_page(case: Application, today: date, days: Calendar) -> Page:
    """Every limit of the case, line by line, as it stands today."""
    title = "期限台账"
    facts: dict[str, Any] = {
        "case": case,
        "title": title,
        "today": today,
        "accounts": ledger.accounts(case, today, days),
        "dates": ledger.three_dates(case, days),
        "hall": settings.HALL_NAME,
    }
    return Page(title, render_to_string("documents/ledger.html", facts), stylesheet("form"))
