"""Answers to parts of a form that come by program: all of a part at once, whole and right."""

from typing import Any

from django.http import Http404
from rest_framework.request import Request

from applications.api.applicant_serializers import SectionSerializer
from applications.api.refusals import Incomplete, checked
from matters.formdef import FormAnswers, FormDefinition
from matters.forms import clean_answers


def sent_part(request: Request, form: FormDefinition, stored: FormAnswers, key: str) -> Any:
    """The clean answers of the one part that was sent; 404 when the form has none of that name, 422 for what is wrong."""
    if key not in {section.key for section in form.sections}:
        raise Http404
    given = checked(SectionSerializer(data=request.data))["answers"]
    return clean_parts(form, stored, {key: given})[key]


def clean_parts(form: FormDefinition, stored: FormAnswers, given: FormAnswers) -> FormAnswers:
    """The clean answers of the given parts; 422 for what is wrong with them, whatever the stored others are like."""
    clean, errors = clean_answers(form, {**stored, **given})
    wrong = {path: texts for path, texts in errors.items() if path.partition(".")[0] in given}
    if wrong:
        raise Incomplete(wrong)
    return {key: clean[key] for key in given}
