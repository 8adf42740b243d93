"""Keeping one part of a form, the same for every page that asks one: nothing typed is lost, only the button ``go`` judges."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, Protocol

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone

from applications.errors import NotPossible
from matters.formdef import FormAnswers, FormDefinition, Section
from matters.forms import SectionForm, SectionRows, build_form, wants_row

AnyForm = SectionForm | SectionRows


class Keep(Protocol):
    """Stores what was typed; NotPossible when it may not be changed now."""

    def __call__(self, content: Any, *, complete: bool) -> None: ...


@dataclass(frozen=True)
class Keeping:
    """One part of a form on one page: how it is kept, and where its buttons lead."""

    part: Section
    answers: FormAnswers  # of all parts: questions depend on each other
    keep: Keep
    page: Callable[[AnyForm], HttpResponse]  # the same page again, with what is wrong
    finish: Callable[[], str]  # the address after a complete part
    overview: str  # the address after leaving it unfinished
    refuse: Callable[[NotPossible], HttpResponse]
    was_complete: bool = False

    def form(self, request: HttpRequest) -> AnyForm:
        """The form with what was sent."""
        return build_form(self.part, request.POST, answers=self.answers)


def find(definition: FormDefinition, key: str) -> Section:
    """The section of the form; 404 when it has none of that name."""
    try:
        return definition.section(key)
    except KeyError as error:
        raise Http404 from error


def next_open(definition: FormDefinition, part: Section, done: Collection[str]) -> str:
    """The key of the first later section that is not done; empty when there is none."""
    keys = [one.key for one in definition.sections]
    return next((key for key in keys[keys.index(part.key) + 1 :] if key not in done), "")


def save(request: HttpRequest, keeping: Keeping) -> HttpResponse:
    """Keep the part and go where the pressed button leads."""
    form = keeping.form(request)
    here = request.get_full_path()
    if not _is_whole(form):
        messages.error(request, "页面不完整，这次的修改没有保存。请重新填写。")
        return redirect(here)
    goes_on, adds_row = "go" in request.POST, wants_row(keeping.part, request.POST)
    is_complete = goes_on and form.is_valid()
    content = _kept(form, is_complete) if goes_on else _with_row(keeping.part, form, adds_row)
    try:
        keeping.keep(content, complete=is_complete)
    except NotPossible as refused:
        return keeping.refuse(refused)
    if is_complete:
        return redirect(keeping.finish())
    if goes_on:
        return keeping.page(form)
    if "leave" in request.POST:
        return redirect(keeping.overview)
    return redirect(f"{here}#rows-end" if adds_row else here)


def autosave(request: HttpRequest, keeping: Keeping) -> JsonResponse:
    """Keep what is typed so far and say when; a part that was complete and no longer is, is open again."""
    form = keeping.form(request)
    if not _is_whole(form):
        return JsonResponse({"code": "bad_request", "message": "页面不完整，请刷新后重新填写。"}, status=400)
    is_complete = keeping.was_complete and form.is_valid()
    try:
        keeping.keep(_kept(form, is_complete), complete=is_complete)
    except NotPossible as refused:
        return JsonResponse({"code": refused.code, "message": refused.message}, status=409)
    return JsonResponse({"saved_at": timezone.localtime().strftime("%H:%M")})


def form_errors(form: AnyForm) -> list[dict[str, str]]:
    """All messages of a section for the summary on top, each leading to its field; none before anything was sent."""
    if not form.is_bound:
        return []
    found = []
    if isinstance(form, SectionRows):
        found = [{"message": str(message)} for message in form.non_form_errors()]
    for number, row in enumerate(form.rows, start=1):
        where = f"第 {number} 行，" if isinstance(form, SectionRows) else ""
        for name, texts in row.errors.items():
            if name == "__all__":
                found += [{"message": f"{where}{text}"} for text in texts]
                continue
            field = row[name]
            href = f"#{field.id_for_label or field.auto_id}"
            found += [{"message": f"{where}{field.label}：{text}", "href": href} for text in texts]
    return found


def _is_whole(form: AnyForm) -> bool:
    """Whether the page sent all of itself; without the row counter a table would seem to be empty."""
    return not isinstance(form, SectionRows) or form.management_form.is_valid()


def _kept(form: AnyForm, is_complete: bool) -> Any:
    """What is stored: clean answers of a complete part, otherwise what was typed, right or wrong."""
    return form.answers if is_complete else form.typed


def _with_row(part: Section, form: AnyForm, adds_row: bool) -> Any:
    """What was typed, one empty row more when the person asked for it."""
    rows = form.typed
    return [*rows, {}] if adds_row and len(rows) < part.max_rows else rows
