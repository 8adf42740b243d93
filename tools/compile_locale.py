"""Compile hall/locale/*/LC_MESSAGES/django.po where the .po is newer than its .mo. Needs babel, not gettext's tools."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALE = Path(__file__).resolve().parent.parent / "hall" / "locale"


def compile_stale(root: Path = LOCALE) -> list[Path]:
    """Write every .mo that is missing or older than its .po; returns the files written."""
    written = []
    for source in sorted(root.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as handle:
            catalogue = read_po(handle, locale=source.parts[-3])
        with target.open("wb") as handle:
            write_mo(handle, catalogue)
        written.append(target)
    return written


if __name__ == "__main__":
    compile_stale()
