"""The monthly report of supervision on A4."""

from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from applications.documents.application_form import Page
from applications.documents.render import stylesheet


def report_page(report: dict[str, Any], scope: str) -> Page:
    """The report for whoever supervises ``scope`` (names of departments, or of the hall)."""
    title = f"{scope}{report['month'].first:%Y}年{report['month'].first.month}月效能监察月报"
    facts = {"report": report, "title": title, "hall": settings.HALL_NAME}
    return Page(title, render_to_string("documents/report.html", facts), stylesheet("form"))
