"""Collect what the code and the templates ask to be translated into hall/locale/*/LC_MESSAGES/django.po.

    python -m tools.messages            update the .po files; what is already translated stays
    python -m tools.messages --missing  list what has no English yet

Needs no gettext tools: Django turns a template into text that looks like Python, Babel reads that.
"""

import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
APPS = ("hall", "applications", "matters", "identity", "sync")
LOCALE = ROOT / "hall" / "locale"
SKIPPED = {"migrations", "demo", "commands"}
KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}


def sources() -> Iterator[Path]:
    """Every module and template of the hall."""
    for app in APPS:
        for pattern in ("*.py", "*.html", "*.txt"):
            for path in sorted((ROOT / app).rglob(pattern)):
                if not SKIPPED.intersection(path.relative_to(ROOT).parts):
                    yield path


def collect() -> Catalog:
    """All messages, with the files they stand in; no line numbers, so that the files change only when words do."""
    catalogue = Catalog(project="Yizhan", charset="utf-8")
    for path in sources():
        code = _as_python(path)
        for _line, message, _comments, context in extract("python", io.BytesIO(code.encode()), KEYWORDS):
            catalogue.add(message, locations=[(path.relative_to(ROOT).as_posix(), 0)], context=context)
    return catalogue


def _as_python(path: Path) -> str:
    if path.suffix == ".py":
        return path.read_text()
    # A template's indentation is not Python's.
    return "\n".join(line.strip() for line in templatize(path.read_text()).splitlines())


def load(path: Path) -> Catalog:
    """One language's translations."""
    with path.open("rb") as handle:
        return read_po(handle, locale=path.parts[-3])


def missing(catalogue: Catalog) -> list[str]:
    """The messages without translation, and those marked fuzzy: Babel leaves them out of the .mo."""
    wanting = (message for message in catalogue if message.fuzzy or not all(strings(message)))
    return [str(message.id) for message in wanting if message.id]


def strings(message: Message) -> tuple[str, ...]:
    """The translations of a message, one or one per number; empty where there is none."""
    string = message.string
    return tuple(string) if isinstance(string, (tuple, list)) else (string or "",)


def update(path: Path) -> Catalog:
    """Bring one file up to date; words that are no longer used leave it."""
    translated, found = load(path), collect()
    found.creation_date = translated.creation_date  # otherwise the file would change at every run
    translated.update(found, no_fuzzy_matching=True)
    translated.obsolete.clear()
    with path.open("wb") as handle:
        write_po(handle, translated, width=120, sort_output=True, omit_header=False, include_lineno=False)
    return translated


def main(only_missing: bool) -> None:
    """Update every language, or list what is missing."""
    for path in sorted(LOCALE.glob("*/LC_MESSAGES/django.po")):
        catalogue = load(path) if only_missing else update(path)
        absent = missing(catalogue)
        print(f"{path.relative_to(ROOT)}: {len(catalogue)} 条，{len(absent)} 条还没有翻译")
        if only_missing:
            print("\n".join(absent))


if __name__ == "__main__":
    main("--missing" in sys.argv[1:])
