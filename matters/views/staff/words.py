"""The words people search with: what found nothing, the synonyms that cure it, and which guides are read most."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from identity.models import User
from matters import queries, synonyms
from matters.models import Synonym, SynonymChange
from matters.synonyms import NotKept
from matters.views.staff.access import keeper
from matters.views.staff.desk import tabs

ROWS = 50
MOST_READ = 10
CHANGES = 10


class SynonymForm(forms.Form):
    """A synonym as it is typed."""

    word = forms.CharField(label="大家的说法", max_length=40, help_text="大家在搜索框里写的词，例如“驾照”。")
    means = forms.CharField(
        label="指南里的说法", max_length=40, help_text="事项名称或材料里的正式说法，例如“机动车驾驶证”。"
    )


def words(request: HttpRequest) -> HttpResponse:
    """Searches that found nothing, synonyms with a form to add one, and what is searched for and read most."""
    by = keeper(request)
    form = SynonymForm(request.POST or None, initial={"word": request.GET.get("word", "")})
    if request.method == "POST" and form.is_valid() and _add(form, by):
        messages.success(request, "同义词已添加，公众网站收到下一个批次后生效。")
        return redirect("catalogue:words")
    known = list(Synonym.objects.all())
    context = {
        "tabs": tabs(request),
        "form": form,
        "synonyms": known,
        "missed": queries.missed_words()[:ROWS],
        "searched": queries.searched_words()[:ROWS],
        "cured": {synonym.word for synonym in known},
        "most_read": queries.most_read(MOST_READ),
        "changes": SynonymChange.objects.all()[:CHANGES],
        "crumbs": [{"text": "事项管理", "url": reverse("catalogue:desk")}, {"text": "搜索词"}],
    }
    return render(request, "matters/staff/words.html", context, status=422 if form.is_bound else 200)


def word(request: HttpRequest, pk: int) -> HttpResponse:
    """Change one synonym, or remove it."""
    by, synonym = _fetch(request, pk)
    form = SynonymForm(request.POST or None, initial={"word": synonym.word, "means": synonym.means})
    if request.method == "POST" and form.is_valid() and _change(form, synonym, by):
        messages.success(request, "同义词已修改，公众网站收到下一个批次后生效。")
        return redirect("catalogue:words")
    context: dict[str, Any] = {
        "tabs": tabs(request),
        "form": form,
        "synonym": get_object_or_404(Synonym, pk=pk),
        "crumbs": [
            {"text": "事项管理", "url": reverse("catalogue:desk")},
            {"text": "搜索词", "url": reverse("catalogue:words")},
            {"text": "修改同义词"},
        ],
    }
    return render(request, "matters/staff/word.html", context, status=422 if form.is_bound else 200)


@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a synonym out."""
    by, synonym = _fetch(request, pk)
    synonyms.remove(synonym, by=by)
    messages.success(request, f"已删除同义词“{synonym}”。")
    return redirect("catalogue:words")


def _fetch(request: HttpRequest, pk: int) -> tuple[User, Synonym]:
    """The synonyms are the whole catalogue's: every keeper may change each."""
    return keeper(request), get_object_or_404(Synonym, pk=pk)


def _add(form: SynonymForm, by: User) -> bool:
    try:
        synonyms.add(form.cleaned_data["word"], form.cleaned_data["means"], by=by)
    except NotKept as problem:
        form.add_error("word", str(problem))
        return False
    return True


def _change(form: SynonymForm, synonym: Synonym, by: User) -> bool:
    try:
        synonyms.change(synonym, form.cleaned_data["word"], form.cleaned_data["means"], by=by)
    except NotKept as problem:
        form.add_error("word", str(problem))
        return False
    return True
