"""Lists of a form that are filled when the form is made."""

import pytest
from django import forms

from identity.models import Department
from identity.offering import offer, offer_rows

pytestmark = pytest.mark.django_db


class Small(forms.Form):
    kind = forms.ChoiceField()
    department = forms.ModelChoiceField(queryset=Department.objects.none())
    words = forms.CharField()


def test_what_was_offered_can_be_chosen(market_bureau: Department) -> None:
    form = Small({"kind": "a", "department": market_bureau.pk, "words": "x"})
    offer(form, "kind", iter([("a", "甲")]))
    offer_rows(form, "department", Department.objects.all())
    assert form.is_valid(), form.errors
    assert form.cleaned_data["department"] == market_bureau
    assert "甲" in str(form["kind"])


def test_a_field_that_offers_nothing_is_a_mistake() -> None:
    with pytest.raises(TypeError):
        offer(Small(), "words", [("a", "甲")])
    with pytest.raises(TypeError):
        offer_rows(Small(), "kind", Department.objects.all())
