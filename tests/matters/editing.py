"""The editor's page as a browser without script sends it: every input with what it shows."""

from collections import defaultdict
from html.parser import HTMLParser
from typing import Any

from django.test import Client
from django.urls import reverse

from matters.models import Matter

Sent = dict[str, list[str]]


def edit_url(matter: Matter, route: str = "edit") -> str:
    """The address of one of the editor's routes."""
    return reverse(f"catalogue:{route}", args=[matter.uid])


class Inputs(HTMLParser):
    """Collects the inputs of the editor's form."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: Sent = defaultdict(list)
        self.inside = self.in_template = False
        self.select = self.textarea = ""
        self.chosen: str | None = None
        self.first: str | None = None
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        if tag == "form":
            self.inside = "editor-form" in given.get("class", "")
        elif tag == "template":
            self.in_template = True
        if not self.inside or self.in_template:
            return
        if tag == "input" and "name" in given:
            self._input(given)
        elif tag == "select":
            self.select, self.chosen, self.first = given["name"], None, None
        elif tag == "option" and self.select:
            self.first = given.get("value", "") if self.first is None else self.first
            if "selected" in given:
                self.chosen = given.get("value", "")
        elif tag == "textarea":
            self.textarea, self.text = given["name"], ""

    def _input(self, given: dict[str, str]) -> None:
        if given.get("type") not in ("checkbox", "radio") or "checked" in given:
            value = given.get("value", "on")
            self.sent[given["name"]].append(value.replace("\n", "") if given.get("type") == "text" else value)

    def handle_data(self, data: str) -> None:
        if self.textarea:
            self.text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "template":
            self.in_template = False
        elif tag == "form":
            self.inside = False
        elif tag == "select" and self.select:
            self.sent[self.select].append(self.chosen if self.chosen is not None else self.first or "")
            self.select = ""
        elif tag == "textarea" and self.textarea:
            # A browser swallows the first line break of a textarea and sends the others as CR LF.
            self.sent[self.textarea].append(self.text.removeprefix("\n").replace("\n", "\r\n"))
            self.textarea = ""


def page_of(client: Client, matter: Matter) -> Sent:
    """What the page sends when nobody touches it."""
    parser = Inputs()
    parser.feed(client.get(edit_url(matter)).content.decode())
    return parser.sent


def with_typed(sent: Sent, **typed: Any) -> Sent:
    """The page with something else in some inputs (dots written as __)."""
    changed = {name: list(values) for name, values in sent.items()}
    for name, value in typed.items():
        changed[name.replace("__", ".")] = value if isinstance(value, list) else [value]
    return changed
