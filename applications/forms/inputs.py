"""Makers of the inputs that move forms are built from: each takes the case and gives a field with its sentences."""

from collections.abc import Callable, Iterable
from typing import Any

from django import forms

from applications.models import Application

Maker = Callable[[Application], forms.Field]


def text(label: str, help_text: str = "", rows: int = 3, longest: int = 2000) -> Maker:
    """A box of several lines."""

    def make(case: Application) -> forms.Field:
        return forms.CharField(
            label=label,
            help_text=help_text,
            max_length=longest,
            widget=forms.Textarea(attrs={"rows": rows, "class": "form-control"}),
            error_messages={"required": f"请填写{label}。", "max_length": f"{label}不能超过 {longest} 字。"},
        )

    return make


def line(label: str, help_text: str = "", longest: int = 200) -> Maker:
    """One line."""

    def make(case: Application) -> forms.Field:
        return forms.CharField(
            label=label,
            help_text=help_text,
            max_length=longest,
            widget=forms.TextInput(attrs={"class": "form-control"}),
            error_messages={"required": f"请填写{label}。", "max_length": f"{label}不能超过 {longest} 字。"},
        )

    return make


def choice(
    label: str, options: Callable[[Application], Iterable[tuple[Any, Any]]], help_text: str = "", *, radio: bool = True
) -> Maker:
    """One of the options: as buttons, or as a list where there may be many."""

    def make(case: Application) -> forms.Field:
        rows = list(options(case))
        return forms.ChoiceField(
            label=label,
            help_text=help_text,
            choices=rows if radio else [("", "请选择"), *rows],
            widget=forms.RadioSelect if radio else forms.Select(attrs={"class": "form-select"}),
            error_messages={"required": f"请选择{label}。", "invalid_choice": f"请在列出的选项里选择{label}。"},
        )

    return make
