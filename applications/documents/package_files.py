"""Public files of a package of matters: the joint form, its sample, and everything about it on one sheet."""

from django.conf import settings
from django.urls import reverse

from applications.documents import application_form, guide_sheet
from applications.documents.application_form import Page
from matters.joint.sheet import as_guide
from matters.models import JointMatter


def page(joint: JointMatter, which: str) -> Page:
    """The ``blank`` or ``sample`` joint form or the sheet (``guide``) of a published package."""
    assert joint.current is not None
    content = as_guide(joint.current.parsed, joint.lead.name).model_dump(mode="json")
    if which == "guide":
        return guide_sheet.guide_page(content, package_url(joint.code))
    make = {"blank": application_form.blank_page, "sample": application_form.sample_page}[which]
    return make(content)


def package_url(code: str) -> str:
    """The public page of a package, on the outer side."""
    return f"{settings.HALL_OUTER_URL}{reverse('matters:package', args=[code])}"
