"""The application form of a matter on A4: blank to print and fill by hand, as a filled sample, or filled from a case."""

import hashlib
from dataclasses import dataclass, replace
from typing import Any

from django.template.loader import render_to_string

from applications import pdf
from applications.documents import form_inputs, form_layout
from applications.documents.facts import CaseFacts
from applications.documents.form_inputs import Input
from applications.documents.render import stylesheet
from matters.formdef import FormAnswers
from matters.guide import GuideContent, Material

LAYOUT = 1  # raise it when ``fillable`` lays the fields differently: forms made before are then made again


@dataclass(frozen=True)
class Page:
    """A form as HTML, not yet a PDF; with ``inputs`` it becomes one that can be filled in on the screen."""

    title: str
    html: str
    css: str
    inputs: tuple[Input, ...] = ()

    def pdf(self) -> bytes:
        """The page as a PDF file; pdf.PdfUnavailable when this machine cannot make one."""
        if not self.inputs:
            return pdf.render(self.html, title=self.title, css=self.css)
        from applications.documents import fillable  # qpdf and a font: 10 MB that a courier does not need

        page, spots = pdf.render_with_spots(self.html, title=self.title, css=self.css)
        return fillable.lay(page, self.inputs, spots)

    @property
    def digest(self) -> str:
        """SHA-256 of all that the file depends on."""
        laid = f"{LAYOUT}{self.inputs}" if self.inputs else ""
        return hashlib.sha256(f"{self.css}{self.html}{laid}".encode()).hexdigest()


def blank_form(content: dict[str, Any]) -> bytes:
    """The empty form of a guide's content, to be filled in by hand or on the screen, with the list of materials."""
    return blank_page(content).pdf()


def sample_form(content: dict[str, Any]) -> bytes:
    """The form filled with the example of each field and marked 样表 on every page."""
    return sample_page(content).pdf()


def filled_form(content: dict[str, Any] | GuideContent, answers: FormAnswers, case: CaseFacts) -> bytes:
    """The form as the applicant filled it in online; a case without a number is still a draft, to be signed by hand.

    ``content`` is narrowed to the applicant's situation, where the matter has a scenario."""
    guide = GuideContent.model_validate(content)
    return _page(guide, answers, f"{form_title(guide)} {case.number}".strip(), case=case).pdf()


def blank_page(content: dict[str, Any]) -> Page:
    """What ``blank_form`` prints."""
    guide = GuideContent.model_validate(content)
    page = _page(guide, None, form_title(guide))
    return replace(page, inputs=tuple(form_inputs.inputs(guide.form, _papers(guide))))


def sample_page(content: dict[str, Any]) -> Page:
    """What ``sample_form`` prints."""
    guide = GuideContent.model_validate(content)
    return _page(guide, form_layout.example_answers(guide.form), f"{form_title(guide)}（样表）", is_sample=True)


def form_title(content: GuideContent) -> str:
    """The form's own title, or one made of the matter's name."""
    return content.form.title or f"{content.guide.matter_name}申请表"


def _page(
    content: GuideContent,
    answers: FormAnswers | None,
    title: str,
    *,
    case: CaseFacts | None = None,
    is_sample: bool = False,
) -> Page:
    facts = {
        "title": form_title(content),
        "guide": content.guide,
        "scenario": content.scenario,
        "blocks": form_layout.blocks(content.form, answers),
        "materials": _papers(content),
        "is_blank": answers is None,
        "is_sample": is_sample,
        "case": case,
        "handed_in": {one.name for one in case.materials} if case else set(),
    }
    return Page(title, render_to_string("documents/form.html", facts), stylesheet("form"))


def _papers(content: GuideContent) -> list[Material]:
    """The form need not be listed among the papers that go with it."""
    return [material for material in content.guide.materials if material.kind != "form"]
