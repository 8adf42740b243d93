"""A person with a browser that has no JavaScript: opens pages, fills in the forms that are on them, follows redirects.

    visitor = hall.visitor(hall.outer)
    visitor.login("liming")
    page = visitor.get("/matters/")
    page = visitor.submit(page.form(button="提交"), {"name": "青禾餐饮"}, files={"file": ("a.pdf", data)})
    assert "已提交" in page.text

``form.fields`` holds what the page had filled in already, hidden fields and CSRF token included, so a story says only what the
person types. Every answer must be below 400 unless ``status=`` says which refusal is expected.
"""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

import lxml.html
import requests

from tools.sites import demo_password

Files = dict[str, tuple[str, bytes]]


@dataclass(frozen=True)
class Form:
    """A form as the page showed it: where it goes, what is filled in, and the buttons with their names."""

    url: str
    method: str
    fields: dict[str, Any]
    buttons: dict[str, tuple[str, str]] = field(default_factory=dict)  # text → (name, value)
    file_fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class Page:
    """What the server answered."""

    url: str
    status: int
    content: bytes
    content_type: str

    @property
    def html(self) -> lxml.html.HtmlElement:
        return lxml.html.fromstring(self.content.decode(), base_url=self.url)

    @property
    def text(self) -> str:
        """What a person reads, white space collapsed."""
        body = self.html
        for hidden in body.xpath("//script|//style|//template"):
            hidden.drop_tree()
        return " ".join(body.text_content().split())

    def link(self, text: str) -> str:
        """The address of the first link whose text contains ``text``."""
        found = [a.get("href") for a in self.html.xpath("//a[@href]") if text in " ".join(a.text_content().split())]
        assert found, f"没有“{text}”的链接：{self.url}\n{self.text[:2000]}"
        return urljoin(self.url, found[0])

    def forms(self) -> list[Form]:
        """All forms of the page."""
        return [_form(element, self.url) for element in self.html.forms]

    def form(self, *, button: str = "", holds: str = "", action: str = "") -> Form:
        """The first form with a button whose text contains ``button``, a field ``holds``, an address containing ``action``."""
        for candidate in self.forms():
            fits = not button or any(button in text for text in candidate.buttons)
            if fits and (not holds or holds in candidate.fields) and action in candidate.url:
                return candidate
        raise AssertionError(f"没有这样的表单（{button} {holds} {action}）：{self.url}\n{self.text[:2000]}")


class Visitor:
    """One browser with its cookies, on one site."""

    def __init__(self, base: str, language: str = "zh-hans") -> None:
        self.base = base
        self.session = requests.Session()
        self.session.trust_env = False  # a proxy of the machine must not stand between the test and loopback
        self.session.headers["Accept-Language"] = language

    def login(self, username: str, password: str = "") -> Page:
        """Log in through the login page, with the demo's password; fails when the page still asks afterwards."""
        page = self.get("/accounts/login/")
        page = self.submit(page.form(holds="password"), {"login": username, "password": password or demo_password()})
        assert "/accounts/login" not in page.url, page.text[:1000]
        return page

    def get(self, address: str, *, status: int | None = None) -> Page:
        """Open an address of this site (or a whole URL)."""
        return self._page(self.session.get(urljoin(self.base + "/", address), timeout=60), status)

    def submit(
        self,
        form: Form,
        values: dict[str, Any] | None = None,
        *,
        button: str = "",
        files: Files | None = None,
        status: int | None = None,
    ) -> Page:
        """Fill in ``values`` over what is there and send, by pressing ``button`` when it carries a name."""
        data = {**form.fields, **(values or {})}
        for text, (name, value) in form.buttons.items():
            if button and button in text and name:
                data[name] = value
        headers = {"Referer": self.base + "/"}
        if form.method == "get":
            return self._page(self.session.get(form.url, params=data, headers=headers, timeout=60), status)
        answer = self.session.post(form.url, data=data, files=files, headers=headers, timeout=120)
        return self._page(answer, status)

    def post(
        self, address: str, values: dict[str, Any], *, files: Files | None = None, status: int | None = None
    ) -> Page:
        """Post without a form, with the CSRF token from the cookie: for what a script of the page would send."""
        token = next((cookie.value for cookie in self.session.cookies if cookie.name.endswith("csrf")), "") or ""
        headers = {"X-CSRFToken": token, "Referer": self.base + "/"}
        url = urljoin(self.base + "/", address)
        return self._page(self.session.post(url, data=values, files=files, headers=headers, timeout=120), status)

    def _page(self, answer: requests.Response, status: int | None) -> Page:
        kind = answer.headers.get("Content-Type", "")
        page = Page(answer.url, answer.status_code, answer.content, kind)
        wanted = answer.status_code < 400 if status is None else answer.status_code == status
        shown = page.text[:2000] if kind.startswith("text/html") else answer.text[:2000]
        assert wanted, f"{answer.request.method} {answer.url} → {answer.status_code}\n{shown}"
        return page


def _form(element: Any, page_url: str) -> Form:
    fields: dict[str, Any] = {}
    for name, value in element.form_values():
        if name in fields:
            held = fields[name] if isinstance(fields[name], list) else [fields[name]]
            fields[name] = [*held, value]
        else:
            fields[name] = value
    inputs = element.xpath(".//input[not(@type='file')]|.//textarea|.//select")
    for each in inputs:
        if each.get("name") and each.get("type") not in ("radio", "checkbox", "submit", "button"):
            fields.setdefault(each.get("name"), "")
    files = tuple(each.get("name") for each in element.xpath(".//input[@type='file']") if each.get("name"))
    address = urljoin(page_url, element.get("action") or page_url)
    return Form(address, (element.get("method") or "get").lower(), _without(fields, files), _buttons(element), files)


def _without(fields: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name not in names}


def _buttons(element: Any) -> dict[str, tuple[str, str]]:
    found = element.xpath(".//button[not(@type) or @type='submit']|.//input[@type='submit']")
    return {
        " ".join((each.text_content() or each.get("value") or "").split()): (
            each.get("name", ""),
            each.get("value", ""),
        )
        for each in found
    }
