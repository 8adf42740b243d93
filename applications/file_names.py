"""File names as people's computers send them, made safe to keep and to send back."""

import re
import unicodedata

MAX_BYTES = 255  # what file systems take
# Right-to-left marks can show 'exe.pdf' for 'fdp.exe'; zero-width characters hide differences.
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_FORBIDDEN = re.compile(r'[<>:"|?*]')
UNNAMED = "未命名"


def clean(name: str) -> str:
    """The name without path, control and invisible characters, at most 255 bytes long, ending kept; never empty."""
    name = unicodedata.normalize("NFC", name.encode("utf-8", "ignore").decode())
    name = name.replace("\\", "/").rsplit("/", 1)[-1]
    name = _INVISIBLE.sub("", name)
    name = "".join(" " if unicodedata.category(char) in ("Zs", "Zl", "Zp") else char for char in name)
    name = "".join(char for char in name if unicodedata.category(char) not in ("Cc", "Cn", "Co"))
    name = _FORBIDDEN.sub("_", name)
    stem, ending = split(" ".join(name.split()))
    stem = stem.strip(" .") or UNNAMED
    return _shorten(stem, MAX_BYTES - len(ending.encode())) + ending


def split(name: str) -> tuple[str, str]:
    """Stem and ending with its dot; only a short ending of letters and digits counts as one."""
    found = re.fullmatch(r"(.*?)(\.[A-Za-z0-9]{1,10})", name, re.DOTALL)
    return (found[1], found[2]) if found else (name, "")


def extension(name: str) -> str:
    """The ending in small letters without its dot; empty when there is none."""
    return split(name)[1][1:].lower()


def _shorten(text: str, room: int) -> str:
    return text.encode()[:room].decode("utf-8", "ignore")
